"""kefu demo: fill an empty installation with a lived-in department of a pack."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from rich.progress import Progress

from kefu.home.demo.casts import PACKS, PASSWORD, Cast, cast
from kefu.home.demo.days import live
from kefu.staff.models import Department, Organisation


class Command(BaseCommand):
    help = "Make a lived-in department to look around in; a second start keeps what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pack", choices=PACKS, help=f"which department; {PACKS[0]} if nothing is said")
        parser.add_argument("--reset", action="store_true", help="begin again with fresh data (SQLite only)")

    def handle(self, *args: Any, pack: str | None, reset: bool, **options: Any) -> None:
        if reset or (self._marker("begun").exists() and not self._marker("made").exists()):
            self._forget()  # what a killed start left behind is no department
        settings.KEFU_HOME.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        organisation = Organisation.objects.first()
        if organisation is None:
            self._make(pack or PACKS[0])
        elif not self._marker("made").exists():
            raise CommandError(
                f"This installation belongs to “{organisation.name}”; the demonstration needs an empty one. "
                "Set KEFU_HOME to another folder."
            )
        there = self._there()
        if pack not in (None, there.pack):
            raise CommandError(f"Here is the demonstration of {there.pack} already; add --reset for {pack}.")
        self._say_who_can_sign_in(there)

    def _there(self) -> Cast:
        """Whose demonstration it is, by the department that lives by a pack."""
        return cast(Department.objects.exclude(pack="").order_by("pk").values_list("pack", flat=True)[0])

    def _forget(self) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("--reset works on SQLite only; make an empty PostgreSQL database instead.")
        connection.close()
        path = connection.settings_dict["NAME"]
        for name in (path, f"{path}-wal", f"{path}-shm"):
            Path(str(name)).unlink(missing_ok=True)
        shutil.rmtree(settings.KEFU_HOME / "files", ignore_errors=True)
        for left in (settings.KEFU_HOME / "anchor.log", self._marker("begun"), self._marker("made")):
            left.unlink(missing_ok=True)

    def _marker(self, name: str) -> Path:
        """Files that say how far making the demonstration came."""
        return Path(settings.KEFU_HOME / f"demo.{name}")

    def _make(self, pack: str) -> None:
        began, days = time.monotonic(), cast(pack).days
        self._marker("begun").touch()
        with Progress(transient=True) as bar:
            task = bar.add_task(f"{days} 天 / {days} days", total=1.0)
            live(timezone.now(), lambda share: bar.update(task, completed=share), pack)
        self._marker("made").touch()
        self.stdout.write(f"演示数据已生成 / made in {time.monotonic() - began:.0f} s")

    def _say_who_can_sign_in(self, there: Cast) -> None:
        self.stdout.write(f"\n可登录的人 / who can sign in (密码 / password: {PASSWORD})")
        for one in there.staff:
            if one.login in there.shown:
                posts = ", ".join(one.posts) or (
                    "auditor" if one.login == there.auditor else "company leader"
                )
                self.stdout.write(f"  {one.login:10} {one.name}  {one.unit:15} {posts}")
