"""The lists of the queue: which cases, filtered how, in what order, from where on. Every state is an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from kefu.cases.models import Case, Reach
from kefu.cases.queries import cases_visible_to, few_visible, open_cases
from kefu.core.db import among, follow, select
from kefu.core.errors import Refused
from kefu.core.inputs import searchable
from kefu.core.rulebook.model import Kind, Text
from kefu.core.search import lists as words
from kefu.core.search.queries import FEW
from kefu.core.versions import queries as versions
from kefu.staff.models import Person
from kefu.staff.rights import Tree, scope

LISTS = ("mine", "unassigned", "department", "dispatched", "overdue", "all")
# key -> (column, descending); the id parts equal ones. Nothing else is ever sorted by.
SORTS: Mapping[str, tuple[str, bool]] = {
    "due": ("due_at", False),
    "opened": ("opened_at", True),
    "changed": ("changed_at", True),
}
PAGE = 50
MOST = 1000  # counts stop here
COUNTED_AMONG = 500


@dataclass(frozen=True, slots=True)
class Page:
    """`after`: the place to go on from, "" at the end. `looked`: how many cases of the list were looked through for a
    common word, where they did not fill the page and the list goes on; else 0."""

    rows: list[Case]
    after: str = ""
    looked: int = 0


@dataclass(frozen=True)
class Wanted:
    """One state of the queue. Empty strings do not filter. `grade` is `field:level`."""

    person: Person
    at: datetime
    name: str = "mine"
    kind: str = ""
    state: str = ""
    owner: str = ""
    grade: str = ""
    q: str = ""
    sort: str = "due"
    after: str = ""

    @cached_property
    def visible(self) -> QuerySet[Case]:
        return cases_visible_to(self.person, self.at)

    @cached_property
    def open(self) -> QuerySet[Case]:
        return open_cases(self.visible)

    def of(self, name: str) -> QuerySet[Case]:
        """The cases of one list, not filtered further."""
        open_ = self.open
        match name:
            case "mine":
                return open_.filter(owner=self.person)
            case "unassigned":
                return open_.filter(owner=None)
            case "department":
                return open_.filter(department=self.person.department_id)
            case "dispatched":
                return open_.filter(pk__in=_reaching(self.person))
            case "overdue":
                return open_.filter(due_at__lt=self.at)
        return self.visible

    def count(self, name: str) -> int:
        """How many, at most `MOST` + 1: more than that is said as “1000+”."""
        return _number(self.of(name))

    @cached_property
    def filtered(self) -> QuerySet[Case]:
        """All of it: costs as much as the list is long, where `q` is a common word. For pages see `page`."""
        return words.holding(self._narrowed, self.q, Case.noun) if self.q.strip() else self._narrowed

    @cached_property
    def _narrowed(self) -> QuerySet[Case]:
        """By everything but the words."""
        cases, plain = self.of(self.name), Q()
        if self.kind:
            plain &= Q(kind=self.kind)
        if self.state:
            plain &= Q(state=self.state)
        if self.owner:
            plain &= Q(owner=int(self.owner))
        if self.grade:
            plain &= Q(grade=self.grade)
        cases = cases.filter(plain)
        if self.name == "all" and (few := self._few(plain)) is not None:
            cases = cases.filter(pk__in=few)
        return cases

    def _few(self, plain: Q) -> list[int] | None:
        """The ids of all cases that the filters, or what the person may see, leave if they are few: the list of all
        would be walked from its end to its beginning for them. None else."""
        seen = few_visible(scope(self.person, self.at), self.person)
        if seen is not None or not plain:
            return seen
        found = list(Case.objects.filter(plain).values_list("pk", flat=True)[: FEW + 1])
        return found if len(found) <= FEW else None

    def _in_order(self) -> Iterator[tuple[QuerySet[Case], tuple[str, ...]]]:
        """The list from where it goes on, in parts that are each read in the order of an index, and those orders: cases
        with a value to sort by, then those without."""
        column, descending = SORTS[self.sort]
        sign, side = ("-", "lt") if descending else ("", "gt")
        value, pk = _place(self.after) if self.after else (None, None)
        if value is not None or pk is None:
            there = self._narrowed.filter(**{f"{column}__isnull": False})
            if value is not None:  # said so that an index is entered at the place
                there = there.filter(
                    Q(**{f"{column}__{side}": value}) | Q(**{f"pk__{side}": pk}),
                    **{f"{column}__{side}e": value},
                )
            yield there, (f"{sign}{column}", f"{sign}pk")
        if Case._meta.get_field(column).null:
            without = self._narrowed.filter(**{column: None})
            if pk is not None and value is None:
                without = without.filter(**{f"pk__{side}": pk})
            yield without, (f"{sign}pk",)

    def page(self) -> Page:
        """One page of cases with what a row shows. A common word is looked for in the list itself, in its order, no
        further than `words.STEPS` at once."""
        column, _ = SORTS[self.sort]
        ids: list[int] = []
        last = None
        for part, order in self._in_order():
            cases, wanted = part.order_by(*order), PAGE + 1 - len(ids)
            if self.q.strip():
                found, last = words.first_holding(cases, self.q, Case.noun, wanted)
                ids += found
            else:
                ids += cases.values_list("pk", flat=True)[:wanted]
            if last is not None or len(ids) > PAGE:
                break
        rows = _rows(ids)
        if len(rows) > PAGE:
            return Page(rows[:PAGE], _place_of(rows[PAGE - 1], column))
        if last is not None:
            return Page(rows, _place_of(Case.objects.get(pk=last), column), looked=words.STEPS[-1])
        return Page(rows)

    def counted(self) -> tuple[int, bool]:
        """How many the list has, at most `MOST` + 1; and whether there may be more than that, as of a common word in a
        long list, in which no more than the latest `COUNTED_AMONG` are looked through."""
        if not self.q.strip():
            return _number(self._narrowed), False
        rare = words.held_by_few(self.q, Case.noun)
        if rare is not None:
            return _number(self._narrowed.filter(pk__in=rare)), False
        latest = list(self._narrowed.order_by("-pk").values_list("pk", flat=True)[: COUNTED_AMONG + 1])
        there = Case.objects.filter(pk__in=latest[:COUNTED_AMONG])
        return words.read(there, self.q, Case.noun).count(), len(latest) > COUNTED_AMONG


def _number(cases: QuerySet[Case]) -> int:
    """How many, at most `MOST` + 1. Without the query builder's own `count`, which takes as long again as the rest."""
    try:
        found, values = cases.order_by().values_list("pk")[: MOST + 1].query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({found}) found", values)  # noqa: S608 (the query builder's own SQL)
        return int(cursor.fetchone()[0])


