"""kefu simulate: live a small department by a pack through some weeks, and say what fell due."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import Progress

from kefu.core.clocks.verify import differences
from kefu.core.errors import Refused
from kefu.core.rulebook import load_pack
from kefu.core.worktime import Calendar, day_end
from kefu.home.simulated import comparing
from kefu.home.simulated.weeks import live
from kefu.home.simulated.written import Begun, Due, begun
from kefu.home.simulated.written import expected as coming_round
from kefu.staff.models import Organisation


class Command(BaseCommand):
    help = (
        "Live a small department by a pack through some weeks, in an empty database, and say what fell due."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", metavar="PACK")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--until", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument(
            "--seed", type=int, default=1, metavar="N", help="other events for another number"
        )
        parser.add_argument(
            "--expected",
            type=Path,
            metavar="FILE.csv",
            help="what must fall due and nothing else (rule,start,given,then,post,due,why)",
        )

    def handle(
        self, pack: str, first: date, last: date, seed: int, expected: Path | None, **options: Any
    ) -> None:
        if last < first:
            raise CommandError(f"--until {last} lies before --from {first}")
        settings.KEFU_HOME.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        if Organisation.objects.exists():
            raise CommandError("Weeks are lived in an empty database; set KEFU_HOME to another folder.")
        try:
            written, events = _written(expected, load_pack(pack).calendar, first, last)
            with Progress(transient=True) as bar:
                task = bar.add_task(f"{first} - {last}", total=1.0)
                place = live(
                    pack,
                    first,
                    last,
                    seed=seed,
                    events=events,
                    progress=lambda share: bar.update(task, completed=share),
                )
        except Refused as refused:
            raise CommandError(f"{refused.zh}\n{refused.en}") from refused
        calendar = place.rulebook.calendar
        lived = comparing.fell_due(place, first, last)
        for one in lived:
            began = f"  {calendar.local(one.began):%m-%d %H:%M} ->" if one.began else ""
            self.stdout.write(f"{calendar.local(one.due):%Y-%m-%d %H:%M}  {one.rule}  {one.post}{began}")
        wrong = [one.text("en") for one in differences(at=day_end(calendar, last))]
        if expected is not None:
            wrong += self._compared(comparing.compare(pack, lived, written), "coming round")
            wrong += self._compared(comparing.compare_begun(lived, place.staged), "begun by events")
            for row in sorted({one.rule for one in set(events) - set(place.staged)}):
                self.stdout.write(f"no event of the weeks begins {row}")
        if wrong:
            raise CommandError("\n".join(wrong))

    def _compared(self, found: comparing.Compared, what: str) -> list[str]:
        self.stdout.write(f"{what}: {found.expected} written down, {found.lived} lived")
        return [
            f"{word}: {one.rule}  {one.post}  {one.due:%Y-%m-%d %H:%M %Z}"
            for word, rows in (("not lived", found.missing), ("not written down", found.extra))
            for one in rows
        ]


def _written(path: Path | None, calendar: Calendar, first: date, last: date) -> tuple[list[Due], list[Begun]]:
    """What comes round, and what events begin."""
    if path is None:
        return [], []
    try:
        return coming_round(path, calendar, first, last), begun(path, calendar, first, last)
    except (OSError, KeyError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as a table of what falls due: {error}") from error
