"""Cases that are likely the same or raised again: one customer, one place, or much the same words, within 30 days.

Candidates come from an index (customer, place, the latest of the department), so looking costs the same in a large
archive; their words are compared by pairs of neighbouring characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q, QuerySet

from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to
from kefu.core.search.text import fold
from kefu.customers.models import Customer, Site
from kefu.customers.queries import all_numbers
from kefu.staff.models import Person

NEAR = timedelta(days=30)
NEIGHBOURS, LATEST = 50, 200  # candidates by customer or place, and of the department
ALIKE, RELATED = (
    0.5,
    0.2,
)  # share of the shorter one's pairs that both have: of strangers, of one customer or place
SHOWN = 8

Why = Literal["customer", "place", "words"]


@dataclass(frozen=True, slots=True)
class Similar:
    """`alike`: 0 to 1, how much of the shorter wording both have. `why`: what they share, the strongest first."""

    case: Case
    why: Why
    alike: float


def similar_to(case: Case, person: Person, at: datetime) -> list[Similar]:
    """Cases near `case` in time that the person may see, the likest first. Linked and merged ones are known already."""
    known = {
        case.pk,
        *case.links_out.values_list("other", flat=True),
        *case.links_in.values_list("one", flat=True),
    }
    return similar(
        person,
        at,
        kind=case.kind,
        department=case.department_id,
        customer=case.customer,
        site=case.site,
        words=_words(case),
        around=case.opened_at,
        known=known,
    )


def similar(
    person: Person,
    at: datetime,
    *,
    kind: str,
    department: int,
    customer: Customer | None,
    site: Site | None,
    words: str,
    around: datetime,
    known: Iterable[int] = (),
) -> list[Similar]:
    """`similar_to` for a case that is only being registered. Four queries at most beside the person's rights."""
    pairs = _pairs(words)
    cases = cases_visible_to(person, at).filter(
        opened_at__gt=around - NEAR, opened_at__lt=around + NEAR, merged_into=None, voided_at=None
    )
    found: dict[int, Similar] = {}
    for why, rows, most, least in _candidates(cases, kind, department, customer, site):
        for case in rows.exclude(pk__in=known).order_by("-pk")[:most]:
            alike = _alike(pairs, _pairs(_words(case)))
            if case.pk not in found and (alike >= least or (why != "words" and case.kind == kind)):
                found[case.pk] = Similar(case, why, alike)
    return sorted(found.values(), key=lambda one: (-one.alike, -one.case.pk))[:SHOWN]


def _candidates(
    cases: QuerySet[Case], kind: str, department: int, customer: Customer | None, site: Site | None
) -> Iterable[tuple[Why, QuerySet[Case], int, float]]:
    """By what they share: (why, rows, how many to look at, how alike they must be)."""
    if customer is not None:
        yield "customer", cases.filter(customer__in=all_numbers(customer)), NEIGHBOURS, RELATED
    if site is not None:
        yield "place", cases.filter(site=site), NEIGHBOURS, RELATED
    yield "words", cases.filter(Q(department=department), kind=kind), LATEST, ALIKE


def _words(case: Case) -> str:
    """What it is about: its subject, and the content of its form where it has one."""
    content = case.values.get("content")
    return f"{case.subject}\n{content if isinstance(content, str) else ''}"


def _pairs(words: str) -> frozenset[str]:
    """Pairs of neighbouring characters of the folded words, blanks and marks left out."""
    return frozenset(
        run[place : place + 2]
        for run in "".join(char if char.isalnum() else " " for char in fold(words)).split()
        for place in range(len(run) - 1)
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