def _rows(ids: Sequence[int]) -> list[Case]:
    """The cases in this order, with what a row shows."""
    found = {case.pk: case for case in select(Case, among("id", ids), ids)}
    rows = [found[pk] for pk in ids if pk in found]
    follow(rows, "owner", "customer")
    return rows


def kinds_in_force(at: datetime) -> dict[str, Kind]:
    """Kinds of cases of the rulebooks in force. One query for the departments and one for each pack."""
    kinds: dict[str, Kind] = {}
    for pack in sorted({department.pack for department in Tree().by_id.values() if department.pack}):
        for kind in versions.in_force(pack, at).kinds.values():
            if kind.chapter == Case.chapter:
                kinds.setdefault(kind.name, kind)
    return kinds


def grades_of(kinds: Mapping[str, Kind]) -> dict[str, Text]:
    """The grades that lists may be filtered by: `field:level`."""
    return {
        f"{kind.grades.name}:{level}": text.title
        for kind in kinds.values()
        if kind.grades
        for level, text in kind.grades.levels.items()
    }


def require_known(kind: str, state: str, kinds: Mapping[str, Kind]) -> None:
    """Raises Refused list.filter for a kind that no rulebook in force has, and for a state outside its flow.

    Without a kind, `state` is one of any flow.
    """
    if kind and kind not in kinds:
        raise _wrong("list.filter", kind, tuple(kinds))
    flows = [kinds[kind].flow] if kind else [one.flow for one in kinds.values()]
    states = dict.fromkeys(name for flow in flows for name in flow.states)
    if state and state not in states:
        raise _wrong("list.filter", state, tuple(states))


def wanted(person: Person, at: datetime, query: Mapping[str, str], kinds: Mapping[str, Kind]) -> Wanted:
    """Read the address of a list. Raises Refused list.unknown, list.sort, list.filter, list.place.

    kinds: those in force, by name.
    """
    name = query.get("list", "all" if query.get("q") else "mine")  # the search of the bar asks everywhere
    sort = query.get("sort", "due")
    if name not in LISTS:
        raise _wrong("list.unknown", name, LISTS)
    if sort not in SORTS:
        raise _wrong("list.sort", sort, tuple(SORTS))
    kind, state = query.get("kind", ""), query.get("state", "")
    require_known(kind, state, kinds)
    if state and not kind:
        raise Refused(
            "list.filter",
            zh="各类工单的状态不同：按状态筛选时请先选择类型。",
            en="Each kind of case has states of its own: choose the kind before a state.",
            given=state,
        )
    owner, grade = query.get("owner", ""), query.get("grade", "")
    if owner and not (owner.isascii() and owner.isdecimal() and len(owner) < 19):
        raise _wrong("list.filter", owner, ())
    if grade and grade not in (grades := grades_of(kinds)):
        raise _wrong("list.filter", grade, tuple(grades))
    after = query.get("after", "")
    if after:
        _place(after)
    return Wanted(
        person,
        at,
        name=name,
        kind=kind,
        state=state,
        owner=owner,
        grade=grade,
        q=searchable(query.get("q", ""))[:200],
        sort=sort,
        after=after,
    )


def _reaching(person: Person) -> QuerySet[Reach, int]:
    return Reach.objects.filter(department=person.department_id).values_list("case_id", flat=True)


def _place(after: str) -> tuple[datetime | None, int]:
    value, _, pk = after.partition("~")
    try:
        instant = datetime.fromisoformat(value) if value else None
        if instant is not None and instant.tzinfo is None:
            raise ValueError
        return instant, int(pk)
    except ValueError:
        raise _wrong("list.place", after, ()) from None


def _place_of(case: Case, column: str) -> str:
    value = getattr(case, column)
    return f"{value.isoformat() if value else ''}~{case.pk}"


def _wrong(code: str, given: str, allowed: tuple[str, ...]) -> Refused:
    zh = f"；可用：{'、'.join(allowed)}" if allowed else ""
    en = f"; allowed: {', '.join(allowed)}" if allowed else ""
    return Refused(
        code,
        zh=f"地址中的「{given[:40]}」不能用于列表{zh}。",
        en=f"“{given[:40]}” in the address means nothing to the list{en}.",
        given=given[:40],
    )
