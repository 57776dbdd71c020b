"""A department at work for proofs about rows, sweeps and verify: the rulebook of `desk`, published; real cases.

Its two people: an agent who makes the moves, and the head the agent reports to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.tests.desk import local, rulebook
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.ledger.queries import events_of
from kefu.core.rulebook import to_source
from kefu.core.rulebook.model import Ref
from kefu.core.versions.actions import publish
from kefu.staff.actions import NewDepartment, add_person, found, give_post
from kefu.staff.models import Department, Person

FOUNDED = local("2026-09-01 09:00")


@dataclass(frozen=True)
class Live:
    department: Department
    agent: Person
    head: Person

    def open(self, at: str, **values: Any) -> Case:
        """Open a complaint of the agent's; times are written as in `desk.local`."""
        case = cases.register(
            "complaint",
            department=self.department,
            by=self.agent,
            at=local(at),
            subject="电梯",
            values=values,
        )
        return cases.take(case, by=self.agent, at=local(at))

    def move(self, case: Case, name: str, at: str, **values: Any) -> Case:
        return cases.move(case, name, by=self.agent, at=local(at), values=values)

    def course(self, *moves: tuple[str, str] | tuple[str, str, Mapping[str, Any]]) -> Case:
        """A case with these moves, `("09-24 09:00", "dispatched")`; the first one opens it."""
        (at, _, *_), *rest = moves
        case = self.open(at)
        for at, name, *values in rest:
            case = self.move(case, name, at, **(dict(values[0]) if values else {}))
        return case


def live(clocks: str) -> Live:
    """Found the organisation with one department, in which these clocks (YAML, as in `desk.rulebook`) hold."""
    found(
        "云庭物业",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[NewDepartment("desk", "客服部")],
        by=SYSTEM,
        at=FOUNDED,
    )
    publish(to_source(rulebook(clocks)), by=SYSTEM, at=FOUNDED, in_force_from=FOUNDED)
    Department.objects.update(pack="desk")
    department = Department.objects.get()
    people = []
    for login, name, post in (("chen", "陈静", "clerk"), ("zhao", "赵敏", "head")):
        person = add_person(department, login=login, name=name, by=SYSTEM, at=FOUNDED)
        give_post(person, post=post, department=department, by=SYSTEM, at=FOUNDED)
        people.append(person)
    return Live(department, *people)


def row(case: Case, clock: str, run: int = 1) -> ClockRow:
    return ClockRow.objects.get(work_kind="case", work_id=case.pk, clock=clock, run=run)


def steps(case: Case) -> list[tuple[str, int, datetime]]:
    """The steps that the ledger holds of the case: clock, index, instant."""
    return [
        (event.data["clock"], event.data["step"], event.occurred_at) for event in told(case, "clock.step")
    ]


def told(case: Case, kind: str) -> list[Event]:
    return [event for event in events_of(Ref("case", str(case.pk))) if event.kind == kind]
