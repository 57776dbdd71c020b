"""A department that lives by the general pack, with whoever its rules name: the clerk, the specialists, who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kefu.approvals import actions as approvals
from kefu.approvals.models import Approval
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.readers import advance, names
from kefu.customers.actions import add_customer
from kefu.customers.models import Customer
from kefu.staff.actions import add_person, give_post
from kefu.staff.models import Department, Person
from tests.cast import FOUNDED, Cast

AT = FOUNDED + timedelta(days=10)
LATER = AT + timedelta(hours=1)
POSTS = {
    "clerk": ("information_clerk", "何芸"),
    "credit": ("credit_officer", "罗安"),
    "one": ("customer_specialist", "丁一"),
    "two": ("customer_specialist", "田二"),
    "three": ("customer_specialist", "万三"),
    "supervisor": ("supervisor", "秦岚"),
    "manager": ("manager", "方毅"),
}


@dataclass(frozen=True)
class General:
    department: Department
    people: Mapping[str, Person]

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    def customer(self, name: str = "何花", **more: Any) -> Customer:
        return add_customer(self.department, kind="natural", name=name, by=SYSTEM, at=AT, **more)

    def ask(self, kind: str, values: Mapping[str, object], by: str = "clerk") -> Approval:
        return approvals.ask(kind, department=self.department, by=self.people[by], at=AT, values=values)

    def agreed(self, approval: Approval) -> Approval:
        """Signed by supervisor and manager, and what follows has followed."""
        approval = approvals.approve(approval, by=self.supervisor, at=LATER)
        approval = approvals.approve(approval, by=self.manager, at=LATER)
        follow()
        return approval


def follow() -> None:
    """Let the readers of the ledger do what follows from what happened."""
    while any(advance(name) for name in names()):
        pass


def general(cast: Cast) -> General:
    people = {}
    for login, (post, name) in POSTS.items():
        people[login] = add_person(cast.sales, login=f"sales_{login}", name=name, by=SYSTEM, at=FOUNDED)
        give_post(people[login], post=post, department=cast.sales, by=SYSTEM, at=FOUNDED)
    return General(cast.sales, people)
