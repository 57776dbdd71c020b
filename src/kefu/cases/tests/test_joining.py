"""A duplicate goes into its main case, a part is split off, a complaint is raised again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.cases import actions, joining
from kefu.cases.following import watch
from kefu.cases.models import Case, Link, Message
from kefu.cases.timeline import timeline
from kefu.core.clocks.models import ClockRow
from kefu.core.files.actions import store
from kefu.core.work.queries import events
from kefu.customers.actions import add_customer
from kefu.duties.actions import open_duty
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def report(cast: Cast, **more: Any) -> Case:
    given: dict[str, Any] = {
        "department": cast.service_centre,
        "by": cast.agent,
        "subject": "水管滴水",
        "values": SLIP,
    } | more
    return actions.register(given.pop("kind", "repair"), at=given.pop("at", TEN), **given)


def customer(cast: Cast, name: str) -> Any:
    return add_customer(cast.service_centre, kind="natural", name=name, by=cast.agent, at=TEN)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in events(case)]


def test_a_duplicate_closes_into_its_main_case(cast):
    main, duplicate = report(cast), report(cast)

    joining.merge(duplicate, main, by=cast.agent, at=TEN + timedelta(minutes=1))
    duplicate.refresh_from_db()

    assert duplicate.merged_into_id == main.pk
    assert not duplicate.is_open
    assert "case.merged" in kinds(duplicate)
    assert "case.took_in" in kinds(main)


def test_its_promises_end_without_being_kept_or_missed(cast):
    main, duplicate = report(cast), report(cast)
    assert ClockRow.objects.filter(work_id=duplicate.pk, state="running").exists()  # premise: promises run

    joining.merge(duplicate, main, by=cast.agent, at=TEN + timedelta(minutes=1))

    assert set(ClockRow.objects.filter(work_id=duplicate.pk).values_list("state", flat=True)) == {
        "superseded"
    }
    assert ClockRow.objects.filter(work_id=main.pk, state="running").exists()


def test_what_was_said_on_the_duplicate_stands_on_the_main_case(cast):
    main, duplicate = report(cast), report(cast)
    actions.add_message(duplicate, by=cast.agent, at=TEN, body="漏到楼下了", public=True)
    file = store(b"x", "a.txt", by=cast.agent, at=TEN)
    actions.attach(duplicate, file, by=cast.agent, at=TEN)

    joining.merge(duplicate, main, by=cast.agent, at=TEN)
    line = timeline(main, "zh", Case.objects.all())

    assert [one.message.body for one in line if one.message] == ["漏到楼下了"]
    assert [one.files[0].file_id for one in line if one.files] == [file.pk]


def test_nothing_more_is_done_with_a_merged_case(cast):
    main, duplicate = report(cast), report(cast)
    joining.merge(duplicate, main, by=cast.agent, at=TEN)

    with refuses("work.voided"):
        actions.add_message(duplicate, by=cast.agent, at=TEN, body="再说", public=False)
    with refuses("work.voided"):
        joining.merge(duplicate, main, by=cast.agent, at=TEN)


def test_its_duties_are_withdrawn_and_its_watchers_watch_the_main_case(cast):
    main, duplicate = report(cast), report(cast)
    duty = open_duty("repair_call", parent=duplicate, by=cast.agent, at=TEN, post="agent")
    watch(duplicate, by=cast.manager, at=TEN)

    joining.merge(duplicate, main, by=cast.agent, at=TEN)
    duty.refresh_from_db()

    assert duty.voided_at == TEN
    assert main.watches.get().person == cast.manager


@pytest.mark.parametrize("side", ["duplicate", "main"])
def test_both_cases_must_be_ones_own_to_work_on(cast, side):
    mine, theirs = (
        report(cast),
        actions.register("enquiry", department=cast.sales, by=cast.stranger, at=TEN, subject="询价"),
    )
    pair = (theirs, mine) if side == "duplicate" else (mine, theirs)

    with refuses("case.may_not"):
        joining.merge(*pair, by=cast.agent, at=TEN)


def test_cases_of_two_customers_are_not_merged(cast):
    main, duplicate = (
        report(cast, customer=customer(cast, "王小明")),
        report(cast, customer=customer(cast, "李雷")),
    )

    with refuses("case.merge_customer"):
        joining.merge(duplicate, main, by=cast.agent, at=TEN)


def test_a_case_that_is_over_takes_nothing_in(cast):
    main, duplicate = report(cast), report(cast)
    Case.objects.filter(pk=main.pk).update(closed_at=TEN)

    with refuses("case.merge_over"):
        joining.merge(duplicate, main, by=cast.agent, at=TEN)
    with refuses("case.merge"):
        joining.merge(duplicate, duplicate, by=cast.agent, at=TEN)


def test_a_part_of_what_was_said_becomes_a_case_of_its_own(cast):
    case = report(cast, customer=customer(cast, "王小明"))
    keep = actions.add_message(case, by=cast.agent, at=TEN, body="水管的事", public=True)
    part = actions.add_message(case, by=cast.agent, at=TEN, body="另外电梯停了", public=True)
    file = store(b"x", "a.txt", by=cast.agent, at=TEN)
    actions.attach(case, file, by=cast.agent, at=TEN, message=part)

    made = joining.split(
        case, [part.pk], kind="complaint", subject="电梯停运", by=cast.agent, at=TEN + timedelta(hours=1)
    )

    copy = made.messages.get()
    assert (copy.body, copy.author_id, copy.at) == ("另外电梯停了", cast.agent.pk, TEN)
    assert copy.attachments.get().file_id == file.pk
    assert made.customer_id == case.customer_id
    assert (made.values["surname"], made.values["content"]) == ("王", "另外电梯停了")
    assert Link.objects.get(one=made).kind == "split"
    assert set(case.messages.values_list("pk", flat=True)) == {keep.pk, part.pk}
    assert "case.split_off" in kinds(case)


def test_only_messages_of_the_case_are_split_off(cast):
    case, other = report(cast), report(cast)
    foreign = actions.add_message(other, by=cast.agent, at=TEN, body="别处的话", public=True)

    for chosen in ([foreign.pk], []):
        with refuses("case.split"):
            joining.split(case, chosen, kind="repair", subject="x", by=cast.agent, at=TEN)


def test_what_a_merge_brought_along_can_be_split_off_again(cast):
    main, duplicate = report(cast), report(cast)
    brought = actions.add_message(duplicate, by=cast.agent, at=TEN, body="其实是两件事", public=True)
    joining.merge(duplicate, main, by=cast.agent, at=TEN)

    made = joining.split(main, [brought.pk], kind="repair", subject="另一件", by=cast.agent, at=TEN)

    assert made.messages.get().body == "其实是两件事"
    assert Message.objects.filter(pk=brought.pk).exists()


def test_a_complaint_raised_again_counts_and_is_graded_by_it(cast):
    first, second, third = (report(cast, kind="complaint", at=TEN + timedelta(days=n)) for n in range(3))
    case = joining.raise_again(third, first, by=cast.agent, at=TEN + timedelta(days=3))
    assert int(str(case.values["asked_again"])) == 2

    case = joining.raise_again(case, second, by=cast.agent, at=TEN + timedelta(days=3))

    assert int(str(case.values["asked_again"])) == 3


def test_a_repeat_is_linked_where_the_form_does_not_count(cast):
    first, second = report(cast), report(cast)

    joining.raise_again(second, first, by=cast.agent, at=TEN)

    assert Link.objects.get(one=second, other=first).kind == "repeat"
    with refuses("case.may_not"):
        joining.raise_again(second, first, by=cast.stranger, at=TEN)
