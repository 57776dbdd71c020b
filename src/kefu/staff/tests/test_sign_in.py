from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kefu.core.errors import Refused
from kefu.core.ledger.models import Event
from kefu.staff import limits, queries
from kefu.staff.actions import (
    CodeMissing,
    change_password,
    disable_totp,
    enable_totp,
    end_session,
    issue_link,
    leave_company,
    sign_in,
    sign_in_by_code,
    sign_out,
    use_link,
)
from kefu.staff.models import Person, SignIn, SignInTries
from kefu.staff.secrets import new_totp_secret
from kefu.staff.sessions import session_of
from tests.cast import FOUNDED, PASSWORD, Cast, give_password, refuses

pytestmark = pytest.mark.db
MORNING = FOUNDED + timedelta(days=10)
SOON = MORNING + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _quick_hash(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def code(secret: str, at: object) -> str:
    return pyotp.TOTP(secret).at(at)  # type: ignore[arg-type]  # takes an instant


def ticket(at: datetime) -> str:
    """What Chen Jing's password is exchanged for while the code is asked."""
    with pytest.raises(CodeMissing) as missing:
        sign_in("chen", PASSWORD, at=at)
    return missing.value.ticket


def test_signing_in_begins_a_session_that_only_its_key_opens(cast: Cast) -> None:
    give_password(cast.agent)

    session, key = sign_in(" CHEN", PASSWORD, address="10.0.0.7", agent="Firefox\n", at=MORNING)

    found = session_of(key, SOON)
    assert found == session
    assert found.person == cast.agent
    assert (found.address, found.agent) == ("10.0.0.7", "Firefox")
    assert key not in str(SignIn.objects.values().get())
    assert session_of(key + "x", SOON) is None
    assert session_of("", SOON) is None


def test_every_sign_in_has_a_new_key(cast: Cast) -> None:
    give_password(cast.agent)

    keys = {sign_in("chen", PASSWORD, at=MORNING)[1] for _ in range(3)}

    assert len(keys) == 3


@pytest.mark.parametrize("login", ["chen", "nobody", "li", "", "x" * 10_000, "chen\x00", "\ud800"])
def test_known_unknown_and_passwordless_names_get_one_answer(cast: Cast, login: str) -> None:
    give_password(cast.agent)
    # premise: the right password would do
    sign_in("chen", PASSWORD, at=MORNING)

    with pytest.raises(Refused) as refused:
        sign_in(login, "wrong-wrong-wrong", at=MORNING)

    assert refused.value.code == "sign_in.refused"
    assert refused.value.facts == {}


def test_a_wrong_name_costs_as_many_statements_and_hashes_as_a_wrong_password(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(cast.agent)
    from django.contrib.auth import hashers

    with refuses("sign_in.refused"):  # the first try from an address makes its row
        sign_in("first", "wrong-wrong-wrong", address="10.0.0.7", at=MORNING)
    hashed: list[str] = []
    hasher = type(hashers.get_hasher())

    def encode(*args: object, **kwargs: object) -> str:
        hashed.append("encode")
        return "md5$x$x"

    monkeypatch.setattr(hasher, "encode", encode)
    monkeypatch.setattr(hasher, "verify", lambda *args, **kwargs: encode() == "")

    statements = {}
    for login in ("chen", "nobody", "li"):
        with CaptureQueriesContext(connection) as captured, refuses("sign_in.refused"):
            sign_in(login, "wrong-wrong-wrong", address="10.0.0.7", at=MORNING)
        statements[login] = len(captured)

    assert len(hashed) == 3
    assert len(set(statements.values())) == 1, statements


@pytest.mark.parametrize("login", ["chen", "nobody"])
def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(cast: Cast, login: str) -> None:
    give_password(cast.agent)
    for _ in range(5):
        with refuses("sign_in.refused"):
            sign_in(login, "wrong-wrong-wrong", at=MORNING)

    with pytest.raises(Refused) as refused:
        sign_in(login, PASSWORD, at=SOON)

    assert refused.value.code == "sign_in.locked"
    assert refused.value.facts == {"retry_after": 14 * 60}
    assert Event.objects.filter(kind="sign_in.locked").count() == 1
    if login == "chen":
        sign_in(login, PASSWORD, at=MORNING + limits.LOCKED)


def test_four_failures_and_a_right_password_begin_afresh(cast: Cast) -> None:
    give_password(cast.agent)
    for _ in range(2):
        for _ in range(4):
            with refuses("sign_in.refused"):
                sign_in("chen", "wrong-wrong-wrong", at=MORNING)
        sign_in("chen", PASSWORD, at=MORNING)


def test_failures_of_an_hour_ago_are_forgotten(cast: Cast) -> None:
    give_password(cast.agent)
    for hour in range(6):
        with refuses("sign_in.refused"):
            sign_in("chen", "wrong-wrong-wrong", at=MORNING + hour * timedelta(minutes=61))

    assert SignInTries.objects.count() == 2  # the name and the address of the last try


def test_many_names_from_one_address_lock_the_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FAILURES_BY_ADDRESS", 3)
    give_password(cast.agent)
    for number in range(3):
        with refuses("sign_in.refused"):
            sign_in(f"guess{number}", "wrong-wrong-wrong", address="10.0.0.7", at=MORNING)

    with refuses("sign_in.locked"):
        sign_in("chen", PASSWORD, address="10.0.0.7", at=MORNING)
    sign_in("chen", PASSWORD, address="10.0.0.8", at=MORNING)


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FAILURES_BY_ADDRESS", 3)
    give_password(cast.agent)

    for _ in range(8):
        sign_in("chen", PASSWORD, address="10.0.0.7", at=MORNING)


def test_a_huge_password_is_refused_before_any_hashing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    give_password(cast.agent)
    monkeypatch.setattr("kefu.staff.actions.signing_in.check_password", None)

    with refuses("sign_in.refused"):
        sign_in("chen", "x" * 1_000_000, at=MORNING)


def test_a_session_ends_idle_old_signed_out_or_by_a_head(cast: Cast) -> None:
    give_password(cast.agent)
    session, key = sign_in("chen", PASSWORD, at=MORNING)
    assert session_of(key, MORNING + limits.IDLE) is None
    last = MORNING
    while last < MORNING + limits.SESSION - limits.IDLE:  # somebody who works on
        last += timedelta(minutes=100)
        assert session_of(key, last) is not None
    assert session_of(key, MORNING + limits.SESSION) is None

    sign_out(session, by=cast.agent, at=last)
    assert session_of(key, last) is None

    other, key = sign_in("chen", PASSWORD, at=last)
    with refuses("staff.not_head"):
        end_session(other, by=cast.stranger, at=last)
    with refuses("staff.not_yours"):
        sign_out(other, by=cast.manager, at=last)
    end_session(other, by=cast.manager, at=last)
    assert session_of(key, last) is None


def test_signed_in_is_on_duty_until_idle(cast: Cast) -> None:
    give_password(cast.agent)
    sign_in("chen", PASSWORD, at=MORNING)

    assert queries.on_duty(cast.agent, SOON)
    assert not queries.on_duty(cast.agent, MORNING + limits.IDLE)


def test_whoever_left_cannot_sign_in(cast: Cast) -> None:
    give_password(cast.agent)
    leave_company(cast.agent, by=cast.manager, at=MORNING)

    with refuses("sign_in.refused"):
        sign_in("chen", PASSWORD, at=SOON)


def test_the_second_factor_is_asked_after_the_password_and_each_code_opens_once(cast: Cast) -> None:
    give_password(cast.agent)
    secret = new_totp_secret()
    with refuses("totp.code_wrong"):
        enable_totp(cast.agent, secret=secret, code="000000", by=cast.agent, at=MORNING)
    enable_totp(cast.agent, secret=secret, code=code(secret, MORNING), by=cast.agent, at=MORNING)

    with refuses("sign_in.code_missing"):
        sign_in("chen", PASSWORD, at=SOON)
    with refuses("sign_in.refused"):
        sign_in("chen", "wrong-wrong-wrong", at=SOON)
    with refuses("sign_in.refused"):  # the code used to switch it on
        sign_in_by_code(ticket(MORNING), code(secret, MORNING), at=MORNING)
    sign_in_by_code(ticket(SOON), code(secret, SOON), at=SOON)
    with refuses("sign_in.refused"):
        sign_in_by_code(ticket(SOON), code(secret, SOON), at=SOON)


def test_the_code_follows_within_five_minutes_and_for_the_password_that_was_right(cast: Cast) -> None:
    give_password(cast.agent)
    secret = new_totp_secret()
    enable_totp(cast.agent, secret=secret, code=code(secret, MORNING), by=cast.agent, at=MORNING)
    held = ticket(SOON)

    late = SOON + limits.CODE + timedelta(seconds=1)
    with refuses("sign_in.again"):
        sign_in_by_code(held, code(secret, late), at=late)
    give_password(cast.agent)
    with refuses("sign_in.again"):
        sign_in_by_code(held, code(secret, SOON), at=SOON)


def test_the_database_alone_makes_no_codes_and_a_changed_key_is_said(cast: Cast, settings: Settings) -> None:
    give_password(cast.agent)
    secret = new_totp_secret()
    enable_totp(cast.agent, secret=secret, code=code(secret, MORNING), by=cast.agent, at=MORNING)
    assert secret not in Person.objects.get(pk=cast.agent.pk).totp_secret

    settings.SECRET_KEY = "another key, as long as it is random enough"
    with refuses("totp.key_changed"):
        sign_in_by_code(ticket(SOON), code(secret, SOON), at=SOON)
    disable_totp(cast.agent, by=cast.manager, at=SOON)
    sign_in("chen", PASSWORD, at=SOON)


def test_the_right_password_again_does_not_forgive_wrong_codes(cast: Cast) -> None:
    give_password(cast.agent)
    secret = new_totp_secret()
    enable_totp(cast.agent, secret=secret, code=code(secret, MORNING), by=cast.agent, at=MORNING)

    for _ in range(limits.FAILURES_BY_NAME):
        with refuses("sign_in.refused"):
            sign_in_by_code(ticket(SOON), "000000", at=SOON)
    with refuses("sign_in.locked"):
        sign_in("chen", PASSWORD, at=SOON)


def test_a_lost_device_is_switched_off_by_the_head_and_by_nobody_else(cast: Cast) -> None:
    secret = new_totp_secret()
    enable_totp(cast.agent, secret=secret, code=code(secret, MORNING), by=cast.agent, at=MORNING)

    with refuses("staff.not_head"):
        disable_totp(cast.agent, by=cast.other_agent, at=SOON)
    with refuses("totp.code_wrong"):
        disable_totp(cast.agent, by=cast.agent, at=SOON)
    disable_totp(cast.agent, by=cast.manager, at=SOON)

    assert Person.objects.get(pk=cast.agent.pk).totp_secret == ""


def test_a_link_sets_the_password_once_within_72_hours_and_keeps_the_second_factor(cast: Cast) -> None:
    secret = new_totp_secret()
    enable_totp(cast.agent, secret=secret, code=code(secret, MORNING), by=cast.agent, at=MORNING)
    first = issue_link(cast.agent, purpose="reset", by=cast.manager, at=MORNING)
    key = issue_link(cast.agent, purpose="reset", by=cast.manager, at=MORNING)
    in_time = MORNING + limits.LINK - timedelta(seconds=1)

    for bad, at in (("", in_time), ("None", in_time), (first, in_time), (key, MORNING + limits.LINK)):
        with refuses("link.not_valid"):
            use_link(bad, password=PASSWORD, at=at)
    use_link(key, password=PASSWORD, at=in_time)
    with refuses("link.not_valid"):
        use_link(key, password=PASSWORD, at=in_time)
    with refuses("sign_in.code_missing"):
        sign_in("chen", PASSWORD, at=in_time)


def test_a_link_ends_all_sessions_of_the_person(cast: Cast) -> None:
    give_password(cast.agent)
    _, session_key = sign_in("chen", PASSWORD, at=MORNING)
    key = issue_link(cast.agent, purpose="reset", by=cast.manager, at=MORNING)

    use_link(key, password=PASSWORD, at=SOON)

    assert session_of(session_key, SOON) is None


def test_the_link_of_another_department_is_not_made(cast: Cast) -> None:
    with refuses("staff.not_head"):
        issue_link(cast.agent, purpose="reset", by=cast.stranger, at=MORNING)


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        ("short", "password.too_short"),
        ("x" * 129, "password.too_long"),
        ("x" * 1_000_000, "password.too_long"),
        ("password123", "password.common"),
        ("My-Chen-2026!", "password.like_login"),
    ],
)
def test_a_weak_password_is_refused(cast: Cast, new: str, refusal: str) -> None:
    key = issue_link(cast.agent, purpose="invite", by=cast.manager, at=MORNING)

    with refuses(refusal):
        use_link(key, password=new, at=MORNING)
    use_link(key, password="𠮷" * 10, at=MORNING)


