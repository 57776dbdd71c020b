"""Call lists: whom one is to reach, in which order, and handing the calls out so that everybody has as many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from kefu.cases.choosing import Candidate, Choice, choose
from kefu.cases.models import Capacity, Case
from kefu.core.db import one_at_a_time, write
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.masks import mask
from kefu.core.rulebook.model import Ref
from kefu.core.versions import queries as versions
from kefu.core.work import actions as work
from kefu.core.work.fields import fields_of
from kefu.core.work.recording import locked
from kefu.customers.masking import masked
from kefu.customers.models import ContactPoint, Customer
from kefu.duties.models import Attempt, Duty
from kefu.duties.queries import open_duties_for
from kefu.duties.trying import in_vain, may_end_unreached, next_try_at
from kefu.staff.models import Department, Person
from kefu.staff.rights import heads, posts_of

MOST = 100  # calls on one list
AT_ONCE = 200  # duties handed out by one action


@dataclass(frozen=True, slots=True)
class Call:
    """One line of a call list. phone: masked, "" where none is on record; own_phone: it stands in the duty's form.
    again: the earliest time for the next try. enough: it may be ended as not reached."""

    duty: Duty
    customer: Customer | None
    phone: str
    own_phone: bool
    attempts: tuple[Attempt, ...]
    in_vain: int
    again: datetime
    enough: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A duty and to whom it would go; None where nobody can get it."""

    duty: Duty
    choice: Choice


def call_list(person: Person, at: datetime) -> list[Call]:
    """What one is to reach people for: what can be tried now first, each by its due time. A fixed number of queries."""
    kinds = _kinds_with_attempts(person, at)
    duties = list(
        open_duties_for(person, at)
        .filter(kind__in=kinds)
        .select_related("owner")
        .prefetch_related("attempts")
        .order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST]
    )
    customers = customers_of(duties)
    phones = _phones(customers.values())
    calls = []
    for duty in duties:
        customer = customers.get(duty.pk)
        own = _phone_of_form(duty)
        phone = own or (phones.get(customer.pk, "") if customer else "")
        calls.append(_call(duty, customer, phone, bool(own), at))
    return sorted(calls, key=lambda one: (one.again > at, one.again if one.again > at else at))


def customers_of(duties: Iterable[Duty]) -> dict[int, Customer]:
    """The customer of each duty: the record it is for, one named in its form, that of its case. By id of the duty."""
    duties = list(duties)
    wanted: dict[int, int] = {}
    cases = {duty.parent_id for duty in duties if duty.parent_kind == Case.noun and duty.parent_id}
    by_case = dict(Case.objects.filter(pk__in=cases).values_list("pk", "customer_id")) if cases else {}
    for duty in duties:
        named = (duty.each, duty.values.get("customer"))
        ref = next((one for one in named if isinstance(one, Ref) and one.kind == "customer"), None)
        of_case = by_case.get(duty.parent_id or 0) if duty.parent_kind == Case.noun else None
        found = int(ref.id) if ref is not None and ref.id.isdecimal() else of_case
        if found is not None:
            wanted[duty.pk] = found
    there = Customer.objects.in_bulk(set(wanted.values()))
    return {duty: there[pk] for duty, pk in wanted.items() if pk in there}


def proposed(department: Department, at: datetime) -> list[Handed]:
    """Who would get each duty of the department that nobody has taken: whoever holds its post, is here, knows the
    kind, and has least in hand, those given out before counted."""
    duties = list(_unowned(department)[:AT_ONCE])
    here = organisation.at(at, department.pk)
    holders = {post: [int(one) for one in here.holders(post)] for post in {duty.post for duty in duties}}
    people = {one for held in holders.values() for one in held}
    away = set(Person.objects.filter(pk__in=people).exclude(away_since=None).values_list("pk", flat=True))
    limits = {one.person_id: one for one in Capacity.objects.filter(person__in=people)}
    load = Counter(
        Duty.objects.filter(owner__in=people, closed_at=None, voided_at=None).values_list(
            "owner_id", flat=True
        )
    )
    handed = []
    for duty in duties:
        candidates = [
            Candidate(
                person=one,
                on_duty=one not in away,
                skilled=_skilled(limits.get(one), duty.kind),
                load=load[one],
            )
            for one in holders[duty.post]
        ]
        choice = choose(candidates, "least_loaded")
        if choice.person is not None:
            load[choice.person] += 1
        handed.append(Handed(duty, choice))
    return handed


def hand_out(department: Department, *, by: Person, at: datetime) -> int:
    """Give them out as `proposed` now; returns how many. By posts that may reassign there, and its heads.

    Raises Refused duty.may_not_hand_out.
    """
    require_hands_out(by, department, at)
    number = 0
    with write():
        one_at_a_time(f"duties of department {department.pk}")
        for duty, choice in ((one.duty, one.choice) for one in proposed(department, at)):
            fresh = locked(duty)
            if fresh.owner_id is None and choice.person is not None:
                because = {"why": choice.why, "passed_over": [list(one) for one in choice.passed_over]}
                work.assign(fresh, choice.person, by=by, at=at, because=because)
                number += 1
    return number


def may_hand_out(person: Person, department: Department, at: datetime) -> bool:
    """Heads of the department, and posts held in it that may reassign."""
    here = (held.rule for held in posts_of(person, at) if held.department.pk == department.pk)
    return any(rule is not None and "reassign" in rule.may for rule in here) or heads(
        person, department.pk, at
    )


def require_hands_out(person: Person, department: Department, at: datetime) -> None:
    if not may_hand_out(person, department, at):
        raise Refused(
            "duty.may_not_hand_out",
            zh=f"只有{department.name}有调派权的岗位可以分配任务。",
            en=f"Only posts of {department.name} that may reassign hand duties out.",
        )


def _unowned(department: Department) -> QuerySet[Duty]:
    found = Duty.objects.filter(department=department, owner=None, closed_at=None, voided_at=None).exclude(
        post=""
    )
    return found.order_by(F("due_at").asc(nulls_last=True), "pk")


def _skilled(limit: Capacity | None, kind: str) -> bool:
    return limit is None or not limit.kinds or kind in limit.kinds


def _phone_of_form(duty: Duty) -> str:
    """The number that the duty's form names, masked."""
    fields, values = fields_of(duty.rule), duty.values
    typed = (str(values[name]) for name, one in fields.items() if one.privacy == "phone" and values.get(name))
    return next((mask(one, "phone") for one in typed), "")


def _phones(customers: Iterable[Customer]) -> dict[int, str]:
    """The first telephone of each, masked."""
    points = ContactPoint.objects.filter(
        customer__in={one.pk for one in customers}, kind=ContactPoint.PHONE
    ).order_by("-pk")
    return {point.customer_id: masked(point) for point in points}


def _call(duty: Duty, customer: Customer | None, phone: str, own: bool, at: datetime) -> Call:
    attempts: Sequence[Attempt] = tuple(duty.attempts.all())
    last = attempts[-1].at if attempts else None
    again = next_try_at(duty, last, at)
    vain, enough = in_vain(list(attempts)), may_end_unreached(duty)
    return Call(duty, customer, phone, own, tuple(attempts), vain, again, enough)


def _kinds_with_attempts(person: Person, at: datetime) -> set[str]:
    """Kinds of duty that are about reaching somebody, by the rulebooks the person's duties go by."""
    hashes = open_duties_for(person, at).order_by().values_list("version", flat=True).distinct()
    books = [versions.by_hash(one) for one in hashes]
    return {kind.name for book in books for kind in book.kinds.values() if kind.attempts}
