"""kefu demo: fill an empty installation with a lived-in property service centre."""

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

from kefu.home.demo.days import live
from kefu.home.demo.people import AUDITOR, PASSWORD, STAFF
from kefu.staff.models import Organisation


class Command(BaseCommand):
    help = "Make a lived-in property service centre to look around in; a second start keeps what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="begin again with fresh data (SQLite only)")

    def handle(self, *args: Any, reset: bool, **options: Any) -> None:
        if reset or (self._marker("begun").exists() and not self._marker("made").exists()):
            self._forget()  # what a killed start left behind is no department
        settings.KEFU_HOME.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        organisation = Organisation.objects.first()
        if organisation is None:
            self._make()
        elif not self._marker("made").exists():
            raise CommandError(
                f"This installation belongs to “{organisation.name}”; the demonstration needs an empty one. "
                "Set KEFU_HOME to another folder."
            )
        self._say_who_can_sign_in()

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

    def _make(self) -> None:
        began = time.monotonic()
        self._marker("begun").touch()
        with Progress(transient=True) as bar:
            task = bar.add_task("60 天 / 60 days", total=1.0)
            live(timezone.now(), lambda share: bar.update(task, completed=share))
        self._marker("made").touch()
        self.stdout.write(f"演示数据已生成 / made in {time.monotonic() - began:.0f} s")

    def _say_who_can_sign_in(self) -> None:
        self.stdout.write(f"\n可登录的人 / who can sign in (密码 / password: {PASSWORD})")
        posts = {
            login: post or ("auditor" if login == AUDITOR else "company leader")
            for login, _, _, post in STAFF
        }
        shown = ("wangfang", "liqiang", "zhaomin", "chenjing", "hetao", "guogang", "xiening", AUDITOR)
        for login, name, unit, _ in STAFF:
            if login in shown:
                self.stdout.write(f"  {login:10} {name}  {unit:15} {posts[login]}")
