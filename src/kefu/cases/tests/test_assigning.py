"""Cases taken from the top of the list, and given out to who is there, skilled and not full."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kefu.cases import actions, assigning
from kefu.cases.models import Capacity, Case
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import advance
from kefu.core.rulebook.model import Ref
from kefu.core.work.queries import events
from kefu.customers.actions import add_customer
from kefu.staff.models import Notice
from tests.cast import Cast, local, present, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def report(cast: Cast, at: datetime = TEN, **more: Any) -> Case:
    given: dict[str, Any] = {
        "department": cast.service_centre,
        "by": cast.supervisor,
        "subject": "水管滴水",
        "values": SLIP,
    } | more
    return actions.register(given.pop("kind", "repair"), at=at, **given)


def of_kind(case: Case, kind: str) -> list[Event]:
    return [event for event in events(case) if event.kind == kind]


def test_the_next_one_is_the_one_due_first(cast):
    later = report(cast, TEN + timedelta(minutes=3))
    first = report(cast)

    taken = [assigning.take_next(by=cast.agent, at=TEN + timedelta(minutes=4)) for _ in range(2)]

    assert [case.pk for case in taken] == [first.pk, later.pk]
    assert of_kind(first, "case.assigned")[0].data["why"] == "next"


def test_with_nothing_to_take_one_is_told_so(cast):
    mine = report(cast)
    actions.take(mine, by=cast.other_agent, at=TEN)

    with refuses("case.none_left"):
        assigning.take_next(by=cast.agent, at=TEN)


def test_another_departments_case_is_not_taken(cast):
    report(cast)

    with refuses("case.none_left"):
        assigning.take_next(by=cast.stranger, at=TEN)


def test_who_is_full_takes_no_more(cast):
    Capacity.objects.create(person=cast.agent, most=1)
    report(cast)
    report(cast)
    assigning.take_next(by=cast.agent, at=TEN)

    with refuses("case.full"):
        assigning.take_next(by=cast.agent, at=TEN)


def test_only_what_one_is_skilled_in_is_taken(cast):
    Capacity.objects.create(person=cast.agent, kinds=["complaint"])
    report(cast)
    complaint = report(cast, kind="complaint")

    assert assigning.take_next(by=cast.agent, at=TEN).pk == complaint.pk


def test_it_is_given_out_in_turn_to_who_is_on_duty(cast):
    for person in (cast.agent, cast.other_agent):
        present(person, TEN)
    cases = [report(cast) for _ in range(3)]

    given = [
        assigning.give_out(case, "in_turn", by=cast.supervisor, at=TEN + timedelta(minutes=n))
        for n, case in enumerate(cases)
    ]

    assert [case.owner_id for case in given] == [cast.agent.pk, cast.other_agent.pk, cast.agent.pk]


def test_the_reason_and_who_was_passed_over_stand_in_the_event(cast):
    present(cast.other_agent, TEN)
    case = assigning.give_out(report(cast), "least_loaded", by=cast.supervisor, at=TEN)

    data = of_kind(case, "case.assigned")[0].data
    said = assigning.reason_of(data, "zh", {cast.agent.pk: "陈静"})

    assert case.owner_id == cast.other_agent.pk
    assert (data["why"], data["passed_over"]) == ("least_loaded", [[cast.agent.pk, "away"]])
    assert said == "在办最少；未派：陈静（不在岗）"


def test_where_nobody_is_there_a_leader_is_told_why(cast):
    case = report(cast)

    with refuses("case.nobody_free"):
        assigning.give_out(case, "in_turn", by=cast.supervisor, at=TEN)
    case.refresh_from_db()

    assert case.owner_id is None


def test_a_known_customer_goes_to_who_dealt_with_them_last(cast):
    customer = add_customer(cast.service_centre, kind="natural", name="王小明", by=cast.agent, at=TEN)
    for person in (cast.agent, cast.other_agent):
        present(person, TEN)
    earlier = report(cast, TEN - timedelta(days=2), customer=customer)
    actions.take(earlier, by=cast.other_agent, at=TEN - timedelta(days=2))

    case, choice = assigning.give(
        report(cast, customer=customer),
        [cast.agent.pk, cast.other_agent.pk],
        "first_contact",
        by=cast.supervisor,
        at=TEN,
    )

    assert (case.owner_id, choice.why) == (cast.other_agent.pk, "first_contact")


def test_who_answered_the_telephone_was_asked_first(cast):
    customer = add_customer(cast.service_centre, kind="natural", name="王小明", by=cast.agent, at=TEN)
    for person in (cast.agent, cast.other_agent):
        present(person, TEN)
    earlier = report(cast, TEN - timedelta(days=2), customer=customer)
    actions.take(earlier, by=cast.other_agent, at=TEN)

    case, _ = assigning.give(
        report(cast, customer=customer, by=cast.agent),
        [cast.agent.pk, cast.other_agent.pk],
        "first_contact",
        by=cast.supervisor,
        at=TEN,
    )

    assert case.owner_id == cast.agent.pk


def test_who_has_it_already_keeps_it(cast):
    for person in (cast.agent, cast.other_agent):
        present(person, TEN)
    case = actions.take(report(cast), by=cast.other_agent, at=TEN)

    given = assigning.give_out(case, "in_turn", by=cast.supervisor, at=TEN)

    assert given.owner_id == cast.other_agent.pk


@pytest.fixture
def desk(cast):
    """The sales department works by the service desk's manual."""
    from kefu.core.versions.actions import pack_source, publish
    from kefu.staff.actions import change_department

    before = TEN - timedelta(days=1)
    publish(pack_source("servicedesk"), by=cast.owner, at=before, in_force_from=before)
    change_department(
        cast.sales,
        name="服务台",
        parent=cast.sales.parent,
        pack="servicedesk",
        by=cast.owner,
        at=before,
    )
    cast.sales.refresh_from_db()
    return cast


