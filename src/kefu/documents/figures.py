"""What a report starts with out of a register: how many, the table of counts, or what customers said.

They are looked up when the form is shown and the field is empty: a duty opens long before its period is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import islice

from kefu.core import masks
from kefu.core.clocks.models import ClockRow
from kefu.core.rulebook.model import Field, Kind, Ref, Rulebook
from kefu.core.work import registry
from kefu.core.work.fields import MOST_LINES, fields_of
from kefu.core.work.models import Work
from kefu.documents import filling
from kefu.documents.records import work_of
from kefu.documents.registers.finding import Listed
from kefu.documents.registers.reading import Group, Narrowed, Reader
from kefu.documents.registers.sources import Line
from kefu.documents.registers.words import Words, number_said
from kefu.staff.models import Department, Person
from kefu.staff.rights import Tree

REGISTERS = "registers."
MOST = 20_000  # lines that are read while somebody waits for the form; beyond it the field stays empty
DEEPEST = 3  # a slip for a record for a campaign
COUNT, SHARE, IN_TIME = "count", "share", "in_time"  # columns of a table of counts, besides what it counts by


def figures(
    kind: Kind,
    rulebook: Rulebook,
    values: Mapping[str, object],
    *,
    department: Department,
    origin: Ref | None,
    person: Person,
    at: datetime,
) -> dict[str, object]:
    """Typed values of the fields that begin with a register and hold nothing in `values` (typed).

    Of the span that the form names, else of what was opened for `origin`; of neither nothing is known. Counted and
    quoted is what `person` may see of the department and those below, numbers of people masked.
    """
    empty = [
        field
        for name, field in fields_of(kind).items()
        if field.prefill.startswith(REGISTERS) and values.get(name) in (None, "", [])
    ]
    narrowed = _about(kind, values, origin) if empty else None
    if narrowed is None:
        return {}
    below = Tree().with_descendants(department.pk)
    places = tuple(one for pk, one in Tree().by_id.items() if pk in below)
    found: dict[str, object] = {}
    for field in empty:
        _, name, value = (*field.prefill.split("."), "")[:3]
        listed = Listed(rulebook, rulebook.registers[name], places)
        read = _Read(listed, Reader(listed, person, at, narrowed), value)
        if (fact := read.value(field)) not in (None, "", []):
            found[field.name] = fact
    return found


def of_work(work: Work, person: Person, at: datetime) -> dict[str, object]:
    """The same of a duty or a draft that is open, by what is filled in."""
    origin = Ref(work.parent_kind, str(work.parent_id)) if work.parent_kind else None
    return figures(
        work.rule, work.rulebook, work.values, department=work.department, origin=origin, person=person, at=at
    )


def _about(kind: Kind, values: Mapping[str, object], origin: Ref | None) -> Narrowed | None:
    spans = (values.get(name) for name, field in fields_of(kind).items() if field.type == "span")
    span = next((one for one in spans if isinstance(one, tuple)), None)
    if span is not None:
        return Narrowed(*span)
    work = work_of(origin) if origin is not None else None
    return Narrowed(within=_opened_for(work)) if work is not None else None


def _opened_for(work: Work) -> dict[str, frozenset[int]]:
    """Ids by noun of all that was opened for it, and for that."""
    found: dict[str, frozenset[int]] = {}
    parents = {work.noun: frozenset({work.pk})}
    for _ in range(DEEPEST):
        below: dict[str, frozenset[int]] = {}
        for model in registry.models():
            ids: set[int] = set()
            for noun, pks in parents.items():
                rows = model._default_manager.filter(parent_kind=noun, parent_id__in=pks)
                ids |= set(rows.values_list("pk", flat=True))
            if ids:
                below[model.noun] = frozenset(ids)
        for noun, pks in below.items():
            found[noun] = found.get(noun, frozenset()) | pks
        parents = below
    return found


class _Read:
    """One register as a field wants it. value: a state or an option; then only groups that have it count."""

    def __init__(self, listed: Listed, reader: Reader, value: str) -> None:
        self.listed, self.reader, self.only = listed, reader, value
        self.words = Words(listed, "zh")  # papers are Chinese

    def value(self, field: Field) -> object:
        if self.reader.count() > MOST:
            return None
        counts = bool(self.listed.register.group)
        match field.type:
            case "number" if counts:
                return Decimal(sum(one.count for one in self._groups()))
            case "number":
                return Decimal(sum(1 for _ in self.reader.lines()))
            case "rows":
                return self._table(field) if counts else self._lines(field)
            case "text":
                return "\n".join(self._said())
        return None

    def _groups(self) -> list[Group]:
        groups = self.reader.groups()
        return [one for one in groups if self.only in one.values] if self.only else groups

    def _table(self, field: Field) -> list[dict[str, object]]:
        groups = self._groups()[:MOST_LINES]
        names = filling.names_of(value for one in groups for value in one.values)
        in_time = self._in_time() if IN_TIME in field.fields else {}
        return [
            {
                **self._row(field, _line_of(one, self.listed), names),
                **{
                    column: number
                    for column, number in (
                        (COUNT, Decimal(one.count)),
                        (SHARE, one.share),
                        (IN_TIME, Decimal(in_time.get(one.values, 0))),
                    )
                    if column in field.fields
                },
            }
            for one in groups
        ]

    def _lines(self, field: Field) -> list[dict[str, object]]:
        lines = list(islice(self.reader.lines(), MOST_LINES))
        names = filling.names_of(line.facts.get(name) for line in lines for name in field.fields)
        rows = [self._row(field, line, names) for line in lines]
        return [row for row in rows if row]

    def _row(self, field: Field, line: Line, names: Mapping[Ref, str]) -> dict[str, object]:
        """The columns that are called as what is known of the line: in words where they hold text."""
        found: dict[str, object] = {}
        for name, column in field.fields.items():
            value = line.facts.get(name)
            if column.type == "text":
                value = masks.mask_within(self.words.cell(line, name, names))
                value = "" if masks.is_masked(str(value)) else value
            if value not in (None, "", []):
                found[name] = value
        return found

    def _said(self) -> list[str]:
        """A line of text for each group or record."""
        register = self.listed.register
        if register.group:
            groups = self._groups()[:MOST_LINES]
            return [
                f"{'、'.join(cells[: len(register.group)])}：{number_said(Decimal(one.count))}（{one.share}%）"
                for one, cells in zip(groups, self.words.groups(groups), strict=True)
            ]
        lines = list(islice(self.reader.lines(), MOST_LINES))
        cells = self.words.cells(lines, register.columns)
        return [masks.mask_within("；".join(one for one in row if one)) for row in cells]

    def _in_time(self) -> Mapping[tuple[object, ...], int]:
        """How many of each group kept all their promises."""
        lines = list(self.reader.lines())
        kept = _kept([line.ref for line in lines])
        found: dict[tuple[object, ...], int] = {}
        for line in lines:
            values = self.reader.group_of(line)
            found[values] = found.get(values, 0) + (line.ref in kept)
        return found


def _line_of(group: Group, listed: Listed) -> Line:
    return replace(group.one, facts=dict(zip(listed.register.group, group.values, strict=True)))


def _kept(refs: Sequence[Ref]) -> set[Ref]:
    """Those whose promises were all met: none missed, none still to come."""
    found: set[Ref] = set()
    for noun in {ref.kind for ref in refs}:
        rows = ClockRow.objects.filter(work_kind=noun, work_id__in=_ids(refs, noun))
        missed: dict[int, bool] = {}
        for pk, state, missed_at in rows.values_list("work_id", "state", "missed_at"):
            bad = missed_at is not None or state in ("running", "paused", "missed")
            missed[pk] = missed.get(pk, False) or bad
        found |= {Ref(noun, str(pk)) for pk, bad in missed.items() if not bad}
    return found


def _ids(refs: Iterable[Ref], noun: str) -> Collection[int]:
    return [int(ref.id) for ref in refs if ref.kind == noun]
