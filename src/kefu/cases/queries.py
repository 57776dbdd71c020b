"""Reading cases. `cases_visible_to` is the only question asked about who may see one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kefu.cases.models import Case, Reach
from kefu.core.db import among, columns
from kefu.core.errors import Refused
from kefu.core.reading import asked_once
from kefu.core.search.queries import FEW
from kefu.staff.models import Person
from kefu.staff.rights import Scope, scope


def cases_visible_to(person: Person, at: datetime) -> QuerySet[Case]:
    """Cases of the departments and people in the person's scope, one's own, and what reached one's department or
    is in the hands of people of a department in scope.

    Three queries to learn the scope, none per case.
    """
    return cases_within(scope(person, at), person)


def cases_within(found: Scope, person: Person) -> QuerySet[Case]:
    """`cases_visible_to` for a scope that was asked for already."""
    if found.company:
        return Case.objects.all()
    reached = Reach.objects.filter(case=OuterRef("pk"), department=person.department_id)
    return Case.objects.filter(
        Q(department__in=found.departments)
        | Q(owner__department__in=found.departments)
        | Q(owner__in=found.people)
        | Q(author__in=found.people)
        | Exists(reached)
    )


@asked_once
def few_visible(found: Scope, person: Person) -> list[int] | None:
    """The ids of all cases that the person may see, if they are few; None else. Each part is read from an index of
    its own, which the one question of `cases_visible_to` cannot be."""
    if found.company:
        return None
    parts: Iterable[QuerySet[Case]] = (
        Case.objects.filter(department__in=found.departments),
        Case.objects.filter(owner__in=found.people),
        Case.objects.filter(author__in=found.people),
        Case.objects.filter(
            owner__in=list(
                Person.objects.filter(department__in=found.departments).values_list("pk", flat=True)
            )
        ),
        Case.objects.filter(
            pk__in=Reach.objects.filter(department=person.department_id)
            .order_by()
            .values("case_id")[: FEW + 1]
        ),
    )
    ids: set[int] = set()
    for part in parts:
        ids.update(part.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(ids) > FEW:
            return None
    return sorted(ids)


def visible_case(person: Person, number: str, at: datetime) -> Case:
    """The case by number. Raises Refused case.unknown, the same whether it does not exist or may not be seen."""
    case = with_names(cases_visible_to(person, at)).filter(number=number[:40]).first()
    if case is None:
        raise unknown(number)
    return case


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With everybody and every place that a case's page names."""
    return cases.select_related("owner", "author", "customer", "site", "department", "customer__department")


def unknown(number: str) -> Refused:
    return Refused(
        "case.unknown",
        zh=f"没有找到工单「{number[:40]}」，请核对编号。",
        en=f"There is no case “{number[:40]}”; please check the number.",
        number=number[:40],
    )


def with_merged(case: Case) -> list[int]:
    """Ids of the case and of all that were merged into it: whose messages and files it shows."""
    ids, last = [case.pk], [case.pk]
    while last := [pk for (pk,) in columns(Case, ("id",), among("merged_into_id", last), last)]:
        ids += last
    return ids


def open_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(closed_at=None, voided_at=None)
