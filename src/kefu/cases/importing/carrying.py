"""Carrying lines in, each through the actions of cases at its own instant.

A case is carried in whole or not at all, so a mended row later finds its case where it left it. What a rulebook
asks for at steps of clocks is recorded at the steps' instants and delivered to nobody: it is history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Min

from kefu.cases import actions
from kefu.cases.importing.mapping import CaseMapping, check_fits
from kefu.cases.importing.models import ImportedCase
from kefu.cases.importing.reading import Happening, Line
from kefu.cases.models import Case
from kefu.core import clocks
from kefu.core.clocks.models import ClockRow
from kefu.core.db import one_at_a_time, write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import Actor
from kefu.core.rulebook.model import Kind
from kefu.core.sheets import Progress, to_the_end
from kefu.core.versions import queries as versions
from kefu.core.work.actions import set_values
from kefu.core.work.fields import fields_of, read_values
from kefu.staff.models import Department
from kefu.staff.rights import Tree

BATCH = (
    20  # rows to a commit: its cost is small beside them, and people at work wait a tenth of a second at most
)


@dataclass(slots=True)
class Carried:
    """What an import did, or with a dry run would do. `refused`: the reason by row number."""

    cases: int = 0
    rows: int = 0
    known: int = 0  # rows that an earlier run had carried in
    refused: dict[int, Refused] = field(default_factory=dict)
    held: dict[int, Refused] = field(default_factory=dict)  # sound rows of a case that has a refused one
    stopped: bool = False  # before the last row, because `progress` said so


class _TakeBack(Exception):
    """Ends the transaction of a dry run."""


def import_cases(
    cases: Mapping[str, Sequence[Line]],
    mapping: CaseMapping,
    *,
    department: Department,
    at: datetime,
    dry: bool = False,
    progress: Progress = to_the_end,
) -> Carried:
    """Carry in the lines of each case, `BATCH` rows or a little more to one commit.

    at: now; the clocks of the cases are brought up to it.
    A run that was cut off or stopped is run again: rows carried in before are left as they are. Of two runs of one
    source at once each row is carried in by one and known to the other.
    Raises Refused work.unknown_kind, import.mapping_fit, rulebook.not_published before any row.
    """
    check_fits(mapping, _kind(mapping.kind, department, at))
    importer = _Importer(mapping, department, at)
    done, total = 0, sum(map(len, cases.values()))
    for batch in _batches(cases):
        if not progress(done, total):
            importer.carried.stopped = True
            break
        try:
            with write():
                one_at_a_time(f"import:{mapping.source}")
                for key, lines in batch:
                    importer.case(key, lines)
                if dry:
                    raise _TakeBack
        except _TakeBack:
            pass
        done += sum(len(lines) for _, lines in batch)
    return importer.carried


def _kind(name: str, department: Department, at: datetime) -> Kind:
    kinds = versions.in_force(Tree().pack_of(department.pk), at).kinds
    if name in kinds:
        return kinds[name]
    raise Refused(
        "work.unknown_kind",
        zh=f"部门「{department.name}」的制度没有「{name}」这一类；可用：{'、'.join(kinds)}。",
        en=f"The rulebook of “{department.name}” has no kind “{name}”; it has: {', '.join(kinds)}.",
        kind=name,
    )


def _batches(cases: Mapping[str, Sequence[Line]]) -> Iterable[list[tuple[str, Sequence[Line]]]]:
    batch: list[tuple[str, Sequence[Line]]] = []
    rows = 0
    for key, lines in cases.items():
        batch.append((key, lines))
        rows += len(lines)
        if rows >= BATCH:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


class _Importer:
    def __init__(self, mapping: CaseMapping, department: Department, at: datetime) -> None:
        self.mapping = mapping
        self.department = department
        self.at = at
        self.by = Actor(f"import:{mapping.source}")
        self.carried = Carried()
        self.moves: dict[tuple[str, str, str], tuple[str, ...]] = {}  # version, from, to -> names

    def case(self, key: str, lines: Sequence[Line]) -> None:
        """Carry in the rows of one case that are not known yet, all or none."""
        refused = {line.number: line.refused for line in lines if line.refused}
        if not refused:
            refused = self._carry(f"{self.mapping.source}:{key}", lines)
        if refused:
            self._hold_back(lines, refused)

    def _hold_back(self, lines: Sequence[Line], refused: Mapping[int, Refused]) -> None:
        self.carried.refused |= refused
        keyless = {number for number, why in refused.items() if why.code == "import.key"}
        first = min(refused)
        for line in lines:
            if line.number not in refused and not keyless:
                self.carried.held[line.number] = Refused(
                    "import.case_refused",
                    zh=f"同一工单的第 {first} 行未能导入；工单要么整单导入，要么不导入。",
                    en=f"Row {first} of the same case was refused; a case is carried in whole or not at all.",
                    row=first,
                )

    def _carry(self, import_key: str, lines: Sequence[Line]) -> dict[int, Refused]:
        imported = ImportedCase.objects.select_related("case").filter(case__import_key=import_key).first()
        known = Counter(imported.rows if imported else ())
        fresh = []
        for line in lines:
            if known[line.digest]:
                known[line.digest] -= 1
            else:
                fresh.append(line)
        if not fresh:
            self.carried.known += len(lines)
            return {}
        line = fresh[0]
        try:
            with write():
                case = imported.case if imported else None
                for line in fresh:
                    case = self._row(case, import_key, line)
                if case is not None:
                    self._remember(case, imported, fresh)
                    self._pass_time(case, self.at)
        except Refused as refused:
            return {line.number: refused}
        self.carried.known += len(lines) - len(fresh)
        self.carried.rows += len(fresh)
        self.carried.cases += imported is None
        return {}

    def _row(self, case: Case | None, import_key: str, line: Line) -> Case:
        if case is None:
            case = self._register(import_key, line)
        elif self.mapping.rows is None:
            raise Refused(
                "import.key_twice",
                zh=f"编号「{import_key.partition(':')[2]}」的工单已经导入或在文件中出现两次。",
                en=f"The case “{import_key.partition(':')[2]}” is in the file twice or was imported before.",
            )
        for happening in line.happenings:
            case = self._happen(case, happening)
        return case

    def _register(self, import_key: str, line: Line) -> Case:
        opening = line.opening
        if opening is None:
            raise ValueError(f"row {line.number} was refused and cannot open a case")
        return actions.register(
            self.mapping.kind,
            department=self.department,
            by=self.by,
            at=opening.at,
            subject=opening.subject,
            body=opening.body,
            values={name: value for name, value in opening.values.items() if value},
            import_key=import_key,
        )

    def _happen(self, case: Case, happening: Happening) -> Case:
        """Make the move of the row, or where its state has none, change the fields that it states otherwise."""
        if happening.at < case.changed_at:
            raise Refused(
                "import.too_late",
                zh=f"该行发生在 {happening.at:%Y-%m-%d %H:%M}，"
                f"而工单已记录到 {case.changed_at:%Y-%m-%d %H:%M}（UTC）。",
                en=f"The row is of {happening.at:%Y-%m-%d %H:%M}, but the case is on record up to"
                f" {case.changed_at:%Y-%m-%d %H:%M} (UTC).",
            )
        self._pass_time(
            case, happening.at - datetime.resolution
        )  # what falls due at an instant follows its row
        values = self._changed(case, happening.values)
        move = happening.move or self._move_to(case, happening.state)
        if move:
            case = actions.move(case, move, by=self.by, at=happening.at, values=values)
        else:
            case = set_values(case, values, by=self.by, at=happening.at)
        if happening.message:
            actions.add_message(case, by=self.by, at=happening.at, body=happening.message, public=True)
        return case

    def _changed(self, case: Case, given: Mapping[str, str]) -> dict[str, object]:
        zone = case.rulebook.calendar.zone
        read = read_values(fields_of(case.rule), given, zone=zone)
        before = case.values
        return {name: given[name] for name, value in read.items() if before.get(name) != value}

    def _move_to(self, case: Case, state: str) -> str:
        """The one move from the case's state to `state`; "" where a state that stays as it is has none."""
        asked = case.version, case.state, state
        if asked not in self.moves:
            moves = case.flow.moves.values()
            self.moves[asked] = tuple(m.name for m in moves if m.to == state and case.state in m.from_)
        found = self.moves[asked]
        if len(found) == 1 or (not found and case.state == state):
            return found[0] if found else ""
        raise Refused(
            "import.no_move" if not found else "import.move_unclear",
            zh=f"流程中从「{case.state}」到「{state}」的动作有 {len(found)} 个，应恰有一个。",
            en=f"The flow has {len(found)} moves from “{case.state}” to “{state}”; there must be exactly one.",
            moves=list(found),
        )

    def _pass_time(self, case: Case, until: datetime) -> None:
        """Let the steps of the case's clocks happen that were due by `until`."""
        if case.due_at is None:  # no promise is open
            return
        rows = ClockRow.objects.filter(work_kind=case.noun, work_id=case.pk)
        next_at = rows.aggregate(first=Min("next_at"))["first"]
        if next_at is not None and next_at <= until:
            clocks.carry_out(case.ref, at=until, deliver=False)

    def _remember(self, case: Case, imported: ImportedCase | None, lines: Sequence[Line]) -> None:
        digests = [line.digest for line in lines]
        if imported is None:
            ImportedCase.objects.create(case=case, rows=digests)
        else:
            imported.rows = [*imported.rows, *digests]
            imported.save(update_fields=["rows"])
