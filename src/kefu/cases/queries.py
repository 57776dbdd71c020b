"""Reading cases. `cases_visible_to` is the only question asked about who may see one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Func, QuerySet

from kefu.cases.models import Case, Reach
from kefu.core.db import among, columns, follow, select
from kefu.core.errors import Refused
from kefu.core.reading import asked_once
from kefu.core.search.queries import FEW
from kefu.staff.models import Person
from kefu.staff.rights import Scope, Tree, scope


def cases_visible_to(person: Person, at: datetime) -> QuerySet[Case]:
    """Cases of the departments and people in the person's scope, one's own, and what reached one's department or
    is in the hands of people of a department in scope.

    Three queries to learn the scope, none per case.
    """
    return cases_within(scope(person, at), person)


def cases_within(found: Scope, person: Person) -> QuerySet[Case]:
    """`cases_visible_to` for a scope that was asked for already."""
    return Case.objects.all() if found.company else Case.objects.filter(_Within(found, person.department_id))


class _Within(Func):
    """The condition as SQL of its own: a page asks it a dozen times, and the query builder takes longer to put it
    together than the database to answer."""

    output_field = BooleanField()

    def __init__(self, found: Scope, reached: int) -> None:
        super().__init__("department_id", "owner_id", "author_id", "pk")
        self.found, self.reached = found, reached

    def as_sql(  # type: ignore[override]  # no template: the SQL stands here
        self, compiler: Any, *_: Any, **__: Any
    ) -> tuple[str, list[int]]:
        department, owner, author, pk = (compiler.compile(one)[0] for one in self.get_source_expressions())
        reached = f"EXISTS (SELECT 1 FROM cases_reach WHERE case_id = {pk} AND department_id = %s)"  # noqa: S608 (a column)
        parts = [*_parts(self.found, department, owner, author), (reached, [self.reached])]
        return f"({' OR '.join(part for part, _ in parts)})", [one for _, values in parts for one in values]


def _parts(found: Scope, department: str, owner: str, author: str) -> list[tuple[str, list[int]]]:
    """What makes a case visible, besides having reached one's department: conditions of SQL, each with its values, any
    of which suffices. Given are the columns by their names."""
    departments, people = sorted(found.departments), sorted(found.people)
    theirs = f"SELECT id FROM staff_person WHERE {among('department_id', departments)}"  # noqa: S608 (placeholders)
    return [
        (among(department, departments), departments),
        (among(owner, people), people),
        (among(author, people), people),
        (f"{owner} IN ({theirs})", departments),
    ]


@asked_once
def few_visible(found: Scope, person: Person) -> list[int] | None:
    """The ids of all cases that the person may see, if they are few; None else. Each part is read from an index of
    its own, which the one question of `cases_visible_to` cannot be."""
    if found.company:
        return None
    ids: set[int] = set()
    for condition, values in _parts(found, "department_id", "owner_id", "author_id"):
        ids.update(pk for (pk,) in columns(Case, ("id",), f"{condition} LIMIT {FEW + 1}", values))
        if len(ids) > FEW:
            return None
    reached = columns(Reach, ("case_id",), f"department_id = %s LIMIT {FEW + 1}", [person.department_id])
    ids.update(pk for (pk,) in reached)
    return sorted(ids) if len(ids) <= FEW else None


def visible_case(person: Person, number: str, at: datetime) -> Case:
    """The case by number. Raises Refused case.unknown, the same whether it does not exist or may not be seen."""
    found = list(cases_visible_to(person, at).filter(number=number[:40]).values_list("pk", flat=True))
    if not found:
        raise unknown(number)
    return select(Case, "id = %s", found)[0]


def read_names(case: Case) -> None:
    """Everybody and every place that its page names, asked for at once."""
    follow([case], "owner", "author", "customer", "site", "asset")
    departments = Tree().by_id
    case.department = departments[case.department_id]
    if case.customer is not None:
        case.customer.department = departments[case.customer.department_id]


def unknown(number: str) -> Refused:
    return Refused(
        "case.unknown",
        zh=f"没有找到工单「{number[:40]}」，请核对编号。",
        en=f"There is no case “{number[:40]}”; please check the number.",
        number=number[:40],
    )


@asked_once
def with_merged(case: Case) -> list[int]:
    """Ids of the case and of all that were merged into it: whose messages and files it shows."""
    ids, last = [case.pk], [case.pk]
    while last := [pk for (pk,) in columns(Case, ("id",), among("merged_into_id", last), last)]:
        ids += last
    return ids


def taken_in(case: Case, visible: QuerySet[Case]) -> QuerySet[Case]:
    """Those among `visible` that were merged into the case, or into one of them. No question where there are none."""
    return visible.filter(pk__in=with_merged(case)[1:]).order_by("pk")


def open_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(closed_at=None, voided_at=None)
