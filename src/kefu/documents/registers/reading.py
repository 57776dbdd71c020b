"""Reading a register: page by page, all of it, or counted. Rights, period and department are asked of the database,
conditions of the rulebook of each line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db.models import Q

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Matcher, Test
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Register
from kefu.core.work import counting
from kefu.documents.records import work_of
from kefu.documents.registers import sorting
from kefu.documents.registers.finding import Listed
from kefu.documents.registers.sources import Line, Source, read_key, sort_key, sources
from kefu.staff.models import Person

PAGE = 50
MOST = 100_000  # lines; a longer register is narrowed by period or department
CHUNK = 500  # lines read at once
AT_ONCE = 5_000  # lines that are counted or added up while somebody waits for the page


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a register is asked for: from a day's start to another's end (instants), one department (id).

    within: ids by noun; no other records.
    """

    starts: datetime | None = None
    ends: datetime | None = None
    department: int | None = None
    within: Mapping[str, Collection[int]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """after: what the next page goes on from, "" at the end."""

    lines: list[Line]
    after: str


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table of counts. share: of all lines, in percent. sums: by field. one: a line of the group."""

    one: Line
    values: tuple[object, ...]
    count: int
    share: Decimal
    sums: Mapping[str, Decimal]


SORTED = ("opened_at", "number", "state", "kind")  # columns that are never empty
Place = tuple[int, int]  # of a line: which source, which record


class Reader:
    """One register as one person sees it at an instant."""

    def __init__(self, listed: Listed, person: Person, at: datetime, narrowed: Narrowed) -> None:
        self.register, self.rulebook, self.at = listed.register, listed.rulebook, at
        places = [one.pk for one in listed.departments]
        if narrowed.department is not None:
            places = [pk for pk in places if pk == narrowed.department]
        self.sources = [
            _narrowed(source, self.register, narrowed)
            for source in sources(self.register, self.rulebook, person, at, places)
        ]

    def page(self, after: str = "") -> Page:
        """The lines that follow `after`. Raises Refused register.too_long, list.place."""
        place = _place(after) if after else None
        found = list(islice(self._after(place), PAGE + 1))
        last, _ = found[PAGE - 1] if len(found) > PAGE else ((0, 0), None)
        return Page([line for _, line in found[:PAGE]], f"{last[0]}.{last[1]}" if len(found) > PAGE else "")

    def lines(self) -> Iterator[Line]:
        """All of them, a chunk in memory at a time. Raises Refused register.too_long before the first."""
        if (number := self.count()) > MOST and self.register.where is None:
            raise too_long(number)
        return (line for _, line in self._after(None))

    def count(self) -> int:
        """How many there are at most: conditions that only a line itself can answer are not asked."""
        return sum(source.records.count() for source in self.sources)

    def groups(self) -> list[Group]:
        """The table of counts, largest first."""
        counts: dict[tuple[object, ...], int] = {}
        sums: dict[tuple[object, ...], dict[str, Decimal]] = {}
        ones: dict[tuple[object, ...], Line] = {}
        for line in self.lines():
            values = self.group_of(line)
            counts[values] = counts.get(values, 0) + 1
            ones.setdefault(values, line)
            _add(sums.setdefault(values, {}), line, self.register.sum)
        total = sum(counts.values())
        table = [
            Group(ones[values], values, count, _percent(count, total), sums[values])
            for values, count in counts.items()
        ]
        return sorted(table, key=lambda one: (-one.count, [str(value) for value in one.values]))

    def group_of(self, line: Line) -> tuple[object, ...]:
        """The values of the group to which a line belongs."""
        return tuple(_hashable(line.facts.get(name)) for name in self.register.group)

    def totals(self) -> dict[str, Decimal]:
        """The sums under the columns."""
        found: dict[str, Decimal] = {}
        for line in self.lines():
            _add(found, line, self.register.sum)
        return found

    # --- how --------------------------------------------------------------------------------------------

    def _after(self, place: Place | None) -> Iterator[tuple[Place, Line]]:
        """The lines after a place: by an index of the database, by what it can sort, or by all keys of all."""
        columns = self._columns()
        if columns is not None:
            return self._lines_of(self._keyset(columns, place))
        if (keys := self._keys()) is not None:
            return self._lines_of(self._sorted(keys, place))
        places = self._places()
        start = next((n for n, one in enumerate(places, start=1) if one == place), 0)
        return self._lines_of(iter(places[start:]))

    def _columns(self) -> list[tuple[str, bool]] | None:
        """The columns of the order, each with whether it goes down; None where the database cannot sort by them."""
        order = self.register.order or ("-opened",)
        if len(self.sources) != 1:
            return None
        found = [(self.sources[0].key_column(one.removeprefix("-")), one.startswith("-")) for one in order]
        known = [(column, down) for column, down in found if column in SORTED]
        return [(str(column), down) for column, down in known] if len(known) == len(found) else None

    def _keys(self) -> list[sorting.Key] | None:
        """What the database can sort the only source by."""
        if len(self.sources) != 1 or self.register.of == ("person",):
            return None
        order = self.register.order or ("-opened",)
        columns = [self.sources[0].key_column(one.removeprefix("-")) for one in order]
        return sorting.keys_of(self.register, self.rulebook, columns)

    def _sorted(self, keys: Sequence[sorting.Key], place: Place | None) -> Iterator[Place]:
        """The places after one: a chunk, and all others when more than that is asked for, for each costs a look at
        every record."""
        records = sorting.in_order(self.sources[0].records, keys)
        if place is not None:
            records = sorting.after(records, keys, place[1])
        found = records.values_list("pk", flat=True)
        first = list(found[:CHUNK])
        yield from ((0, pk) for pk in first)
        if len(first) == CHUNK:
            yield from ((0, pk) for pk in found[CHUNK:])

    def _keyset(self, columns: Sequence[tuple[str, bool]], place: Place | None) -> Iterator[Place]:
        """The places after one, a chunk a query. What stands at the place is read again: it may have moved."""
        keys = [*columns, ("id", columns[0][1])]
        records = self.sources[0].records.order_by(*(f"-{one}" if down else one for one, down in keys))
        last = place[1] if place else None
        while True:
            rest = records
            if last is not None:
                values = (
                    self.sources[0].records.filter(pk=last).values_list(*(one for one, _ in keys)).first()
                )
                if values is None:
                    return
                rest = records.filter(_beyond(keys, values))
            chunk = list(rest.values_list("pk", flat=True)[:CHUNK])
            yield from ((0, pk) for pk in chunk)
            if len(chunk) < CHUNK:
                return
            last = chunk[-1]

    def _places(self) -> list[Place]:
        """Where every line stands, in order. Only what it is sorted by is read of each."""
        order = self.register.order or ("-opened",)
        names = [one.removeprefix("-") for one in order]
        down = [one.startswith("-") for one in order]
        keyed: list[tuple[tuple[object, ...], int, int]] = []
        for number, source in enumerate(self.sources):
            columns = [column for name in names if (column := source.key_column(name))]
            rows = source.records.order_by().values_list("pk", *columns)[: MOST + 1]
            for pk, *raw in rows:
                found = iter(raw)
                values = [read_key(next(found)) if source.key_column(name) else None for name in names]
                keyed.append((sort_key(values, down), number, -pk if down[0] else pk))
            if len(keyed) > MOST:
                raise too_long(self.count())
        keyed.sort()
        return [(number, abs(pk)) for _, number, pk in keyed]

    def _lines_of(self, rest: Iterator[Place]) -> Iterator[tuple[Place, Line]]:
        where = self.register.where
        while chunk := list(islice(rest, CHUNK)):
            for place, line in self._read(chunk):
                if where is None or self._holds(where, line):
                    yield place, line

    def _read(self, chunk: Sequence[Place]) -> Iterator[tuple[Place, Line]]:
        """The records of a chunk, a query for each source; one that is gone meanwhile is left out."""
        rows = {
            number: source.records.in_bulk([pk for one, pk in chunk if one == number])
            for number, source in enumerate(self.sources)
            if any(one == number for one, _ in chunk)
        }
        for place in chunk:
            record = rows[place[0]].get(place[1])
            if record is not None:
                yield place, self.sources[place[0]].line(record)

    def _holds(self, where: Matcher, line: Line) -> bool:
        calendar = (line.rulebook or self.rulebook).calendar

        def records(asked: object, facts: object) -> int:
            work = work_of(line.ref)
            return counting.records_of(work, self.at)(asked, facts) if work else 0  # type: ignore[arg-type]

        return holds(where, line.facts, calendar=calendar, records=records).ok


def _percent(count: int, total: int) -> Decimal:
    return (Decimal(count * 100) / total).quantize(Decimal("0.1"))


def too_long(number: int) -> Refused:
    return Refused(
        "register.too_long",
        zh=f"共 {number:,} 行，登记表一次最多 {MOST:,} 行；请按时间或部门缩小范围后分次查看、打印或导出。",
        en=f"{number:,} rows; a register shows at most {MOST:,} at once. Narrow it by period or department.",
        rows=number,
        most=MOST,
    )


def _narrowed(source: Source, register: Register, narrowed: Narrowed) -> Source:
    """As far as the database can tell: period, and states that the register asks for in every alternative."""
    records = source.records
    if narrowed.within is not None:
        records = records.filter(pk__in=narrowed.within.get(getattr(records.model, "noun", ""), ()))
    if source.key_column("opened"):
        if narrowed.starts is not None:
            records = records.filter(opened_at__gte=narrowed.starts)
        if narrowed.ends is not None:
            records = records.filter(opened_at__lt=narrowed.ends)
        if register.where is not None:
            states = [_states(tests) for tests in register.where.any_of]
            if all(states):
                records = records.filter(Q(state__in={one for group in states for one in group}))
    return Source(records, source.line, source.key_column)


def _beyond(keys: Sequence[tuple[str, bool]], values: Sequence[object]) -> Q:
    """What stands after `values` in the order of `keys`: larger in one of them, alike in those before it."""
    found, alike = Q(), Q()
    for (column, down), value in zip(keys, values, strict=True):
        found |= alike & Q(**{f"{column}__{'lt' if down else 'gt'}": value})
        alike &= Q(**{column: value})
    return found


def _states(tests: Sequence[Test]) -> tuple[str, ...]:
    found = [test.operand for test in tests if test.path == "state" and test.operator == "is"]
    return tuple(str(one) for one in found[0]) if found and isinstance(found[0], tuple) else ()


def _add(sums: dict[str, Decimal], line: Line, names: Sequence[str]) -> None:
    for name in names:
        value = line.facts.get(name)
        if isinstance(value, Decimal):
            sums[name] = sums.get(name, Decimal(0)) + value


def _hashable(value: object) -> object:
    """Several choices as one value of a group."""
    return "、".join(str(one) for one in value) if isinstance(value, list) else value


def _place(after: str) -> Place:
    number, _, pk = after.partition(".")
    if not (number.isdecimal() and pk.isdecimal() and len(after) < 24):
        raise Refused(
            "list.place",
            zh="页码无效，请从第一页开始。",
            en="That is no place of the list; begin at its start.",
        )
    return int(number), int(pk)
