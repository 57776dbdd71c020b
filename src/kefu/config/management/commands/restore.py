"""`kefu restore DIR`: a backup into an empty installation."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kefu.core.backup.restoring import restore
from kefu.core.errors import Refused


class Command(BaseCommand):
    help = "Put a backup into an empty installation; a damaged one is refused before anything changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what `kefu backup` wrote")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made, verdict = restore(folder)
        except Refused as refused:
            raise CommandError(f"{refused.zh}\n{refused.en}") from refused
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from error
        if verdict.first_bad is not None:
            raise CommandError(
                f"已恢复，但台账从第 {verdict.first_bad} 号起不符（{verdict.reason}）。\n"
                f"Restored, but the ledger is not sound from number {verdict.first_bad} on ({verdict.reason})."
            )
        self.stdout.write(
            f"已恢复 {made.made_at:%Y-%m-%d %H:%M} UTC 的备份，台账 {verdict.rows} 条，校验无误。\n"
            f"Restored the backup of {made.made_at:%Y-%m-%d %H:%M} UTC: {verdict.rows} ledger rows, all sound."
        )
