"""What rules are answered about the organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.who import resolve
from kefu.staff import queries
from kefu.staff.actions import (
    add_department,
    end_post,
    end_stand_in,
    give_post,
    join_team,
    lead_team,
    leave_team,
    make_team,
    move_person,
    set_stand_in,
)
from kefu.staff.models import Person, PostHolding
from kefu.staff.organisation import LiveOrganisation, LiveRoll
from kefu.staff.rights import heads
from tests.cast import FOUNDED, Cast, present, refuses

pytestmark = pytest.mark.db
LATER = FOUNDED + timedelta(days=10)


def ids(*people: Person) -> tuple[str, ...]:
    return tuple(str(person.pk) for person in people)


def test_a_post_is_held_from_its_start_until_just_before_its_end(cast: Cast) -> None:
    holding = PostHolding.objects.get(person=cast.supervisor)
    end_post(holding, by=cast.manager, at=LATER)

    assert LiveOrganisation(FOUNDED).holders("supervisor") == ids(cast.supervisor)
    assert LiveOrganisation(LATER - timedelta(microseconds=1)).holders("supervisor") == ids(cast.supervisor)
    assert LiveOrganisation(LATER).holders("supervisor") == ()
    with refuses("post.ended"):
        end_post(holding, by=cast.manager, at=LATER)


def test_a_vacant_post_is_passed_over_in_the_line(cast: Cast) -> None:
    assert LiveOrganisation(LATER).leader_of(str(cast.agent.pk)) == ids(cast.supervisor)

    end_post(PostHolding.objects.get(person=cast.supervisor), by=cast.manager, at=LATER)

    assert LiveOrganisation(LATER).leader_of(str(cast.agent.pk)) == ids(cast.manager)


def test_the_line_to_a_post_ends_there(cast: Cast) -> None:
    organisation = LiveOrganisation(FOUNDED)

    assert organisation.line_of(str(cast.agent.pk), "manager") == ids(cast.supervisor, cast.manager)
    assert organisation.leader_of(str(cast.owner.pk)) == ()


def test_the_team_leader_comes_before_the_post_above(cast: Cast) -> None:
    team = make_team(cast.service_centre, name="一班", leader=cast.other_agent, by=cast.manager, at=LATER)
    membership = join_team(cast.agent, team=team, by=cast.manager, at=LATER)
    join_team(cast.other_agent, team=team, by=cast.manager, at=LATER)
    organisation = LiveOrganisation(LATER)

    assert organisation.leader_of(str(cast.agent.pk)) == ids(cast.other_agent)
    assert organisation.leader_of(str(cast.other_agent.pk)) == ids(cast.supervisor)
    assert organisation.team_of(str(cast.other_agent.pk)) == ids(cast.agent)
    assert organisation.members(f"team-{team.pk}") == ids(cast.agent, cast.other_agent)
    assert organisation.leader_of_unit(f"team-{team.pk}") == ids(cast.other_agent)

    lead_team(team, leader=cast.supervisor, by=cast.manager, at=LATER)
    leave_team(membership, by=cast.manager, at=LATER)
    assert LiveOrganisation(LATER).team_of(str(cast.supervisor.pk)) == ids(cast.agent, cast.other_agent)


def test_a_department_is_led_by_the_post_that_leads_it(cast: Cast) -> None:
    organisation = LiveOrganisation(FOUNDED, cast.service_centre.pk)

    assert organisation.leader_of_unit(str(cast.engineering.pk)) == ids(cast.engineering_supervisor)
    assert organisation.leader_of_unit(str(cast.quality.pk)) == ids(cast.quality_manager)
    assert organisation.leader_of_unit("4711") == ()
    assert organisation.leader_of_unit("team-4711") == ()


def test_a_post_of_two_departments_means_the_holders_nearest_to_the_work(cast: Cast) -> None:
    # premise: agents are in the service centre and in sales
    everywhere = LiveOrganisation(FOUNDED).holders("agent")
    assert set(everywhere) == set(ids(cast.agent, cast.other_agent, cast.stranger))
    counter = add_department("counter", name="前台", parent=cast.service_centre, by=cast.owner, at=FOUNDED)

    assert LiveOrganisation(FOUNDED, cast.sales.pk).holders("agent") == ids(cast.stranger)
    assert LiveOrganisation(FOUNDED, counter.pk).holders("agent") == ids(cast.agent, cast.other_agent)
    assert LiveOrganisation(FOUNDED, cast.service_centre.pk).holders("repair_worker") == ids(cast.worker)


def test_a_vacant_post_is_not_filled_from_another_service_department(cast: Cast) -> None:
    second = add_department("second", name="二期客服中心", pack="property", by=cast.owner, at=FOUNDED)
    move_person(cast.stranger, to=second, by=cast.owner, at=FOUNDED)
    give_post(cast.stranger, post="agent", department=second, by=cast.owner, at=FOUNDED)

    # the supervisors of the service centre lead their own people only; the company leader is above both
    assert LiveOrganisation(FOUNDED).reporting_line(str(cast.stranger.pk)) == ()
    give_post(cast.other_agent, post="manager", department=second, by=cast.owner, at=FOUNDED)
    assert LiveOrganisation(FOUNDED).leader_of(str(cast.stranger.pk)) == ids(cast.other_agent)


def test_a_stand_in_acts_in_the_posts_of_the_absent_one_for_the_span(cast: Cast) -> None:
    until = LATER + timedelta(days=3)
    set_stand_in(cast.manager, person=cast.agent, since=LATER, until=until, by=cast.manager, at=FOUNDED)

    assert LiveOrganisation(LATER).holders("manager") == ids(cast.manager, cast.agent)
    assert LiveOrganisation(LATER).posts_held(str(cast.agent.pk)) == ("manager", "agent")
    assert LiveOrganisation(until).holders("manager") == ids(cast.manager)
    assert queries.sees(cast.agent, LATER) == queries.sees(cast.manager, LATER)
    assert cast.manager.pk in queries.scope(cast.agent, LATER).people
    # administering people is not handed on
    assert heads(cast.manager, cast.service_centre.pk, LATER)
    assert not heads(cast.agent, cast.service_centre.pk, LATER)


def test_a_stand_in_before_its_time_is_called_off(cast: Cast) -> None:
    stand_in = set_stand_in(
        cast.manager, person=cast.agent, since=LATER, until=None, by=cast.manager, at=FOUNDED
    )
    end_stand_in(stand_in, by=cast.manager, at=FOUNDED)

    assert LiveOrganisation(LATER).holders("manager") == ids(cast.manager)
    with refuses("stand_in.ended"):
        end_stand_in(stand_in, by=cast.manager, at=LATER)


def test_nonsense_posts_teams_and_stand_ins_are_refused(cast: Cast) -> None:
    give: dict[str, Any] = {"department": cast.service_centre, "by": cast.manager, "at": LATER}
    with refuses("post.unknown"):
        give_post(cast.agent, post="emperor", **give)
    with refuses("post.held"):
        give_post(cast.agent, post="agent", **give)
    with refuses("staff.not_head"):
        give_post(cast.agent, post="manager", **(give | {"by": cast.agent}))
    with refuses("stand_in.self"):
        set_stand_in(cast.agent, person=cast.agent, since=LATER, until=None, by=cast.agent, at=LATER)
    with refuses("stand_in.span"):
        set_stand_in(cast.agent, person=cast.manager, since=LATER, until=FOUNDED, by=cast.agent, at=FOUNDED)
    team = make_team(cast.service_centre, name="一班", leader=None, by=cast.manager, at=LATER)
    with refuses("team.name_taken"):
        make_team(cast.service_centre, name=" 一班", leader=None, by=cast.manager, at=LATER)
    membership = join_team(cast.agent, team=team, by=cast.manager, at=LATER)
    with refuses("team.in_it"):
        join_team(cast.agent, team=team, by=cast.manager, at=LATER)
    leave_team(membership, by=cast.manager, at=LATER)
    with refuses("team.left_already"):
        leave_team(membership, by=cast.manager, at=LATER)


def test_who_expressions_are_answered_from_the_rows(cast: Cast) -> None:
    present(cast.other_agent, LATER)
    organisation = LiveOrganisation(LATER, cast.service_centre.pk)
    facts = {"owner": cast.agent.ref, "partner": cast.engineering.ref}

    def people(word: str, name: str = "", of: Who | None = None) -> tuple[str, ...]:
        return resolve(Who(word, name, of), facts, organisation)  # type: ignore[arg-type]  # words spelt as text

    assert people("post", "supervisor") == ids(cast.supervisor)
    assert people("on duty", "agent") == ids(cast.other_agent)
    assert people("leader of", of=Who("field", "partner")) == ids(cast.engineering_supervisor)
    assert people("team of", of=Who("leader of", of=Who("field", "owner"))) == ids(
        cast.agent, cast.other_agent
    )
    assert people("line of", "manager", Who("field", "owner")) == ids(cast.supervisor, cast.manager)
    assert set(people("field", "partner")) == set(ids(cast.engineering_supervisor, cast.worker))


def test_many_questions_read_staff_once(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        organisation = LiveOrganisation(LATER, cast.service_centre.pk)
        for person in organisation.everyone():
            organisation.reporting_line(person)
            organisation.team_of(person)
            organisation.on_duty(person)

    reads = [query for query in captured.captured_queries if "staff_" in query["sql"]]
    assert len(reads) <= 7


def test_a_roll_answers_for_every_instant_as_the_rows_do(cast: Cast) -> None:
    hour = timedelta(hours=1)
    end_post(PostHolding.objects.get(person=cast.supervisor), by=cast.manager, at=LATER)
    set_stand_in(
        cast.manager, person=cast.agent, since=LATER - hour, until=LATER, by=cast.manager, at=FOUNDED
    )
    team = make_team(cast.service_centre, name="早班", leader=cast.other_agent, by=cast.manager, at=LATER)
    join_team(cast.agent, team=team, by=cast.manager, at=LATER + hour)
    present(cast.other_agent, LATER - hour)
    Person.objects.filter(pk=cast.quality_manager.pk).update(left_at=LATER + hour)
    roll = LiveRoll(LATER - hour)

    def told(here: LiveOrganisation) -> list[object]:
        people = here.everyone()
        return [
            people,
            [
                (here.posts_held(one), here.leader_of(one), here.team_of(one), here.on_duty(one))
                for one in people
            ],
            here.holders("supervisor"),
            here.members(str(cast.service_centre.pk)),
            here.members(f"team-{team.pk}"),
        ]

    answers = []
    for at in (LATER - 2 * hour, LATER - hour, LATER, LATER + hour, LATER + 3 * hour):
        answers.append(told(roll.at(at, cast.service_centre.pk)))
        assert answers[-1] == told(LiveOrganisation(at, cast.service_centre.pk))

    assert len({str(one) for one in answers}) == 4  # premise: something changed at nearly each of them


def test_a_roll_reads_staff_once_for_all_its_instants(cast: Cast) -> None:
    roll = LiveRoll(LATER)
    with CaptureQueriesContext(connection) as captured:
        for minute in range(30):
            here = roll.at(LATER + timedelta(minutes=minute), cast.service_centre.pk)
            assert here.leader_of(str(cast.agent.pk)) == ids(cast.supervisor)
            assert not here.on_duty(str(cast.agent.pk))

    assert len([query for query in captured.captured_queries if "staff_" in query["sql"]]) <= 7


def test_the_owner_has_every_right_others_those_of_their_posts(cast: Cast) -> None:
    assert queries.may(cast.owner, "roster", FOUNDED)
    assert queries.may(cast.quality_manager, "unmask", FOUNDED)
    assert not queries.may(cast.quality_manager, "roster", FOUNDED)
    assert not queries.may(cast.auditor, "unmask", FOUNDED)


def test_scope_of_a_department_reaches_into_those_below(cast: Cast) -> None:
    counter = add_department("counter", name="前台", parent=cast.service_centre, by=cast.owner, at=FOUNDED)

    assert queries.department_scope(cast.manager, FOUNDED) == {cast.service_centre.pk, counter.pk}
    assert queries.department_scope(cast.auditor, FOUNDED) == frozenset()
    assert queries.scope(cast.owner, FOUNDED).company
