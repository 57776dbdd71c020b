"""`kefu token LOGIN`: a key for a program that acts as a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kefu.core.errors import Refused
from kefu.staff.actions import make_token
from kefu.staff.limits import SCOPES, TOKEN_LONGEST
from kefu.staff.models import Person


class Command(BaseCommand):
    help = "Make a key for the API; it is printed once and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--name", default="kefu token")
        parser.add_argument("--scope", action="append", choices=SCOPES, help="default: read")
        parser.add_argument("--days", type=int, default=90, help=f"at most {TOKEN_LONGEST.days}")

    def handle(self, *, login: str, name: str, scope: list[str] | None, days: int, **options: Any) -> None:
        at = timezone.now()
        person = Person.objects.filter(login=login).first()
        if person is None:
            raise CommandError(f"没有登录名「{login}」 / there is no login “{login}”")
        try:
            _, key = make_token(
                person,
                name=name,
                scopes=scope or ["read"],
                expires_at=at + timedelta(days=days),
                by=person,
                at=at,
            )
        except Refused as refused:
            raise CommandError(f"{refused.zh} / {refused.en}") from refused
        self.stdout.write(key)
