"""Every public action of staff leaves an event; a new one without a call here fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.staff import actions
from kefu.staff.models import PostHolding
from kefu.staff.notices import declare_notice
from kefu.staff.secrets import new_totp_secret
from tests.cast import FOUNDED, PASSWORD, Cast, give_password

pytestmark = pytest.mark.db
AT = FOUNDED + timedelta(days=10)
LATER = AT + timedelta(minutes=1)
HEAD: dict[str, Any] = {"by": SYSTEM, "at": AT}

declare_notice("test.hello", zh="您好", en="hello")


def _own(person: Any) -> dict[str, Any]:
    return {"by": person, "at": AT}


def _team(cast: Cast) -> Any:
    return actions.make_team(cast.service_centre, name="一班", leader=None, **HEAD)


def _token(cast: Cast) -> Any:
    return actions.make_token(
        cast.agent, name="x", scopes=["read"], expires_at=AT + timedelta(1), **_own(cast.agent)
    )[0]


def _stand_in(cast: Cast) -> Any:
    return actions.set_stand_in(cast.agent, person=cast.other_agent, since=AT, until=None, **HEAD)


def _session(cast: Cast) -> Any:
    give_password(cast.agent)
    return actions.sign_in("chen", PASSWORD, at=AT)[0]


def _totp(cast: Cast) -> None:
    secret = new_totp_secret()
    actions.enable_totp(cast.agent, secret=secret, code=pyotp.TOTP(secret).at(AT), **_own(cast.agent))


def _ticket(cast: Cast) -> tuple[str, str]:
    """What the password is exchanged for, and the code to come."""
    secret = new_totp_secret()
    give_password(cast.agent)
    actions.enable_totp(cast.agent, secret=secret, code=pyotp.TOTP(secret).at(AT), **_own(cast.agent))
    with pytest.raises(actions.CodeMissing) as missing:
        actions.sign_in("chen", PASSWORD, at=AT)
    return missing.value.ticket, pyotp.TOTP(secret).at(LATER)


def _before(
    prepare: Callable[[Cast], object], act: Callable[[Cast, Any], object]
) -> Callable[[Cast], object]:
    def call(cast: Cast) -> object:
        made = prepare(cast)
        call.seq = Event.objects.count()  # type: ignore[attr-defined]  # what preparing wrote does not count
        return act(cast, made)

    return call


CALLS: dict[str, Callable[[Cast], object]] = {
    "add_department": lambda cast: actions.add_department("x", name="新部门", **HEAD),
    "add_person": lambda cast: actions.add_person(cast.quality, login="new", name="新人", **HEAD),
    "change_department": lambda cast: actions.change_department(
        cast.sales, name="营销部", pack="general", parent=None, **HEAD
    ),
    "change_owner": lambda cast: actions.change_owner(cast.organisation, to=cast.manager, **HEAD),
    "change_password": _before(
        lambda cast: give_password(cast.agent),
        lambda cast, _: actions.change_password(
            cast.agent, old=PASSWORD, new=PASSWORD * 2, keep=None, **_own(cast.agent)
        ),
    ),
    "change_person": lambda cast: actions.change_person(
        cast.agent, name="陈静", phone="", mail="", language="en", **HEAD
    ),
    "disable_totp": _before(_totp, lambda cast, _: actions.disable_totp(cast.agent, **HEAD)),
    "enable_totp": _totp,
    "end_auditor": lambda cast: actions.end_auditor(cast.auditor, **HEAD),
    "end_post": lambda cast: actions.end_post(PostHolding.objects.get(person=cast.agent), **HEAD),
    "end_session": _before(_session, lambda cast, made: actions.end_session(made, **HEAD)),
    "end_stand_in": _before(_stand_in, lambda cast, made: actions.end_stand_in(made, **HEAD)),
    "found": lambda cast: cast,  # the cast is founded by it
    "give_post": lambda cast: actions.give_post(
        cast.auditor, post="agent", department=cast.service_centre, **HEAD
    ),
    "issue_link": lambda cast: actions.issue_link(cast.agent, purpose="reset", **HEAD),
    "join_team": _before(_team, lambda cast, made: actions.join_team(cast.agent, team=made, **HEAD)),
    "lead_team": _before(_team, lambda cast, made: actions.lead_team(made, leader=cast.agent, **HEAD)),
    "leave_company": lambda cast: actions.leave_company(cast.agent, **HEAD),
    "leave_team": _before(
        lambda cast: actions.join_team(cast.agent, team=_team(cast), **HEAD),
        lambda cast, made: actions.leave_team(made, **HEAD),
    ),
    "make_team": _team,
    "make_token": _token,
    "mark_away": lambda cast: actions.mark_away(cast.agent, **HEAD),
    "mark_back": _before(
        lambda cast: actions.mark_away(cast.agent, **HEAD),
        lambda cast, _: actions.mark_back(cast.agent, **HEAD),
    ),
    "mark_read": _before(
        lambda cast: actions.notify(cast.agent, kind="test.hello", **HEAD),
        lambda cast, _: actions.mark_read(cast.agent, **_own(cast.agent)),
    ),
    "move_person": lambda cast: actions.move_person(cast.agent, to=cast.quality, **HEAD),
    "name_auditor": lambda cast: actions.name_auditor(cast.agent, **HEAD),
    "notify": lambda cast: actions.notify(cast.agent, kind="test.hello", **HEAD),
    "revoke_token": _before(_token, lambda cast, made: actions.revoke_token(made, **HEAD)),
    "set_stand_in": _stand_in,
    "sign_in": _session,
    "sign_in_by_code": _before(_ticket, lambda cast, made: actions.sign_in_by_code(*made, at=LATER)),
    "sign_out": _before(_session, lambda cast, made: actions.sign_out(made, **_own(cast.agent))),
    "use_link": _before(
        lambda cast: actions.issue_link(cast.agent, purpose="reset", **HEAD),
        lambda cast, key: actions.use_link(key, password=PASSWORD, at=AT),
    ),
}
PUBLIC = sorted(name for name in actions.__all__ if inspect.isfunction(getattr(actions, name)))


def test_every_public_action_is_called_here() -> None:
    assert sorted(CALLS) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_the_action_writes_an_event(cast: Cast, name: str) -> None:
    call = CALLS[name]
    before = 0 if name == "found" else Event.objects.count()

    call(cast)

    assert Event.objects.count() > getattr(call, "seq", before)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_action_is_told_who_and_when(name: str) -> None:
    parameters = inspect.signature(getattr(actions, name)).parameters

    assert parameters["at"].kind is inspect.Parameter.KEYWORD_ONLY
    if name not in ("sign_in", "sign_in_by_code", "use_link"):  # who it is comes out of these
        assert parameters["by"].kind is inspect.Parameter.KEYWORD_ONLY
