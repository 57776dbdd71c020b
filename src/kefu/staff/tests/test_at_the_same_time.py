"""Requests that arrive at one instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from kefu.core.errors import Refused
from kefu.staff.actions import CodeMissing, issue_link, sign_in, sign_in_by_code, use_link
from kefu.staff.models import Person, SignInTries
from kefu.staff.secrets import sealed
from tests.cast import FOUNDED, PASSWORD, give_password, make_cast
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db
MORNING = FOUNDED + timedelta(days=10)


def codes_of(calls: int, call: object) -> list[str]:
    """The refusal of each of the calls made at once, "" for one that went through."""

    def one(number: int) -> str:
        try:
            call(number)  # type: ignore[operator]  # a plain function
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(one, range(calls)))


def test_guesses_sent_at_once_are_counted_before_they_are_looked_at(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def check(password: str, kept: str) -> bool:
        looked.append(password)
        return False

    monkeypatch.setattr("kefu.staff.actions.signing_in.check_password", check)
    make_cast()

    codes = codes_of(12, lambda number: sign_in("chen", f"guess-{number}-guess", at=MORNING))

    assert len(looked) == 5
    assert codes.count("sign_in.refused") == 5
    assert codes.count("sign_in.locked") == 7
    assert SignInTries.objects.filter(locked_until__gt=MORNING).exists()


def test_one_link_sets_one_password(fresh_database: FreshDatabase) -> None:
    cast = make_cast()
    key = issue_link(cast.agent, purpose="invite", by=cast.manager, at=MORNING)

    codes = codes_of(4, lambda number: use_link(key, password=f"{PASSWORD}{number}", at=MORNING))

    assert sorted(codes) == ["", "link.not_valid", "link.not_valid", "link.not_valid"]
    winner = codes.index("")
    assert Person.objects.get(pk=cast.agent.pk).check_password(f"{PASSWORD}{winner}")


def test_one_code_of_the_second_factor_opens_once(fresh_database: FreshDatabase) -> None:
    import pyotp

    cast = make_cast()
    secret = pyotp.random_base32()
    give_password(cast.agent)
    Person.objects.filter(pk=cast.agent.pk).update(totp_secret=sealed(secret, MORNING))
    code = pyotp.TOTP(secret).at(MORNING)
    with pytest.raises(CodeMissing) as missing:
        sign_in("chen", PASSWORD, at=MORNING)
    ticket = missing.value.ticket

    codes = codes_of(4, lambda number: sign_in_by_code(ticket, code, address=str(number), at=MORNING))

    assert codes.count("") == 1
