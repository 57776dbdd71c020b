"""`kefu import`: cases of another system with their history; lists of staff, customers and rooms."""

# ruff: noqa: N999 (the command is called import)

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kefu.cases.importing.carrying import Carried, import_cases
from kefu.cases.importing.departments import department_for
from kefu.cases.importing.mapping import read_mapping
from kefu.cases.importing.reading import read_lines
from kefu.cases.importing.refusing import refused_sheet
from kefu.cases.management.watching import watched
from kefu.core.errors import Refused, in_language
from kefu.core.ledger.actions import SYSTEM
from kefu.core.sheets import Outcome, Progress, read_rows, write_refused
from kefu.customers.imports import CUSTOMER_COLUMNS, ROOM_COLUMNS, import_customers, import_rooms
from kefu.staff.imports import COLUMNS as STAFF_COLUMNS
from kefu.staff.imports import import_staff

INTERRUPTED = 130  # what shells know as ended by Ctrl-C
SHOWN = 20  # refused rows told on the screen; the sheet has all of them


class Command(BaseCommand):
    _stopped = False  # by Ctrl-C, before the last row
    help = "Bring in cases with their history, or lists of staff, customers and rooms (CSV or xlsx)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        for name, purpose in (
            ("cases", "cases of another system, each row at its own instant, by a mapping"),
            ("staff", "people with department, post and team"),
            ("customers", "customers with contact points and rooms"),
            ("rooms", "rooms of communities"),
        ):
            part = what.add_parser(name, help=purpose)
            part.add_argument("file", type=Path, help="CSV (UTF-8 or GB18030, plain or gz) or xlsx")
            part.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
            part.add_argument(
                "--refused", type=Path, help="where refused rows go (default: FILE.refused.xlsx)"
            )
            if name != "staff":
                part.add_argument(
                    "--department", default="", help="its code (default: the only one that fits)"
                )
            if name == "cases":
                part.add_argument("--mapping", type=Path, required=True, help="which column says what (YAML)")

    def handle(self, *args: Any, what: str, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                sheet = _CARRY[what](self, opened, options)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as error:
            raise CommandError(f"{file}: {error.zh}\n{file}: {error.en}") from error
        told = []
        if sheet:
            place = options["refused"] or file.with_name(f"{file.name}.refused.xlsx")
            place.write_bytes(sheet)
            told += [
                f"未导入的行及原因见 {place}，更正后可直接再导入该表。",
                f"The rows not imported and why: {place}. Mend them there and import that sheet.",
            ]
        if self._stopped:
            told += ["已按要求停止，已导入的行保留；再次运行同一命令即可继续。"]
            told += ["Stopped as asked; what was imported stays. Go on with the same command."]
        if told:
            raise CommandError("\n".join(told), returncode=INTERRUPTED if self._stopped else 1)

    def _tell(self, refused: Mapping[int, Refused]) -> None:
        for number, reason in sorted(refused.items())[:SHOWN]:
            row = self._in(f"第 {number} 行", f"row {number}")
            self.stdout.write(f"{row} {reason.code}: {reason.text(settings.LANGUAGE_CODE)}")

    def _in(self, zh: str, en: str) -> str:
        return in_language(settings.LANGUAGE_CODE, zh, en)

    def _cases(self, file: BinaryIO, options: dict[str, Any]) -> bytes:
        at = timezone.now()
        mapping = read_mapping(options["mapping"])
        department = department_for(mapping.kind, options["department"], at=at)
        cases = read_lines(read_rows(file), mapping, now=at)
        with self._watched() as progress:
            done = import_cases(
                cases,
                mapping,
                department=department,
                at=at,
                dry=options["dry_run"],
                progress=progress,
            )
        self.stdout.write(_told(done, dry=options["dry_run"]))
        self._tell(done.refused)
        self._stopped = done.stopped
        refused = done.refused | done.held
        return refused_sheet(file, refused, settings.LANGUAGE_CODE) if refused else b""

    def _watched(self) -> AbstractContextManager[Progress]:
        return watched(self._in("导入", "importing"), bar=self.stdout.isatty())

    def _list(self, outcome: Outcome, columns: Any) -> bytes:
        would = ("将", "would be ") if outcome.dry else ("已", "")
        self.stdout.write(
            f"{would[0]}导入 {outcome.carried} 行；{outcome.known} 行以前已导入；拒绝 {len(outcome.refused)} 行。\n"
            f"{outcome.carried} rows {would[1]}imported; {outcome.known} rows were known;"
            f" {len(outcome.refused)} refused."
        )
        self._tell({row.number: row.reason for row in outcome.refused})
        self._stopped = outcome.stopped
        return write_refused(outcome.refused, columns, settings.LANGUAGE_CODE) if outcome.refused else b""

    def _staff(self, file: BinaryIO, options: dict[str, Any]) -> bytes:
        at, dry = timezone.now(), options["dry_run"]
        with self._watched() as progress:
            outcome = import_staff(file, dry=dry, by=SYSTEM, at=at, progress=progress)
        return self._list(outcome, STAFF_COLUMNS)

    def _customers(self, file: BinaryIO, options: dict[str, Any]) -> bytes:
        at = timezone.now()
        department = department_for("", options["department"], at=at)
        dry = options["dry_run"]
        with self._watched() as progress:
            outcome = import_customers(file, department, dry=dry, by=SYSTEM, at=at, progress=progress)
        return self._list(outcome, CUSTOMER_COLUMNS)

    def _rooms(self, file: BinaryIO, options: dict[str, Any]) -> bytes:
        at = timezone.now()
        department = department_for("", options["department"], at=at)
        dry = options["dry_run"]
        with self._watched() as progress:
            outcome = import_rooms(file, department, dry=dry, by=SYSTEM, at=at, progress=progress)
        return self._list(outcome, ROOM_COLUMNS)


def _told(done: Carried, *, dry: bool) -> str:
    would = ("将", "would be ") if dry else ("", "")
    return (
        f"{would[0]}新增 {done.cases} 张工单、{done.rows} 行；{done.known} 行以前已导入；"
        f"{len(done.refused)} 行被拒绝，{len(done.held)} 行因同一工单被拒绝而未导入。\n"
        f"{done.cases} cases and {done.rows} rows {would[1]}imported; {done.known} rows were known;"
        f" {len(done.refused)} refused, {len(done.held)} held back with them."
    )


# What carries in each kind of list; what it returns is the sheet of refused rows, empty when there are none.
Carry = Callable[[Command, BinaryIO, dict[str, Any]], bytes]
_CARRY: dict[str, Carry] = {
    "cases": Command._cases,
    "staff": Command._staff,
    "customers": Command._customers,
    "rooms": Command._rooms,
}
