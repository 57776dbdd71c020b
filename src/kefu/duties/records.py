"""The records that a duty is owed for, one each (`each: {of, where}`): people, units, customers, open work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from kefu.core.rulebook.expressions import Matcher
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Each, Ref, Rulebook
from kefu.core.work import registry
from kefu.core.work.counting import records_of
from kefu.core.work.models import Work
from kefu.customers.models import Customer
from kefu.documents.records import work_of
from kefu.staff.models import Department, Person, PostHolding, Team
from kefu.staff.rights import Tree

Record = tuple[Ref, dict[str, object]]  # which it is, and what a rule may ask of it


def governed(department: Department, tree: Tree | None = None) -> frozenset[int]:
    """Ids of the departments that live by this one's rulebook: itself, and those without one that belong to it."""
    tree = tree or Tree()
    first = next((one for one in tree.by_id.values() if one.pack), None)
    found = set()
    for pk in tree.by_id:
        own = next((one for one in tree.with_ancestors(pk) if one.pack), first)
        if own is not None and own.pk == department.pk:
            found.add(pk)
    return frozenset(found)


def records(each: Each, department: Department, rulebook: Rulebook, at: datetime) -> list[Ref]:
    """Those of the department that match at the instant. People who are away are none, nor are merged customers, nor
    those who were cancelled."""
    found = {"person": _people, "unit": _units, "customer": _customers}.get(each.of)
    ids = governed(department)
    if found is None:
        return _works(each, ids, rulebook, at)
    return [ref for ref, facts in found(ids, at) if _matches(each.where, facts, rulebook)]


def still_holds(each: Each, record: Ref, rulebook: Rulebook, at: datetime) -> bool:
    """Whether the record is there and matches; of work, whether it is still open too."""
    if each.of in ("person", "unit", "customer"):
        department = _department_of(record)
        return department is not None and record in records(each, department, rulebook, at)
    work = work_of(record)
    return work is not None and _open_and_matching(work, each.where, rulebook, at)


def _matches(where: Matcher | None, facts: dict[str, object], rulebook: Rulebook) -> bool:
    if where is None:
        return True
    return holds(where, facts, calendar=rulebook.calendar, records=lambda count, asked: 0).ok


def _open_and_matching(work: Work, where: Matcher | None, rulebook: Rulebook, at: datetime) -> bool:
    if not work.is_open:
        return False
    records = records_of(work, at)
    return where is None or holds(where, work.facts(), calendar=rulebook.calendar, records=records).ok


def _people(departments: frozenset[int], at: datetime) -> Iterator[Record]:
    held: dict[int, list[str]] = defaultdict(list)
    people = Person.objects.working_at(at).filter(department__in=departments, away_since=None).order_by("pk")
    holdings = PostHolding.objects.at(at).filter(person__in=people)
    for holder, post in holdings.values_list("person_id", "post"):
        held[holder].append(post)
    for person in people:
        unit = Ref("unit", str(person.department_id))
        yield person.ref, {"name": person.name, "post": held[person.pk], "department": unit}


def _units(departments: frozenset[int], at: datetime) -> Iterator[Record]:
    """The departments below, and all teams."""
    for department in Department.objects.filter(pk__in=departments, pack="").order_by("pk"):
        above = Ref("unit", str(department.parent_id)) if department.parent_id else None
        yield department.ref, {"name": department.name, "parent": above}
    for team in Team.objects.filter(department__in=departments).order_by("pk"):
        yield team.ref, {"name": team.name, "parent": Ref("unit", str(team.department_id))}


def _customers(departments: frozenset[int], at: datetime) -> Iterator[Record]:
    rows = Customer.objects.filter(
        department__in=departments, merged_into=None, cancelled_at=None, added_at__lte=at
    )
    for customer in rows.order_by("pk").iterator():
        yield (
            customer.ref,
            {
                "name": customer.name,
                "number": customer.number,
                "kind": customer.kind,
                "grade": customer.grade,
                "region": customer.region,
                "credit": customer.credit,
                "credit_limit": customer.credit_limit,
                "standing": customer.standing,
                "specialist": Ref("person", str(customer.specialist_id)) if customer.specialist_id else None,
                "department": Ref("unit", str(customer.department_id)),
            },
        )


def _works(each: Each, departments: frozenset[int], rulebook: Rulebook, at: datetime) -> list[Ref]:
    kind = rulebook.kinds.get(each.of)
    if kind is None:
        return []
    rows = registry.model_of(kind.chapter)._default_manager.filter(
        kind=each.of, department__in=departments, closed_at=None, voided_at=None
    )
    found = [work for work in rows.order_by("pk") if _open_and_matching(work, each.where, rulebook, at)]
    return [Ref(each.of, str(work.pk)) for work in found]  # by its kind, as fields of forms name it


def _department_of(record: Ref) -> Department | None:
    """The department whose rulebook the record's own one lives by."""
    pk: int | None = None
    if record.kind == "person":
        pk = Person.objects.filter(pk=record.id).values_list("department_id", flat=True).first()
    elif record.kind == "customer":
        pk = Customer.objects.filter(pk=record.id).values_list("department_id", flat=True).first()
    elif record.id.startswith("team-"):
        teams = Team.objects.filter(pk=record.id.removeprefix("team-"))
        pk = teams.values_list("department_id", flat=True).first()
    elif record.id.isdecimal():
        pk = int(record.id)
    if pk is None:
        return None
    tree = Tree()
    return next((one for one in tree.by_id.values() if one.pack and pk in governed(one, tree)), None)
