"""Duties: what the rulebook asks of people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from kefu.api.cases import MoveMade
from kefu.api.once import OPENAPI, once
from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import ClockOut, DutyBrief, DutyOut, MoveOut, clock_out, duty_brief, duty_out, move_out
from kefu.api.tokens import caller
from kefu.core.work.queries import explained, moves_offered
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


@router.get("/{number}", response=DutyOut, url_name="duties_duty")
def get_duty(request: HttpRequest, number: str) -> DutyOut:
    return duty_out(_duty(request, number), caller(request))


@router.get("/{number}/moves", response=list[MoveOut], url_name="duties_moves")
def list_moves(request: HttpRequest, number: str) -> list[MoveOut]:
    who = caller(request)
    return [move_out(offer) for offer in moves_offered(_duty(request, number), who.person.pk, who.at)]


@router.post("/{number}/moves", response=DutyOut, url_name="duties_move", openapi_extra=OPENAPI)
def make_move(request: HttpRequest, number: str, made: MoveMade) -> Status[Any]:
    who, duty = caller(request), _duty(request, number)

    def do() -> DutyOut:
        moved = actions.move(
            duty,
            made.move,
            by=who.person,
            at=who.at,
            values=made.values,
            reason=made.reason,
            revision=made.revision,
        )
        return duty_out(moved, who)

    return once(request, 200, do)


@router.get("/{number}/clocks", response=list[ClockOut], url_name="duties_clocks")
def list_clocks(request: HttpRequest, number: str) -> list[ClockOut]:
    return [clock_out(one) for one in explained(_duty(request, number), caller(request).at)]


@router.post("/{number}/take", response=DutyOut, url_name="duties_take")
def take_duty(request: HttpRequest, number: str) -> DutyOut:
    who = caller(request)
    return duty_out(actions.take(_duty(request, number), by=who.person, at=who.at), who)


def _duty(request: HttpRequest, number: str) -> Duty:
    who = caller(request)
    return visible_duty(who.person, number, who.at)
