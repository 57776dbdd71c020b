"""`kefu export cases FILE`: the cases a person may see, as xlsx or CSV."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kefu.cases.exporting import FORMATS, export_cases
from kefu.cases.importing.departments import department_for
from kefu.cases.management.watching import watched
from kefu.cases.queries import cases_visible_to
from kefu.core.errors import Refused, in_language
from kefu.core.ledger.actions import SYSTEM
from kefu.staff import queries
from kefu.staff.models import Person


class Command(BaseCommand):
    help = "Write cases into a sheet (xlsx or CSV): those that one person may see."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        cases = what.add_parser("cases", help="one row per case, personal fields left out")
        cases.add_argument("file", type=Path, help="where to: NAME.xlsx or NAME.csv")
        cases.add_argument("--department", default="", help="its code (default: all that may be seen)")
        cases.add_argument("--as", dest="login", default="", help="whose rights apply (default: the owner's)")

    def handle(self, *args: Any, file: Path, department: str, login: str, **options: Any) -> None:
        form = file.suffix.removeprefix(".")
        if form not in FORMATS:
            raise CommandError(f"{file}: .xlsx / .csv")
        at, lang = timezone.now(), settings.LANGUAGE_CODE
        organisation = queries.organisation()
        try:
            person = _person(login)
            cases = cases_visible_to(person, at)
            if department:
                cases = cases.filter(department=department_for("", department, at=at))
        except Refused as refused:
            raise CommandError(f"{refused.zh}\n{refused.en}") from refused
        unfinished = file.with_name(f"{file.name}.part")
        try:
            title = in_language(lang, "导出", "exporting")
            with unfinished.open("wb") as made, watched(title, bar=self.stdout.isatty()) as progress:
                done = export_cases(
                    made,
                    cases,
                    person,
                    form=form,
                    asked={"department": department},
                    by=SYSTEM,
                    at=at,
                    zone=organisation.zone if organisation else settings.TIME_ZONE,
                    lang=lang,
                    progress=progress,
                )
            if done.stopped:
                raise CommandError("已停止，未写出文件。\nStopped; no file was written.", returncode=130)
            unfinished.replace(file)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{file}: {done.rows}")


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
