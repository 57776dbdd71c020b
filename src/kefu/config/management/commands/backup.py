"""`kefu backup DIR`: the whole installation into a folder, while people work."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kefu.core.backup.making import back_up
from kefu.core.errors import Refused


class Command(BaseCommand):
    help = "Write database, stored files, anchor and key into a new folder; people may go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = back_up(folder, at=timezone.now())
        except Refused as refused:
            raise CommandError(f"{refused.zh}\n{refused.en}") from refused
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from error
        size = sum(part.size for part in made.parts.values()) / 1e6
        self.stdout.write(
            f"已备份到 {folder}：台账至第 {made.head.seq} 号，{size:.1f} MB。\n"
            f"Backed up into {folder}: the ledger up to number {made.head.seq}, {size:.1f} MB."
        )
        for name in made.lost:
            self.stderr.write(
                f"附件 {name} 在磁盘上已不存在 / the stored file {name} is not on the disk any more"
            )
