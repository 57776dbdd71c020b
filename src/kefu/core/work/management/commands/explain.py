"""kefu explain NUMBER: every clock of a case or duty, line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.core.work.queries import explained


class Command(BaseCommand):
    help = "Explain the clocks of a case or duty: clause, arithmetic, pauses, history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="number of the case or duty, for example TS20260924-0001")
        parser.add_argument("--at", help="as it stood then (ISO 8601; default: now)")
        parser.add_argument("--language", choices=["zh", "en"], default="zh")

    def handle(self, *args: Any, number: str, at: str | None, language: str, **options: Any) -> None:
        work = _named(number)
        found = explained(work, _instant(at))
        self.stdout.write(
            f"{work.number}  {work.rule.title.text(language)}  {work.flow.states[work.state].title.text(language)}"
        )
        for explanation in found:
            self.stdout.write("")
            for line in explanation.text(language):
                self.stdout.write(f"  {line}")
        if not found:
            self.stdout.write("  没有时限" if language == "zh" else "  no clocks")


def _named(number: str) -> Work:
    for model in registry.models():
        if work := model._default_manager.filter(number=number).first():
            return work
    raise CommandError(f"没有编号为 {number} 的工单或任务 / there is no case or duty numbered {number}")


def _instant(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--at {text}: 不是时间 / not a time (2026-09-24T16:00+08:00)") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
