from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.core.ledger.models import Event
from kefu.staff import queries
from kefu.staff.actions import (
    add_person,
    change_person,
    give_post,
    issue_link,
    join_team,
    leave_company,
    make_team,
    make_token,
    mark_away,
    mark_back,
    move_person,
    set_stand_in,
    use_link,
)
from kefu.staff.models import Person, SignIn, Team
from kefu.staff.organisation import LiveOrganisation
from kefu.staff.sessions import token_of
from tests.cast import FOUNDED, Cast, present, refuses

pytestmark = pytest.mark.db
LATER = FOUNDED + timedelta(days=10)


def test_a_name_keeps_characters_outside_the_basic_plane(cast: Cast) -> None:
    person = add_person(cast.service_centre, login="Ｔian", name=" 田\u202e𠮷 ", by=cast.owner, at=FOUNDED)

    person.refresh_from_db()
    assert person.name == "田𠮷"
    assert person.login == "tian"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"login": "CHEN"}, "login.taken"),
        ({"login": "a b"}, "login.form"),
        ({"login": "x" * 61}, "login.form"),
        ({"name": "\u200b\n"}, "line.missing"),
        ({"name": "长" * 81}, "line.too_long"),
        ({"phone": "1380013800A"}, "phone.letters"),
        ({"phone": "123"}, "phone.not_valid"),
        ({"mail": "a@b@c"}, "mail.not_valid"),
        ({"language": "fr"}, "language.unknown"),
    ],
)
def test_wrong_details_are_refused(cast: Cast, changed: dict[str, str], code: str) -> None:
    before = Person.objects.count()

    with refuses(code):
        add_person(
            cast.service_centre, **({"login": "new", "name": "新人"} | changed), by=cast.owner, at=FOUNDED
        )

    assert Person.objects.count() == before


def test_the_ledger_names_the_changed_fields_and_not_their_content(cast: Cast) -> None:
    change_person(
        cast.agent,
        name="陈静",
        phone="138 1234 5678",
        mail="",
        language="en",
        by=cast.agent,
        at=LATER,
    )

    event = Event.objects.filter(kind="person.changed").get()
    assert event.data == {"fields": ["phone", "language"]}
    assert cast.agent.phone == "+8613812345678"


def test_a_head_manages_the_own_department_only(cast: Cast) -> None:
    add_person(cast.service_centre, login="new", name="新人", by=cast.manager, at=FOUNDED)

    with refuses("staff.not_head"):
        add_person(cast.sales, login="new2", name="新人", by=cast.manager, at=FOUNDED)
    with refuses("staff.not_head"):
        leave_company(cast.stranger, by=cast.manager, at=FOUNDED)
    with refuses("staff.not_head"):
        leave_company(cast.other_agent, by=cast.agent, at=FOUNDED)
    with refuses("staff.not_head"):
        mark_away(cast.other_agent, by=cast.stranger, at=FOUNDED)


def test_away_is_off_duty_until_back(cast: Cast) -> None:
    present(cast.agent, LATER)
    assert queries.on_duty(cast.agent, LATER)

    mark_away(cast.agent, by=cast.agent, at=LATER)
    mark_away(cast.agent, by=cast.agent, at=LATER)
    assert not queries.on_duty(cast.agent, LATER)
    assert not LiveOrganisation(LATER).on_duty(str(cast.agent.pk))
    assert Event.objects.filter(kind="person.away").count() == 1

    mark_back(cast.agent, by=cast.manager, at=LATER)
    assert queries.on_duty(cast.agent, LATER)


def test_whoever_leaves_is_out_at_once(cast: Cast) -> None:
    present(cast.agent, LATER)
    token, key = make_token(
        cast.agent,
        name="报表",
        scopes=["read"],
        expires_at=LATER + timedelta(days=9),
        by=cast.agent,
        at=LATER,
    )
    link = issue_link(cast.agent, purpose="reset", by=cast.manager, at=LATER)
    team = make_team(cast.service_centre, name="一班", leader=cast.agent, by=cast.manager, at=LATER)
    join_team(cast.agent, team=team, by=cast.manager, at=LATER)
    set_stand_in(cast.manager, person=cast.agent, since=LATER, until=None, by=cast.manager, at=LATER)
    assert token_of(key, LATER) is not None  # premise: the key works before
    assert "manager" in LiveOrganisation(LATER).posts_held(str(cast.agent.pk))

    leave_company(cast.agent, by=cast.manager, at=LATER)

    organisation = LiveOrganisation(LATER)
    assert token_of(key, LATER) is None
    token.refresh_from_db()
    assert token.revoked_at == LATER
    assert not SignIn.objects.open_at(LATER).filter(person=cast.agent).exists()
    assert queries.posts_of(cast.agent, LATER) == []
    assert organisation.posts_held(str(cast.agent.pk)) == ()
    assert str(cast.agent.pk) not in organisation.everyone()
    assert Team.objects.get(pk=team.pk).leader is None
    assert not cast.agent.has_usable_password()
    with refuses("link.not_valid"):
        use_link(link, password="一个-够长的-密码", at=LATER)
    with refuses("staff.left"):
        give_post(cast.agent, post="agent", department=cast.service_centre, by=cast.manager, at=LATER)
    with refuses("staff.left"):
        leave_company(cast.agent, by=cast.manager, at=LATER)


def test_posts_held_before_leaving_stay_on_record(cast: Cast) -> None:
    leave_company(cast.agent, by=cast.manager, at=LATER)

    assert str(cast.agent.pk) in LiveOrganisation(LATER - timedelta(seconds=1)).holders("agent")
    assert str(cast.agent.pk) not in LiveOrganisation(LATER).holders("agent")


def test_moving_ends_the_posts_of_the_old_department(cast: Cast) -> None:
    move_person(cast.agent, to=cast.quality, by=cast.owner, at=LATER)

    assert queries.posts_of(cast.agent, LATER) == []
    assert cast.agent not in queries.staff_visible_to(cast.manager, LATER)
