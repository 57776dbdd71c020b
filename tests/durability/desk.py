"""A small organisation whose writes are counted: a property service centre and an IT desk, three people.

For child processes and benchmarks too: `surroundings` is what a child is given, `set_up` how it starts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cast import FOUNDED, local

if TYPE_CHECKING:
    from kefu.cases.models import Case
    from kefu.staff.models import Department, Person

ROOT = Path(__file__).resolve().parents[2]
BEGIN = local("2026-09-24 10:00")
CALLER = {"surname": "王", "telephone": "13800008001"}
GIVEN: Mapping[str, Mapping[str, object]] = {
    "complaint": CALLER | {"content": "三单元电梯停运三天没有人来修"},
    "repair": CALLER | {"content": "厨房水管漏水"},
    "incident": {"priority": "high", "caller": "王", "category": "printer"},
}


def surroundings(address: str) -> dict[str, str]:
    """The environment of a child process that works on the database `address`."""
    return {
        **os.environ,
        "KEFU_DATABASE": address,
        "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }


def set_up() -> None:
    """Make this process ready to work on its database: what is read once is read, and no connection is open,
    so that children forked from it begin where a server's process begins."""
    import django

    django.setup()
    from django.db import connection

    from kefu.core.versions import queries as versions

    for pack in ("property", "servicedesk"):
        versions.in_force(pack, BEGIN)
    connection.close()


@dataclass(frozen=True)
class Desk:
    centre: Department
    it: Department
    agent: Person

    @classmethod
    def found(cls) -> Desk:
        """Make the organisation in the database this process works on."""
        from kefu.core.ledger.actions import SYSTEM
        from kefu.staff.actions import NewDepartment, add_person, found, give_post
        from kefu.staff.models import Department

        found(
            "云庭物业",
            zone="Asia/Shanghai",
            owner_login="wang",
            owner_name="王芳",
            departments=[
                NewDepartment("service_centre", "客服中心", "property"),
                NewDepartment("desk", "服务台", "servicedesk"),
            ],
            by=SYSTEM,
            at=FOUNDED,
        )
        centre = Department.objects.get(code="service_centre")
        for login, name, post in (("chen", "陈静", "agent"), ("zhao", "赵敏", "supervisor")):
            person = add_person(centre, login=login, name=name, by=SYSTEM, at=FOUNDED)
            give_post(person, post=post, department=centre, by=SYSTEM, at=FOUNDED)
        return cls.of_rows()

    @classmethod
    def of_rows(cls) -> Desk:
        from kefu.staff.models import Department, Person

        units = {department.code: department for department in Department.objects.all()}
        return cls(units["service_centre"], units["desk"], Person.objects.get(login="chen"))

    def register(self, kind: str, number: int, *, key: str | None = None) -> Case:
        """Register the `number`th case, a minute after the one before."""
        from kefu.cases import actions

        return actions.register(
            kind,
            department=self.it if kind == "incident" else self.centre,
            by=self.agent,
            at=BEGIN + timedelta(minutes=number),
            subject="电梯停运",
            body="三单元电梯停运三天",
            values=GIVEN[kind],
            import_key=key,
        )

    def write(self, number: int) -> None:
        """The `number`th write, as often as it is asked for: register a repair; every third accepts the last one.

        A client that got no answer asks again with the same key, and so does this.
        """
        from kefu.cases import actions
        from kefu.cases.models import Case

        if number % 3:
            if not Case.objects.filter(import_key=key(number)).exists():
                self.register("repair", number, key=key(number))
            return
        last = Case.objects.get(import_key=key(number - 1))
        if last.state == "reported":
            at = BEGIN + timedelta(minutes=number)
            actions.move(
                last, "accepted", by=self.agent, at=at, values={"fault": "lighting", "size": "small"}
            )


def key(number: int) -> str:
    return f"write:{number}"
