"""Who works in a simulated department: somebody in every post, two in those that lead nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from kefu.core.ledger import SYSTEM
from kefu.core.rulebook.model import Post, Rulebook
from kefu.customers import actions as customers
from kefu.customers.models import Customer
from kefu.home.simulated.written import Begun
from kefu.staff import actions as staff
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

CUSTOMERS = 12


@dataclass(frozen=True)
class Place:
    """The department with the rulebook, its customers, and everybody by post (`posts`) and in order (`people`).

    standing: ids of cases that stay as they are, so that duties owed for each such case are owed. staged: rows written
    down by hand whose events were made to happen.
    """

    chance: Random
    department: Department
    rulebook: Rulebook
    posts: dict[str, list[Person]]
    people: list[Person]
    customers: list[Customer]
    standing: set[int] = field(default_factory=set)
    staged: list[Begun] = field(default_factory=list)

    def posts_of(self, person: int) -> list[str]:
        return [post for post, held in self.posts.items() if any(one.pk == person for one in held)]


def found(rulebook: Rulebook, at: datetime, chance: Random) -> Place:
    """The organisation with all posts filled at `at`, in departments as the posts lead them."""
    codes = list(dict.fromkeys(post.leads for post in rulebook.posts.values() if post.leads)) or [
        "department"
    ]
    made = staff.found(
        "演练",
        zone=rulebook.calendar.zone,
        owner_login="owner",
        owner_name="负责人",
        departments=[
            staff.NewDepartment(code, code, rulebook.name if code == codes[0] else "") for code in codes
        ],
        by=SYSTEM,
        at=at,
    )
    units = {unit.code: unit for unit in Department.objects.all()}
    top = next(post.name for post in rulebook.posts.values() if post.reports_to is None)
    posts: dict[str, list[Person]] = {top: [made.owner]}
    leading = {post.reports_to for post in rulebook.posts.values()}
    for post in rulebook.posts.values():
        if post.name == top:
            continue
        alone = post.name in leading or post.leads or post.headcount == 1
        unit = units[_unit(post, rulebook, codes[0])]
        posts[post.name] = [_hire(post, number, unit, at) for number in range(1 if alone else 2)]
    home = units[codes[0]]
    households = [
        customers.add_customer(
            home,
            kind="natural",
            name=f"客户{number}",
            contacts=[("phone", f"138001380{number:02}")],
            by=SYSTEM,
            at=at,
        )
        for number in range(CUSTOMERS)
    ]
    people = [person for held in posts.values() for person in held]
    return Place(chance, home, rulebook_of(home, at), posts, people, households)


def _unit(post: Post, rulebook: Rulebook, home: str) -> str:
    """The department that the post leads, else that of its superior."""
    above: Post | None = post
    while above is not None and above.leads is None:
        above = rulebook.posts.get(above.reports_to) if above.reports_to else None
    return above.leads if above is not None and above.leads else home


def _hire(post: Post, number: int, unit: Department, at: datetime) -> Person:
    name = f"{post.title.zh}{number + 1}"
    person = staff.add_person(unit, login=f"{post.name}{number + 1}", name=name, by=SYSTEM, at=at)
    staff.give_post(person, post=post.name, department=unit, by=SYSTEM, at=at)
    return person
