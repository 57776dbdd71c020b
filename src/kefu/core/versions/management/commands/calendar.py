"""`kefu calendar`: which years are confirmed. `kefu calendar import FILE|-`: take in an official notice."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import get_language

from kefu.core.errors import Refused, in_language
from kefu.core.ledger.actions import SYSTEM
from kefu.core.versions import actions, queries
from kefu.core.worktime import year_of_notice

LARGEST = 200_000  # characters; a notice has about 800


class Command(BaseCommand):
    help = "Show which years' days off are known; import FILE takes in a notice (放假安排) as published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb")
        taking = verbs.add_parser("import", help="take in the notice of one year, pasted as published")
        taking.add_argument("file", metavar="FILE|-", help="a text file in UTF-8, or - for standard input")
        taking.add_argument(
            "--year", type=int, help="of the notice; needed where its heading does not say it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lang = get_language() or "zh-hans"
        if options["verb"] == "import":
            self._take_in(options["file"], options["year"], at=now(), lang=lang)
        else:
            self._show(lang)

    def _take_in(self, file: str, year: int | None, *, at: datetime, lang: str) -> None:
        text = _read(file)
        year = year or year_of_notice(text)
        if year is None:
            raise CommandError(
                in_language(lang, "通知没有写明年份，请加 --year", "the notice names no year; give --year")
            )
        try:
            days = actions.import_notice(text, year, by=SYSTEM, at=at)
        except Refused as refused:
            raise CommandError(f"{refused.code}: {refused.text(lang)}") from refused
        for day in days:
            what = in_language(lang, "休息" if day.is_off else "上班", "off" if day.is_off else "working")
            self.stdout.write(f"{day.day}  {what}  {day.title(lang)}")

    def _show(self, lang: str) -> None:
        years = ", ".join(str(year) for year in queries.confirmed_years())
        self.stdout.write(
            in_language(lang, f"放假安排已知的年份：{years}", f"days off are known for: {years}")
        )


def _read(file: str) -> str:
    try:
        text = sys.stdin.read(LARGEST + 1) if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error
    if len(text) > LARGEST:
        raise CommandError(f"{file}: longer than {LARGEST} characters, which no notice is")
    return text
