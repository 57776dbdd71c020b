"""Telephone numbers in the form of a case: masked for everybody, shown one at a time with a reason, kept by editing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import complaint, desk_of, page_of, repair
from kefu.core.ledger.models import Event
from kefu.customers.models import Reveal
from kefu.customers.queries import reveals_left
from kefu.staff.actions import add_person
from tests.cast import Cast, refuses
from tests.printed import text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]
NUMBER, SHOWN = "13812345678", "138****5678"


def url(case: Case, verb: str = "") -> str:
    return f"/cases/{case.number}/{verb}/" if verb else f"/cases/{case.number}/"


def test_nobody_sees_a_number_in_full_without_asking(cast: Cast) -> None:
    case = complaint(cast)
    for person in (cast.agent, cast.supervisor, cast.manager, cast.owner, cast.engineering_supervisor):
        desk = desk_of(person)
        paper = desk.get(f"/cases/{case.number}/print/register/")
        for page in (page_of(desk.get(url(case))), text_of(paper.content)):
            assert NUMBER not in page, person
            assert SHOWN in page, person
        answer = Program(person).get(f"/cases/{case.number}").json
        assert answer["fields"]["telephone"] == SHOWN


def test_who_works_on_it_or_may_unmask_asks_with_a_reason(cast: Cast) -> None:
    case = complaint(cast)  # the agent registered it, engineering is to take it on
    for person in (cast.agent, cast.manager, cast.engineering_supervisor):
        page = page_of(desk_of(person).post(url(case, "reveal"), {"field": "telephone", "reason": "回电"}))
        assert NUMBER in page
        assert NUMBER not in page_of(desk_of(person).get(url(case)))  # on that answer alone

    seen = Event.objects.filter(kind="case.revealed", subject_id=str(case.pk)).order_by("seq")
    assert [event.data for event in seen] == [{"field": "telephone", "what": "phone"}] * 3
    assert "查看隐藏信息" in page_of(desk_of(cast.agent).get(url(case)))
    assert reveals_left(cast.agent, timezone.now()) == 29


def test_who_only_sees_the_case_may_not_look(cast: Cast) -> None:
    case = complaint(cast)
    actions.void(case, by=cast.supervisor, at=timezone.now(), reason="重复")  # nobody works on it any more
    # of the department it was sent to, in no post of it
    newcomer = add_person(cast.engineering, login="new", name="新人", by=cast.owner, at=timezone.now())
    newcomers = desk_of(newcomer)
    assert "reveal/" not in page_of(newcomers.get(url(case)))
    answer = newcomers.post(url(case, "reveal"), {"field": "telephone", "reason": "好奇"})
    stranger = desk_of(cast.stranger).post(url(case, "reveal"), {"field": "telephone", "reason": "好奇"})

    assert answer.status_code == 403
    assert "reveal.right" in page_of(answer)
    assert NUMBER not in page_of(answer)
    assert stranger.status_code == 404
    assert not Reveal.objects.exists()


def test_looks_at_forms_and_at_the_archive_are_counted_together(cast: Cast) -> None:
    case, at = repair(cast), timezone.now()
    for minute in range(30):
        actions.reveal(case, "telephone", reason="回电", by=cast.agent, at=at + timedelta(seconds=minute))

    with refuses("reveal.too_many"):
        actions.reveal(case, "telephone", reason="回电", by=cast.agent, at=at + timedelta(minutes=1))


@pytest.mark.parametrize("field", ["content", "owner", "", "surname", "password"])
def test_only_what_is_masked_can_be_asked_for(cast: Cast, field: str) -> None:
    with refuses("reveal.field"):
        actions.reveal(repair(cast), field, reason="回电", by=cast.agent, at=timezone.now())
    assert not Reveal.objects.exists()


def test_the_mask_sent_back_keeps_the_number_and_another_number_replaces_it(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)
    assert f'name="fill.telephone" value="{SHOWN}"' in page_of(desk.get(url(case)))

    kept = desk.post(url(case, "fill"), {"fill.telephone": SHOWN, "fill.house_number": "3-0301"})
    case.refresh_from_db()
    assert (kept.status_code, case.values["telephone"], case.values["house_number"]) == (
        302,
        NUMBER,
        "3-0301",
    )

    desk.post(url(case, "fill"), {"fill.telephone": "13987654321"})
    case.refresh_from_db()
    assert case.values["telephone"] == "13987654321"


@pytest.mark.parametrize("typed", [{"fill.surname": SHOWN}, {"fill.telephone": "139****0000"}])
def test_a_mask_is_no_value_of_another_field(cast: Cast, typed: dict[str, str]) -> None:
    case = repair(cast)

    answer = desk_of(cast.agent).post(url(case, "fill"), typed)

    assert answer.status_code == 422
    assert "隐去部分数字" in page_of(answer)
    case.refresh_from_db()
    assert (case.values["telephone"], case.values["surname"]) == (NUMBER, "王")


def test_a_letter_among_the_digits_of_a_telephone_number_is_refused(cast: Cast) -> None:
    case = repair(cast)

    answer = desk_of(cast.agent).post(url(case, "fill"), {"fill.telephone": "138l2345678"})

    assert answer.status_code == 422
    assert "请只写数字" in page_of(answer)
    for taken in ("8000001", "0571-88886666 转 12", "未留电话"):
        desk_of(cast.agent).post(url(case, "fill"), {"fill.telephone": taken})
        case.refresh_from_db()
        assert case.values["telephone"] == taken


def test_a_program_looks_like_a_person_does(cast: Cast) -> None:
    case, program = repair(cast), Program(cast.agent)

    looked = program.post(f"/cases/{case.number}/reveal", {"field": "telephone", "reason": "回电"})
    stranger = Program(cast.stranger).post(
        f"/cases/{case.number}/reveal", {"field": "telephone", "reason": "x"}
    )

    assert (looked.status, looked.json) == (200, {"value": NUMBER})
    assert (stranger.status, stranger.code) == (404, "case.unknown")
