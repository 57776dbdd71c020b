"""Who is let in, and how far."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from kefu.api.tests.calling import REPAIR, Program
from kefu.cases.models import Case
from kefu.staff.models import ApiToken
from tests.cast import Cast

pytestmark = pytest.mark.db


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer no"}, {"Authorization": "Basic eDp5"}])
def test_without_a_valid_token_nothing_is_told(cast: Cast, client: Client, header: dict[str, str]) -> None:
    for path in ("/cases", "/cases/X", "/cases?nonsense=1", "/ledger"):
        answer = client.get(f"/api/v1{path}", headers=header)
        assert answer.status_code in (401, 422)
        if "nonsense" not in path:
            assert answer.status_code == 401
            assert answer.json()["code"] == "token.needed"


def test_a_session_of_the_pages_opens_nothing_here(cast: Cast, client: Client) -> None:
    from tests.cast import browse

    assert browse(client, cast.agent).get("/api/v1/cases").status_code == 401


def test_a_token_to_read_does_not_write(cast: Cast) -> None:
    reader = Program(cast.agent, scopes=("read",))

    assert reader.get("/cases").status == 200
    answer = reader.post("/cases", REPAIR)
    assert (answer.status, answer.code) == (403, "token.read_only")
    assert Case.objects.count() == 0


def test_an_outdated_and_a_revoked_token_are_none(cast: Cast) -> None:
    program = Program(cast.agent)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert program.get("/cases").code == "token.needed"

    program = Program(cast.agent)
    ApiToken.objects.update(revoked_at=timezone.now())
    assert program.get("/cases").code == "token.needed"


def test_problems_speak_the_language_asked_for(cast: Cast) -> None:
    program = Program(cast.agent)

    assert program.get("/cases/X", Accept_Language="en").json["detail"].startswith("There is no case")
    assert program.get("/cases/X", Accept_Language="zh-hans").json["detail"].startswith("没有找到")


def test_the_command_makes_a_token_and_refuses_what_it_cannot(cast: Cast) -> None:
    out = StringIO()
    call_command("token", cast.agent.login, "--scope", "write", stdout=out)
    headers = {"Authorization": f"Bearer {out.getvalue().strip()}"}
    assert Client().get("/api/v1/me", headers=headers).json()["login"] == cast.agent.login

    with pytest.raises(CommandError, match="nobody"):
        call_command("token", "nobody")
    with pytest.raises(CommandError, match="400"):
        call_command("token", cast.agent.login, "--days", "1000")
