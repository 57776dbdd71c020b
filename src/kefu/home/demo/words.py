"""What people write into forms: a value for every field that one can be thought of for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kefu.cases.models import Case
from kefu.core.rulebook.model import Field, Kind
from kefu.documents.models import Document
from kefu.home.demo.people import Household, Town
from kefu.staff.models import Person

# Fields that name somebody: of which post. Any other person is of the department.
POSTS: Mapping[str, str] = {
    "assigned_to": "customer_specialist",
    "worker": "repair_worker",
    "service_worker": "repair_worker",
    "handler": "engineering_supervisor",
    "design_by": "designer",
    "consultant": "home_consultant",
    "managed_by": "project_manager",
    "supervised_by": "site_supervisor",
    "inspector": "inspector",
    "representative": "agent",
    "reviewer": "supervisor",
    "approver": "manager",
    "approved_by": "manager",
    "checked_by": "supervisor",
    "visitor": "agent",
    "caller": "agent",
    "called_by": "agent",
    "trained": "agent",
    "skip_to": "centre_director",
}
NUMBERS: Mapping[str, tuple[int, int]] = {
    "amount": (80, 1800),
    "records_count": (40, 300),
    "sales": (30_000, 400_000),
    "profit": (3_000, 60_000),
    "limit": (10_000, 80_000),
    "capital": (500_000, 5_000_000),
    "quantity": (2, 60),
    "cost": (1_000, 20_000),
    "amount_before": (5_000, 60_000),
    "paid": (3_000, 50_000),
    "overdue": (0, 3_000),
    "debt": (0, 20_000),
    "budget": (3_000, 40_000),
    "deposit_amount": (2_000, 10_000),
    "contract_amount": (90_000, 480_000),
    "midterm_due": (20_000, 90_000),
    "final_due": (10_000, 60_000),
    "compensation": (50, 400),
    "loss": (0, 800),
    "price": (20, 400),
    "score": (78, 98),
    "open_items": (0, 0),
    "complaint_count": (0, 2),
    "calls": (90, 240),
    "enquiries": (60, 200),
    "look_ups": (20, 80),
    "ability": (3, 5),
    "typing": (52, 80),
    "asked_again": (0, 1),
    "months_owed": (3, 9),
    "amount_owed": (600, 5_000),
}
LATER = (
    *("until", "wanted", "deadline", "expires", "return_on", "review", "destroy", "effective", "agreed"),
    *("due", "retest", "occasion", "planned", "ends", "begins", "visit_on"),
)
ONLY: Mapping[str, str | None] = {"duplicate": "no", "trigger": None}
USUAL: Mapping[str, str] = {
    "escalating": "no",
    "emergency": "no",
    "churn_risk": "no",
    "problem": "no",
    "reasonable": "yes",
    "severity": "ordinary",
    "urgency": "ordinary",
    "importance": "ordinary",
    "matter": "ordinary",
    "secrecy": "internal",
    "visit_form": "home_visit",
    "relation": "long_standing",
    "handling": "settled",
    "customer_class": "ordinary",
    "customer_grade": "important",
    "sanction": "no_sanction",
}
OF_CUSTOMER = (
    "surname",
    "person_name",
    "resident",
    "payer_name",
    "owner_name",
    "customer_name",
    "contact_name",
)
TELEPHONES = ("telephone", "phone", "contact_phone", "resident_telephone", "called_number", "caller_number")
HOUSES = ("house_number", "household", "unit", "address")
MOST_LINES = 3


@cache
def _sentences() -> Mapping[str, list[str]]:
    read: Mapping[str, list[str]] = yaml.safe_load(
        (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    )
    return read


def filled(
    town: Town,
    kind: Kind,
    fields: Mapping[str, Field],
    *,
    by: Person,
    home: Household,
    at: datetime,
    said: str = "",
) -> dict[str, Any]:
    """Raw values by field. home: the customer it is about. said: what the customer said, the content of a case."""
    found: dict[str, Any] = {}
    for name, field in fields.items():
        if field.computed is not None:
            continue
        value = _value(town, kind, name, field, by=by, home=home, at=at, said=said)
        if value is not None:
            found[name] = value
    return found


def _value(
    town: Town, kind: Kind, name: str, field: Field, *, by: Person, home: Household, at: datetime, said: str
) -> Any:
    match field.type:
        case "text":
            return _text(town, kind, name, home, said)
        case "signature":
            return home.customer.name if "customer" in name or "resident" in name else by.name
        case "number":
            return _number(town, name, field)
        case "choice":
            return _choice(town, name, field)
        case "day":
            ahead = timedelta(days=town.chance.randrange(3, 20)) if _later(name) else timedelta()
            return (at + ahead).date().isoformat()
        case "instant":
            ahead = (
                timedelta(hours=town.chance.randrange(20, 200)) if _later(name) else -timedelta(minutes=20)
            )
            return (at + ahead).isoformat()
        case "span":
            return f"{at.isoformat()}/{(at + timedelta(hours=1)).isoformat()}"
        case "rows":
            lines = town.chance.randrange(2, MOST_LINES + 1)
            return [
                filled(town, kind, field.fields, by=by, home=town.household(), at=at) for _ in range(lines)
            ]
        case "record":
            found = _record(town, name, field.of, by=by, home=home)
            return [found] if field.many and found is not None else found
    return None


def _appointment(town: Town, at: datetime) -> datetime:
    """An hour of one of the next working days."""
    calendar, day = town.rulebook.calendar, at.date() + timedelta(days=town.chance.randrange(1, 8))
    while not calendar.hours_on(day):
        day += timedelta(days=1)
    return calendar.wall(day, town.chance.choice((10, 11, 15, 17)) * 60)


def _text(town: Town, kind: Kind, name: str, home: Household, said: str) -> str:
    if name in OF_CUSTOMER:
        return home.customer.name
    if name in TELEPHONES:
        return home.telephone
    if name in HOUSES and home.house_number:
        return home.house_number
    if said and name in ("content", "fault_text", "question", "matter"):
        return said
    all_ = _sentences()
    return town.chance.choice(all_.get(f"{kind.name}.{name}") or all_.get(name) or all_["_anything"])


def _number(town: Town, name: str, field: Field) -> int:
    if field.points is not None:
        most = int(field.points)
        return town.chance.choice((most, most, max(most - most // 5, 1), max(most - 2, 1)))
    least, most = NUMBERS.get(name, (2, 24))
    return town.chance.randint(least, most)


def _choice(town: Town, name: str, field: Field) -> Any:
    """The usual option most of the time: that named above, else the first, which in most forms is the good one."""
    if name in ONLY:
        return ONLY[name]
    options = list(field.options)
    usual = USUAL.get(name)
    chosen = usual if usual in options else options[0]
    if town.chance.random() > (0.85 if usual in options or options[0] == "yes" else 0.6):
        chosen = town.chance.choice(options)
    return [chosen] if field.many else chosen


def _later(name: str) -> bool:
    return any(word in name for word in LATER)


def _record(town: Town, name: str, of: str, *, by: Person, home: Household) -> str | None:
    if of == "customer":
        return str(home.customer.pk)
    if of == "person":
        held = town.posts.get(POSTS.get(name, "")) or [
            one for one in town.people.values() if one.department_id == town.centre.pk and one.pk != by.pk
        ]
        return str(town.chance.choice(held).pk)
    if of == "unit":
        others = [unit for unit in town.units.values() if unit.pk != town.centre.pk]
        return str(others[0].pk if others else town.centre.pk)
    for model in (Case, Document):
        last = model.objects.filter(kind=of, voided_at=None).order_by("-pk").values_list("pk", flat=True)[:1]
        if last:
            return str(last[0])
    return None
