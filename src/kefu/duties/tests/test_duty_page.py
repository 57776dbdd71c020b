"""The page of a duty: whose it is, what it asks, and how it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, page_of, repair
from kefu.core.ledger.readers import advance
from kefu.customers.models import Reveal
from kefu.duties.models import Duty
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
RATED = {f"done.{name}": "5" for name in ("timeliness", "attitude", "quality", "charge", "dress")}


@pytest.fixture
def call(cast: Cast) -> Duty:
    """The follow-up call after a repair."""
    at = timezone.now() - timedelta(minutes=30)
    case = repair(cast)
    for name, by, values in (
        ("accepted", cast.agent, {"fault": "dripping_tap", "size": "small"}),
        ("dispatched", cast.agent, {"worker": str(cast.worker.pk), "medium": "radio"}),
        ("arrived", cast.worker, {}),
        ("finished", cast.worker, {"work_done": "更换垫圈", "customer_signature": "王"}),
    ):
        case = cases.move(case, name, by=by, at=at, values=values)
    while advance("reactions"):
        pass
    return Duty.objects.get(kind="repair_call")


def test_whoever_holds_the_post_sees_what_is_asked_and_for_which_case(cast: Cast, call: Duty) -> None:
    page = page_of(desk_of(cast.agent).get(f"/duties/{call.number}/"))

    for word in (
        "维修电话回访",
        "及时",
        "仪表",
        "缺陷",
        Case.objects.get().number,
        "138****5678",
        "为什么？",
    ):
        assert word in page


def test_the_number_to_call_is_shown_with_a_reason_that_stays_on_record(cast: Cast, call: Duty) -> None:
    desk, url = desk_of(cast.agent), f"/duties/{call.number}/"
    assert "13812345678" not in page_of(desk.get(url))

    shown = page_of(desk.post(url + "reveal/", {"field": "telephone", "reason": "回访"}))
    without = page_of(desk.post(url + "reveal/", {"field": "telephone", "reason": " "}))

    assert "13812345678" in shown
    assert "line.missing" in without
    assert "13812345678" not in without
    assert [(one.subject_kind, one.reason) for one in Reveal.objects.all()] == [("duty", "回访")]
    assert "查看隐藏信息" in page_of(desk.get(url))
    assert (
        desk_of(cast.stranger).post(url + "reveal/", {"field": "telephone", "reason": "x"}).status_code == 404
    )


def test_the_call_is_done_with_its_ratings_by_who_takes_it_with_the_answer(cast: Cast, call: Duty) -> None:
    form = RATED | {"move": "done", "done.defect": "none_left", "revision": str(call.revision)}

    answer = desk_of(cast.agent).post(f"/duties/{call.number}/move/", form)

    call.refresh_from_db()
    assert answer.status_code == 302
    assert (call.state, call.owner, str(call.values["dress"])) == ("done", cast.agent, "5")


def test_a_rating_left_out_is_refused_and_the_others_stay(cast: Cast, call: Duty) -> None:
    answer = desk_of(cast.agent).post(f"/duties/{call.number}/move/", RATED | {"move": "done"})

    page = page_of(answer)
    assert answer.status_code == 422
    assert "flow.need" in page
    assert 'name="done.dress" value="5" checked' in page
    call.refresh_from_db()
    assert (call.state, call.owner) == ("open", None)


def test_the_second_who_takes_it_is_told_who_was_first(cast: Cast, call: Duty) -> None:
    assert desk_of(cast.agent).post(f"/duties/{call.number}/take/").status_code == 302

    answer = desk_of(cast.other_agent).post(f"/duties/{call.number}/take/")

    assert answer.status_code == 409
    assert "duty.taken" in page_of(answer)
    assert "陈静" in page_of(answer)


def test_a_duty_of_others_is_unknown(cast: Cast, call: Duty) -> None:
    for person in (cast.stranger, cast.worker):
        desk = desk_of(person)
        assert desk.get(f"/duties/{call.number}/").status_code == 404
        assert desk.post(f"/duties/{call.number}/move/", {"move": "done"}).status_code == 404
        assert desk.post(f"/duties/{call.number}/take/").status_code == 404


def test_a_case_names_its_duties_to_those_who_may_see_them(cast: Cast, call: Duty) -> None:
    address = f"/duties/of/{Case.objects.get().number}/"

    fragment = page_of(desk_of(cast.agent).get(address, headers={"HX-Request": "true"}))
    worker = page_of(desk_of(cast.worker).get(address))

    assert call.number in fragment
    assert "<html" not in fragment
    assert call.number not in worker
    assert desk_of(cast.stranger).get(address).status_code == 404