def incident(cast: Cast, priority: str, **more: Any) -> Case:
    given: dict[str, Any] = {"by": cast.owner, "at": TEN, "subject": "打印机不工作"} | more
    case = actions.register("incident", department=cast.sales, values={"priority": priority}, **given)
    advance("reactions")
    case.refresh_from_db()
    return case


def test_a_rule_gives_what_arrives_to_who_is_there(desk):
    present(desk.stranger, TEN)

    case = incident(desk, "high")

    assert case.owner_id == desk.stranger.pk
    assert of_kind(case, "case.assigned")[0].data["why"] == "in_turn"
    assert Notice.objects.filter(person=desk.stranger, kind="work.assigned").exists()


def test_where_a_rule_finds_nobody_the_case_waits_and_says_why(desk):
    case = incident(desk, "critical")

    assert case.owner_id is None
    assert of_kind(case, "case.not_given")[0].data["passed_over"] == [[desk.stranger.pk, "away"]]


def test_history_that_is_read_in_keeps_its_owners(desk):
    from kefu.core.ledger import Actor

    present(desk.stranger, TEN)

    assert incident(desk, "high", by=Actor("import")).owner_id is None


def test_leaders_say_what_a_person_can_be_given(cast):
    assigning.set_capacity(cast.agent, kinds=["repair"], most=5, by=cast.supervisor, at=TEN)

    assert Capacity.objects.get(person=cast.agent).most == 5
    assert Event.objects.filter(kind="person.capacity_set", subject_id=str(cast.agent.pk)).count() == 1
    for other in (cast.agent, cast.stranger, cast.engineering_supervisor):
        with refuses("capacity.may_not"):
            assigning.set_capacity(cast.agent, kinds=[], most=9, by=other, at=TEN)
    with refuses("capacity.most"):
        assigning.set_capacity(cast.agent, kinds=[], most=0, by=cast.supervisor, at=TEN)


def test_ref_of_an_event_is_the_person(cast):
    assigning.set_capacity(cast.agent, kinds=[], most=None, by=cast.manager, at=TEN)

    assert Event.objects.get(kind="person.capacity_set").subject == Ref("person", str(cast.agent.pk))
