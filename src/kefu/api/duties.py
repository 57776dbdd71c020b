"""Duties: what the rulebook asks of people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import DutyBrief, DutyOut, duty_brief, duty_out
from kefu.api.tokens import caller
from kefu.api.works import Offered, offer
from kefu.duties import actions
from kefu.duties.models import Duty
from kefu.duties.queries import duties_visible_to, open_duties_for, visible_duty

router = Router(tags=["duties"])


@router.get("", response=Page[DutyBrief], url_name="duties_list")
def list_duties(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, mine: bool = False) -> Any:
    """Newest first. `mine`: only what the caller has to do now."""
    who = caller(request)
    rows = (open_duties_for if mine else duties_visible_to)(who.person, who.at)
    return page(rows, duty_brief, cursor=cursor, limit=limit)


def _duty(request: HttpRequest, number: str) -> Duty:
    who = caller(request)
    return visible_duty(who.person, number, who.at)


offer(router, "duties", DutyOut, Offered(_duty, actions, duty_out), "duty")