def test_changing_the_password_needs_the_old_one_and_ends_the_other_sessions(cast: Cast) -> None:
    give_password(cast.agent)
    mine, my_key = sign_in("chen", PASSWORD, at=MORNING)
    _, other_key = sign_in("chen", PASSWORD, at=MORNING)
    change: dict[str, Any] = {"new": "另外-一个-够长的-密码", "keep": mine, "by": cast.agent, "at": SOON}

    with refuses("password.old_wrong"):
        change_password(cast.agent, old="wrong-wrong-wrong", **change)
    with refuses("staff.not_yours"):
        change_password(cast.agent, old=PASSWORD, **(change | {"by": cast.owner}))
    change_password(cast.agent, old=PASSWORD, **change)

    assert session_of(my_key, SOON) is not None
    assert session_of(other_key, SOON) is None


def test_guessing_the_old_password_locks_too(cast: Cast) -> None:
    give_password(cast.agent)
    change: dict[str, Any] = {"new": "另外-一个-够长的-密码", "keep": None, "by": cast.agent, "at": SOON}
    for _ in range(5):
        with refuses("password.old_wrong"):
            change_password(cast.agent, old="wrong-wrong-wrong", **change)

    with refuses("sign_in.locked"):
        change_password(cast.agent, old=PASSWORD, **change)
