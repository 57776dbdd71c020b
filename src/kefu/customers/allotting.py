"""Giving customers to specialists by the form of the rulebook: its move says who looks after them, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from kefu.core.db import write
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Ref
from kefu.core.rulebook.who import resolve
from kefu.core.work.actions import require_opener
from kefu.customers.allocating import Hand
from kefu.customers.keeping import kept
from kefu.customers.models import Customer
from kefu.customers.queries import departments_kept_by
from kefu.customers.ruled import Allocation, allocation, in_force
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

ABILITY, LOAD = "ability", "load"  # fields of the form, where it has them
REMEMBERED = 500  # latest allocations that are asked for the ability of each


def departments_allotted_by(person: Person, at: datetime) -> list[Department]:
    """Where the rulebook has a form for it that the person may begin, the own department first."""
    kept_by = Department.objects.filter(pk__in=departments_kept_by(person, at))
    found = [one for one in kept_by.order_by("pk") if _may(person, one, at)]
    return sorted(found, key=lambda one: one.pk != person.department_id)


def without_specialist(department: Department) -> QuerySet[Customer]:
    """Customers in service whom nobody looks after, or somebody who left; the oldest first."""
    nobody = Q(specialist=None) | Q(specialist__left_at__isnull=False)
    served = Customer.objects.filter(nobody, department=department, merged_into=None, cancelled_at=None)
    return served.select_related("specialist", "department").order_by("pk")


def specialists(department: Department, form: Allocation, at: datetime) -> list[Person]:
    """Whose work customers are, by the rulebook: whoever may do what follows once they are given."""
    here = organisation.at(at, department.pk)
    facts = {"department": Ref("unit", str(department.pk))}
    ids = dict.fromkeys(
        int(one) for who in form.by if who.word == "post" for one in resolve(who, facts, here)
    )
    return list(Person.objects.filter(pk__in=ids, left_at=None).order_by("pk"))


def hands(
    department: Department, people: Sequence[Person], form: Allocation, abilities: Mapping[int, Decimal]
) -> list[Hand]:
    """What each has now, and what they can carry: as said, else as at their last allocation, else as much as others."""
    rows = Customer.objects.filter(specialist__in=people, merged_into=None, cancelled_at=None)
    loads = dict(rows.order_by().values_list("specialist").annotate(Count("pk")))
    before = _remembered(department, form)
    return [
        Hand(one.pk, loads.get(one.pk, 0), abilities.get(one.pk, before.get(one.pk, Decimal(1))))
        for one in people
    ]


def allot(
    customers: Mapping[int, int],
    *,
    department: Department,
    abilities: Mapping[int, Decimal],
    by: Person,
    at: datetime,
) -> list[Document]:
    """Give each customer (id) to a person (id): all of them or none. The form of each says what the person had and can.

    Raises Refused customer.no_allocation where the rulebook has no form for it, work.opener, customer.unknown,
    customer.taken for one who has a specialist by now, customer.specialist for whom they cannot be given to, and what
    the form's move refuses.
    """
    form = _form(department, at)
    with write():
        require_opener(rulebook_of(department, at), form.kind.name, department.pk, by=by, at=at)
        people = {one.pk: one for one in specialists(department, form, at)}
        loads = {one.person: one for one in hands(department, list(people.values()), form, abilities)}
        count = {pk: one.load for pk, one in loads.items()}
        found = without_specialist(department).in_bulk(customers)
        made = []
        for pk, to in customers.items():
            if pk not in found:
                raise _taken(pk, department)
            if to not in people:
                raise _not_one()
            customer = kept(found[pk], by, at)
            values = {
                form.customer: customer.ref,
                form.specialist: people[to].ref,
                ABILITY: loads[to].ability,
                LOAD: Decimal(count[to]),
            }
            made.append(_given(form, values, department=department, by=by, at=at))
            count[to] += 1
    return made


def _given(
    form: Allocation, values: Mapping[str, object], *, department: Department, by: Person, at: datetime
) -> Document:
    asked = {name: value for name, value in values.items() if name in form.kind.form.fields}
    document = documents.begin(
        form.kind.name, department=department, by=by, at=at, values=asked, prefill=True
    )
    return documents.move(
        document, form.move, by=by, at=at, values={form.specialist: values[form.specialist]}
    )


def _form(department: Department, at: datetime) -> Allocation:
    form = allocation(in_force(department, at))
    if form is None:
        raise Refused(
            "customer.no_allocation",
            zh="本部门的制度没有客户分配表，请在客户页面直接填写负责人。",
            en="The rulebook of this department has no form for allocating customers; name who looks after them on "
            "the customer's page.",
        )
    return form


def _may(person: Person, department: Department, at: datetime) -> bool:
    rulebook = in_force(department, at)
    form = allocation(rulebook)
    if rulebook is None or form is None:
        return False
    try:
        require_opener(rulebook, form.kind.name, department.pk, by=person, at=at)
    except Refused:
        return False
    return True


def _remembered(department: Department, form: Allocation) -> dict[int, Decimal]:
    """The ability written down for each at their last allocation."""
    found: dict[int, Decimal] = {}
    rows = Document.objects.filter(department=department, kind=form.kind.name, voided_at=None).order_by("-pk")
    for document in rows[:REMEMBERED]:
        values = document.values
        person, ability = values.get(form.specialist), values.get(ABILITY)
        if isinstance(person, Ref) and isinstance(ability, Decimal | int):
            found.setdefault(int(person.id), Decimal(ability))
    return found


def _taken(pk: int, department: Department) -> Refused:
    customer = Customer.objects.filter(pk=pk, department=department).select_related("specialist").first()
    if customer is None:
        return Refused("customer.unknown", zh="没有这条记录。", en="There is no such record.")
    who = customer.specialist.name if customer.specialist else "—"
    return Refused(
        "customer.taken",
        zh=f"{customer.number} 现由 {who} 负责，或已注销、已合并；其他客户也未分配。请刷新后再分配。",
        en=f"{customer.number} is looked after by {who} by now, or was cancelled or merged; none of the others "
        "were given either. Reload, then allocate again.",
        number=customer.number,
    )


def _not_one() -> Refused:
    return Refused(
        "customer.specialist",
        zh="这位员工不是客户专员或已离职，不能分配客户。请改选他人。",
        en="This person is no specialist for customers, or has left. Choose somebody else.",
    )
