"""Who works and who lives in the demonstration. All names are made up from common ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import yaml
from django.contrib.auth.hashers import make_password

from kefu.core.db import write
from kefu.core.ledger import SYSTEM
from kefu.core.rulebook.model import Rulebook
from kefu.core.versions import queries as versions
from kefu.customers import actions as customers
from kefu.customers.models import Customer, Site
from kefu.home.demo.casts import PASSWORD, Cast
from kefu.staff import actions as staff
from kefu.staff.models import Department, Person

NAMES = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
ZONE = "Asia/Shanghai"
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass
class Household:
    """A customer, where they live (None for most), and what a clerk writes down of them."""

    customer: Customer
    site: Site | None
    surname: str
    telephone: str
    house_number: str


@dataclass
class Town:
    """Everybody, by the part they play in stories. refused: what was tried in vain, and how often."""

    cast: Cast
    chance: Random
    centre: Department
    units: dict[str, Department]
    people: dict[str, Person]
    posts: dict[str, list[Person]]
    households: list[Household] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def engineering(self) -> Department:
        return self.units["engineering"]

    @property
    def rulebook(self) -> Rulebook:
        """The rules they live by: those of the pack, which do not change in these days."""
        return versions.in_force(self.centre.pack, LATEST)

    def one(self, post: str) -> Person:
        return self.chance.choice(self.posts[post])

    def household(self) -> Household:
        return self.chance.choice(self.households)


def found(cast: Cast, at: datetime, chance: Random) -> Town:
    """The organisation, its staff and its customers, at `at`."""
    owner, *others = cast.staff
    home = next(iter(cast.units))
    made = staff.found(
        cast.company,
        zone=ZONE,
        owner_login=owner.login,
        owner_name=owner.name,
        departments=[
            staff.NewDepartment(code, name, cast.pack if code == home else "")
            for code, name in cast.units.items()
        ],
        by=SYSTEM,
        at=at,
    )
    units = {unit.code: unit for unit in Department.objects.all()}
    people = {owner.login: made.owner}
    posts: dict[str, list[Person]] = {"company_leader": [made.owner]}
    with write():
        for one in others:
            person = staff.add_person(units[one.unit], login=one.login, name=one.name, by=SYSTEM, at=at)
            people[one.login] = person
            for post in one.posts:
                staff.give_post(person, post=post, department=units[one.unit], by=SYSTEM, at=at)
                posts.setdefault(post, []).append(person)
        staff.name_auditor(people[cast.auditor], by=SYSTEM, at=at)
        # One hash for all: slow by design, and the password is printed anyway.
        Person.objects.update(password=make_password(PASSWORD))
    town = Town(cast, chance, units[home], units, people, posts)
    with write():
        town.households += _customers(town, at)
    return town


def _customers(town: Town, at: datetime) -> Iterator[Household]:
    told = town.cast.customers
    for number in range(told.number):
        surname, firm = town.chance.choice(NAMES["surnames"]), number < told.companies
        telephone = f"13{town.chance.randrange(5, 10)}{town.chance.randrange(10**8):08}"
        name = _firm(number) if firm else surname + town.chance.choice(NAMES["given"].split())
        customer = customers.add_customer(
            town.centre,
            kind="legal" if firm else "natural",
            name=name,
            contacts=[("phone", telephone)],
            grade="key" if number >= told.number - told.key else "",
            by=SYSTEM,
            at=at,
        )
        if told.community:
            site, house_number = _flat(town, number, customer, at)
            yield Household(customer, site, surname, telephone, house_number)
        else:
            yield Household(customer, None, surname, telephone, "")


def _firm(number: int) -> str:
    firms, trades = NAMES["firms"].split(), NAMES["trades"].split()
    return f"{firms[number % len(firms)]}{trades[number // len(firms) % len(trades)]}有限公司"


def _flat(town: Town, number: int, customer: Customer, at: datetime) -> tuple[Site, str]:
    building, rest = divmod(number, 60)
    floor, room = divmod(rest, 4)
    site = customers.add_site(
        town.centre,
        community=town.cast.customers.community,
        building=f"{building + 1}号楼",
        unit="",
        room=f"{floor + 1:02}0{room + 1}",
        by=SYSTEM,
        at=at,
    )
    since = at - timedelta(days=town.chance.randrange(200, 3000))
    customers.move_in(customer, site=site, role="owner", since=since, by=SYSTEM, at=at)
    return site, f"{building + 1}-{floor + 1:02}0{room + 1}"
