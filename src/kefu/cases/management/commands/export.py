"""`kefu export cases FILE`: the cases a person may see, as xlsx or CSV."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kefu.cases.exporting import case_table
from kefu.cases.importing.departments import department_for
from kefu.core.errors import Refused
from kefu.core.sheets import write_csv, write_table
from kefu.staff import queries
from kefu.staff.models import Person

WRITERS = {".xlsx": write_table, ".csv": write_csv}


class Command(BaseCommand):
    help = "Write cases into a sheet (xlsx or CSV): those that one person may see."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        cases = what.add_parser("cases", help="one row per case, personal fields left out")
        cases.add_argument("file", type=Path, help="where to: NAME.xlsx or NAME.csv")
        cases.add_argument("--department", default="", help="its code (default: all that may be seen)")
        cases.add_argument("--as", dest="login", default="", help="whose rights apply (default: the owner's)")

    def handle(self, *args: Any, file: Path, department: str, login: str, **options: Any) -> None:
        if file.suffix not in WRITERS:
            raise CommandError(f"{file}: .xlsx / .csv")
        at = timezone.now()
        try:
            unit = department_for("", department, at=at) if department else None
            organisation = queries.organisation()
            table = case_table(
                _person(login),
                department=unit,
                at=at,
                zone=organisation.zone if organisation else settings.TIME_ZONE,
                lang=settings.LANGUAGE_CODE,
            )
            made = WRITERS[file.suffix](*table)
        except Refused as refused:
            raise CommandError(f"{refused.zh}\n{refused.en}") from refused
        try:
            file.write_bytes(made)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{file}")


def _person(login: str) -> Person:
    """Raises Refused person.unknown."""
    organisation = queries.organisation()
    if not login and organisation is not None:
        return organisation.owner
    found = Person.objects.filter(login=login).first()
    if found is None:
        raise Refused(
            "person.unknown",
            zh=f"没有登录名为「{login[:40]}」的人员。",
            en=f"There is nobody with the login “{login[:40]}”.",
        )
    return found
