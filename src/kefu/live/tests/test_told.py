"""Which screens are told of what happened, and how little that costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import complaint, desk_of, repair
from kefu.core.ledger import queries as ledger
from kefu.live.presence import Face, Presence
from kefu.live.told import MOST_EVENTS, Rights, Screen, admit, beside, changed, everything
from kefu.live.words import MOST, understood
from kefu.staff.actions import add_person, give_post, notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice
from tests.cast import Cast

pytestmark = pytest.mark.db
declare_notice("test.live", zh="{number} 在等您", en="{number} waits for you")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def screen(person: Person, *words: str, at: datetime) -> Screen:
    """Open at `at`, with its rights asked."""
    made = Screen(f"{person.pk}:{words}", person, 0, understood(words))
    admit(made, Rights(), at=at)
    return made


def told(screens: list[Screen], since: int, at: datetime) -> list[set[str]]:
    news = changed(screens, ledger.read(since, MOST_EVENTS), Rights(), at=at)
    return [set(news.get(one, ())) for one in screens]


def word(case: Case) -> str:
    return f"case:{case.pk}"


def test_a_change_is_told_to_screens_of_those_who_may_see_it_and_to_no_other(
    cast: Cast, now: datetime
) -> None:
    case, other = repair(cast), repair(cast)
    screens = [
        screen(cast.supervisor, word(case), at=now),
        screen(cast.supervisor, "cases", at=now),
        screen(cast.agent, word(other), at=now),
        screen(cast.stranger, word(case), "cases", at=now),
        screen(cast.worker, word(case), "cases", at=now),
    ]
    since = ledger.head()[0]

    actions.add_message(case, by=cast.agent, at=now, body="已联系", public=False)

    assert told(screens, since, now) == [{word(case)}, {"cases"}, set(), set(), set()]


def test_a_department_hears_of_what_is_sent_to_it_from_then_on(cast: Cast, now: datetime) -> None:
    worker = screen(cast.worker, "cases", at=now)
    since = ledger.head()[0]

    case = complaint(cast)

    assert told([worker], since, now) == [{"cases"}]
    assert word(case) in screen(cast.worker, word(case), at=now).may


def test_what_is_taken_out_of_sight_is_told_once_more_so_that_it_goes(cast: Cast, now: datetime) -> None:
    case = repair(cast, by=cast.supervisor)
    helper = add_person(
        cast.service_centre, login="he", name="何平", by=cast.owner, at=now
    )  # sees only their own
    actions.assign(case, helper, by=cast.supervisor, at=now)
    mine = screen(helper, word(case), "cases", at=now)
    assert mine.may  # premise
    since = ledger.head()[0]

    actions.assign(case, cast.other_agent, by=cast.supervisor, at=now)
    first = told([mine], since, now)
    since = ledger.head()[0]
    actions.add_message(case, by=cast.other_agent, at=now, body="我来处理", public=False)

    assert first == [{word(case), "cases"}]
    assert told([mine], since, now) == [set()]


def test_a_bell_rings_for_its_own_person_alone(cast: Cast, now: datetime) -> None:
    screens = [screen(person, "notices", at=now) for person in (cast.agent, cast.other_agent)]
    since = ledger.head()[0]

    notify(cast.agent, kind="test.live", data={"number": "1"}, by=cast.supervisor, at=now)

    assert told(screens, since, now) == [{"notices"}, set()]


def test_the_duty_of_a_case_is_news_of_the_case(cast: Cast, now: datetime) -> None:
    from kefu.core.ledger.models import Event

    case = repair(cast)
    event = Event(
        kind="duty.moved", subject_kind="duty", subject_id="9", root_kind="case", root_id=str(case.pk)
    )

    news = changed([one := screen(cast.agent, word(case), at=now)], [event], Rights(), at=now)

    assert news == {one: {word(case)}}


def test_rights_are_asked_in_one_statement_for_all_screens_of_all_people(
    cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    cases = [repair(cast) for _ in range(5)]
    since = ledger.head()[0]
    for case in cases:
        actions.add_message(case, by=cast.agent, at=now, body="已联系", public=False)
    events = ledger.read(since, MOST_EVENTS)
    rights = Rights()
    people = (cast.supervisor, cast.agent, cast.other_agent, cast.manager)
    screens = [screen(person, word(case), "cases", at=now) for case in cases for person in people]
    few, many = screens[:1], screens
    changed(many, events, rights, at=now)  # the scopes are learnt

    for asked in (few, many):
        with django_assert_num_queries(1):
            assert len(changed(asked, events, rights, at=now)) == len(asked)


def test_a_new_post_counts_at_once_and_any_right_after_half_a_minute(cast: Cast, now: datetime) -> None:
    case, rights = repair(cast), Rights()

    def seen() -> set[int]:
        return rights.visible("case", {cast.stranger: {case.pk}}, now)[cast.stranger]

    rights.refresh((), at=now)
    assert seen() == set()
    since = ledger.head()[0]

    give_post(cast.stranger, post="supervisor", department=cast.service_centre, by=cast.owner, at=now)

    assert seen() == set()  # premise: it was kept
    rights.refresh(ledger.read(since, MOST_EVENTS), at=now)
    assert seen() == {case.pk}


def test_after_too_much_a_screen_looks_again_at_all_it_may_see(cast: Cast, now: datetime) -> None:
    case = repair(cast)

    assert everything(screen(cast.agent, word(case), "case:999999", "cases", "notices", at=now)) == {
        word(case),
        "cases",
        "notices",
    }


def test_words_that_mean_nothing_and_too_many_are_left_out() -> None:
    assert understood(["case:7", "cases", "case:0", "case:07", "salary:7", "case:7;", "", "persons"]) == {
        "case:7",
        "cases",
    }
    assert len(understood(f"case:{pk}" for pk in range(1, 1000))) == MOST


def test_others_at_a_record_are_seen_by_those_who_may_see_it(cast: Cast, now: datetime) -> None:
    case, here = repair(cast), Presence()
    here.look("a", word(case), cast.agent.pk, cast.agent.name, at=now)
    here.look("b", word(case), cast.agent.pk, cast.agent.name, at=now)
    here.write("b", cast.agent.pk, at=now)
    supervisor, stranger, agent = (
        screen(person, word(case), at=now) for person in (cast.supervisor, cast.stranger, cast.agent)
    )

    assert beside(supervisor, here.faces(at=now)) == {word(case): [{"name": "陈静", "writing": True}]}
    assert beside(supervisor, here.faces(at=now)) == {}, "nothing new"
    assert beside(stranger, here.faces(at=now)) == {}
    assert beside(agent, here.faces(at=now)) == {}, "nobody is told of themselves"

    here.leave("a")
    here.leave("b")
    assert beside(supervisor, here.faces(at=now)) == {word(case): []}


def test_who_stops_typing_only_looks_and_who_is_not_heard_of_is_gone() -> None:
    start, here = datetime(2026, 9, 24, 8, tzinfo=timezone.get_current_timezone()), Presence()
    here.look("a", "case:1", 7, "陈静", at=start)
    here.write("a", 8, at=start)  # somebody else's word for it
    assert here.faces(at=start) == {"case:1": (Face(7, "陈静", False),)}

    here.write("a", 7, at=start)
    assert here.faces(at=start + timedelta(seconds=11))["case:1"][0].writing
    assert not here.faces(at=start + timedelta(seconds=12))["case:1"][0].writing

    here.stay({"a"}, at=start + timedelta(seconds=40))
    assert here.faces(at=start + timedelta(seconds=80))
    assert here.faces(at=start + timedelta(seconds=85)) == {}


def test_a_screen_without_a_stream_asks_and_hears_the_same(cast: Cast, now: datetime) -> None:
    case, since = repair(cast), ledger.head()[0]
    desk, stranger = desk_of(cast.supervisor), desk_of(cast.stranger)
    asked: dict[str, Any] = {"show": [word(case), "cases", "notices"], "looks": word(case), "screen": "s"}
    actions.add_message(case, by=cast.agent, at=now, body="已联系", public=False)
    head = ledger.head()[0]

    first = desk.get("/live/", {**asked, "since": since}).json()
    again = desk.get("/live/", {**asked, "since": head}).json()
    agent = desk_of(cast.agent).get("/live/", {**asked, "since": head}).json()
    unknown = stranger.get("/live/", {**asked, "since": since}).json()

    assert (first["seq"], first["changed"]) == (head, [word(case), "cases"])
    assert again["changed"] == []
    assert agent["faces"] == {word(case): [{"name": "赵敏", "writing": False}]}
    assert (unknown["changed"], unknown["faces"]) == ([], {})


def test_an_empty_chair_is_signed_out_although_its_screen_looks_again(cast: Cast) -> None:
    from kefu.staff.models import SignIn

    desk = desk_of(cast.agent)
    long_ago = timezone.now() - timedelta(minutes=30)
    SignIn.objects.update(last_seen_at=long_ago)

    desk.get("/live/", headers={"X-Kefu-By-Itself": "1"})
    assert SignIn.objects.get().last_seen_at == long_ago
    desk.get("/live/")
    assert SignIn.objects.get().last_seen_at > long_ago
