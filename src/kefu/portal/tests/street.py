"""A customer at the door: a browser of their own, what the console delivered, and a case sent in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kefu.cases.models import Case
from kefu.core.jobs.actions import carry_out, take
from kefu.portal import links
from kefu.portal.models import Submission
from tests.cast import Cast

PHONE, OTHER_PHONE = "138 1234 5678", "139 8765 4321"
WRITTEN = {"body": "厨房水管漏水，地板已经湿了。", "name": "王大明", "phone": PHONE, "place": "3 号楼 1201"}


def work_off(at: datetime) -> None:
    """Carry out what waits to be sent."""
    while runs := take(at=at, worker="test", limit=20):
        for run in runs:
            carry_out(run, at=at)


def form(at: datetime, **more: Any) -> dict[str, Any]:
    """What a person sends who took ten seconds to write."""
    return WRITTEN | {"shown": links.form_shown(at=at - timedelta(seconds=10))} | more


def sent_in(client: Client, at: datetime, kind: str = "repair", **more: Any) -> Case:
    """Send a case in as that browser; the page that confirms it answered."""
    answer = client.post(f"/portal/new/service_centre/{kind}/", form(at, **more))
    assert answer.status_code == 302, answer.content.decode()
    return Submission.objects.select_related("case").latest("pk").case


def open_as(client: Client, case: Case, at: datetime) -> Client:
    """Follow the link of the confirmation."""
    answer = client.get(f"/portal/open/{links.link_of(case.pk, at=at)}/")
    assert answer.status_code == 302
    return client


def code_in(printed: str) -> str:
    found = re.findall(r"验证码 (\d{6})", printed)
    assert found, f"no code was delivered: {printed!r}"
    return found[-1]


@pytest.fixture
def delivered(settings: Any) -> None:
    """Both kinds of contact are delivered to the console."""
    settings.KEFU_DELIVER = {"phone": "console", "mail": "console"}


__all__ = ["Cast", "code_in", "delivered", "form", "open_as", "sent_in", "work_off"]
