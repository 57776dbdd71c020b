from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.core.rulebook.model import Ref
from kefu.staff import queries
from kefu.staff.actions import leave_company, make_token, mark_read, notify, revoke_token
from kefu.staff.models import ApiToken, Notice
from kefu.staff.notices import declare_notice, text_of
from kefu.staff.sessions import token_of
from tests.cast import FOUNDED, Cast, refuses

pytestmark = pytest.mark.db
MORNING = FOUNDED + timedelta(days=10)
NEXT_WEEK = MORNING + timedelta(days=7)

declare_notice("test.waiting", zh="{number} 在等您", en="{number} waits for you")


def test_a_token_is_kept_as_digest_and_ends_by_date_or_revocation(cast: Cast) -> None:
    make: dict[str, Any] = {
        "scopes": ["write", "read"],
        "expires_at": NEXT_WEEK,
        "by": cast.agent,
        "at": MORNING,
    }
    token, key = make_token(cast.agent, name="报表", **make)
    other, other_key = make_token(cast.agent, name="大屏", **make)

    assert key not in str(list(ApiToken.objects.values()))
    assert token_of(key, MORNING) == token
    assert ApiToken.objects.get(pk=token.pk).used_at == MORNING
    assert token_of(key, NEXT_WEEK) is None
    assert token_of("", MORNING) is None

    with refuses("staff.not_head"):
        revoke_token(other, by=cast.other_agent, at=MORNING)
    revoke_token(other, by=cast.manager, at=MORNING)
    assert token_of(other_key, MORNING) is None
    assert token_of(key, MORNING) is not None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"scopes": ["admin"]}, "token.scope"),
        ({"scopes": []}, "token.scope"),
        ({"expires_at": MORNING}, "token.expiry"),
        ({"expires_at": MORNING + timedelta(days=401)}, "token.expiry"),
        ({"name": ""}, "line.missing"),
    ],
)
def test_a_wrong_token_is_refused(cast: Cast, changed: dict[str, Any], code: str) -> None:
    given: dict[str, Any] = {
        "name": "报表",
        "scopes": ["read"],
        "expires_at": NEXT_WEEK,
        "by": cast.agent,
        "at": MORNING,
    }

    with refuses(code):
        make_token(cast.agent, **(given | changed))


def test_nobody_makes_a_token_for_another(cast: Cast) -> None:
    with refuses("staff.not_yours"):
        make_token(cast.agent, name="x", scopes=["read"], expires_at=NEXT_WEEK, by=cast.owner, at=MORNING)


def test_notices_are_read_in_both_languages_and_counted_until_read(cast: Cast) -> None:
    case = Ref("case", "7")
    for number in ("TS1", "TS2"):
        notify(
            cast.agent,
            kind="test.waiting",
            subject=case,
            data={"number": number},
            by=cast.manager,
            at=MORNING,
        )
    newest = queries.notices_of(cast.agent).first()

    assert newest is not None
    assert text_of(newest, "zh-hans") == "TS2 在等您"
    assert text_of(newest, "en") == "TS2 waits for you"
    assert queries.unread_notices(cast.agent) == 2
    assert mark_read(cast.agent, notices=[newest.pk], by=cast.agent, at=MORNING) == 1
    assert queries.unread_notices(cast.agent) == 1
    assert mark_read(cast.agent, by=cast.agent, at=MORNING) == 1
    with refuses("staff.not_yours"):
        mark_read(cast.agent, by=cast.other_agent, at=MORNING)


def test_whoever_left_is_told_nothing(cast: Cast) -> None:
    leave_company(cast.agent, by=cast.manager, at=MORNING)

    assert notify(cast.agent, kind="test.waiting", by=cast.manager, at=MORNING) is None
    assert not Notice.objects.exists()


def test_a_notice_without_wording_is_a_fault_of_the_program(cast: Cast) -> None:
    with pytest.raises(ValueError, match="no wording"):
        notify(cast.agent, kind="test.unheard_of", by=cast.manager, at=MORNING)
