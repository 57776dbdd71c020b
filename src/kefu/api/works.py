"""What the API offers of every piece of work alike: read, moves, clocks; of cases and duties also take and reveal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpRequest
from ninja import Router, Schema, Status

from kefu.api.once import OPENAPI, once
from kefu.api.shown import ClockOut, Given, MoveOut, WorkOut, clock_out, move_out
from kefu.api.tokens import Caller, caller
from kefu.core.work.models import Work
from kefu.core.work.queries import explained, moves_offered

AnyWork = TypeVar("AnyWork", bound=Work)


class MoveMade(Given):
    """`revision`: the one the caller saw; another one now is refused (409 work.changed)."""

    move: str
    values: dict[str, Any] = {}
    reason: str = ""
    revision: int | None = None


class Reveal(Given):
    """`field`: of a customer `id_number` or a contact's `field`, of a case or duty a name of its form."""

    field: str
    reason: str


class Revealed(Schema):
    value: str


class Moving(Protocol):
    """The action of a capability that every kind of work has."""

    move: Callable[..., Any]


class Verbs(Moving, Protocol):
    """Those of cases and duties, which somebody takes and which hold what customers told."""

    take: Callable[..., Any]
    reveal: Callable[..., str]


AnyVerbs = TypeVar("AnyVerbs", bound=Moving)


@dataclass(frozen=True)
class Offered(Generic[AnyWork, AnyVerbs]):
    """How a capability's work is found for the caller, changed and answered. told: facts that wait for a move."""

    find: Callable[[HttpRequest, str], AnyWork]
    actions: AnyVerbs
    out: Callable[[AnyWork, Caller], WorkOut]
    told: Callable[[AnyWork], Mapping[str, object]] = lambda _work: {}


def offer_moves(
    router: Router, name: str, out: type[WorkOut], offered: Offered[AnyWork, AnyVerbs], url: str
) -> None:
    """Put the operations on `router`: `cases_case`, `cases_moves`, … for `name` "cases" and `url` "case"."""

    @router.get("/{number}", response=out, url_name=f"{name}_{url}", operation_id=f"{name}_{url}")
    def get(request: HttpRequest, number: str) -> WorkOut:
        return offered.out(offered.find(request, number), caller(request))

    @router.get(
        "/{number}/moves", response=list[MoveOut], url_name=f"{name}_moves", operation_id=f"{name}_moves"
    )
    def list_moves(request: HttpRequest, number: str) -> list[MoveOut]:
        """The moves of the flow that start in the present state, with what stands in the way."""
        who, work = caller(request), offered.find(request, number)
        told = offered.told(work)
        return [move_out(one, work, told) for one in moves_offered(work, who.person.pk, who.at)]

    @router.post(
        "/{number}/moves",
        response=out,
        url_name=f"{name}_move",
        operation_id=f"{name}_move",
        openapi_extra=OPENAPI,
    )
    def make_move(request: HttpRequest, number: str, made: MoveMade) -> Status[Any]:
        who, work = caller(request), offered.find(request, number)

        def do() -> WorkOut:
            moved = offered.actions.move(
                work,
                made.move,
                by=who.person,
                at=who.at,
                values=made.values,
                reason=made.reason,
                revision=made.revision,
            )
            return offered.out(moved, who)

        return once(request, 200, do)

    @router.get(
        "/{number}/clocks", response=list[ClockOut], url_name=f"{name}_clocks", operation_id=f"{name}_clocks"
    )
    def list_clocks(request: HttpRequest, number: str) -> list[ClockOut]:
        """Every run of every clock, each with its explanation."""
        return [clock_out(one) for one in explained(offered.find(request, number), caller(request).at)]


def offer(router: Router, name: str, out: type[WorkOut], offered: Offered[AnyWork, Verbs], url: str) -> None:
    """The same with `cases_take` and `cases_reveal`."""
    offer_moves(router, name, out, offered, url)

    @router.post("/{number}/take", response=out, url_name=f"{name}_take", operation_id=f"{name}_take")
    def take(request: HttpRequest, number: str) -> WorkOut:
        """Become the owner. Two at once: one wins, the other is told who (409)."""
        who = caller(request)
        return offered.out(offered.actions.take(offered.find(request, number), by=who.person, at=who.at), who)

    @router.post(
        "/{number}/reveal", response=Revealed, url_name=f"{name}_reveal", operation_id=f"{name}_reveal"
    )
    def reveal(request: HttpRequest, number: str, asked: Reveal) -> Revealed:
        """One masked value in full, at most 30 an hour; who looked at what and why stays on record."""
        who, work = caller(request), offered.find(request, number)
        value = offered.actions.reveal(work, asked.field, reason=asked.reason, by=who.person, at=who.at)
        return Revealed(value=value)
