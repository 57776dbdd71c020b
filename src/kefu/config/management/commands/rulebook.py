"""`kefu rulebook`: check, test, compare, prove and publish the packs.

Only `publish` and `diff` with one pack need a database.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from kefu.config.database import not_ready
from kefu.core import effects
from kefu.core.errors import Refused, in_language
from kefu.core.ledger.actions import SYSTEM
from kefu.core.proof import run_examples
from kefu.core.proof.coverage import Coverage, coverage
from kefu.core.rulebook import advise, check, load_pack, pack_names, to_source
from kefu.core.rulebook.model import Rulebook
from kefu.core.rulebook.version import diff
from kefu.core.versions import actions, queries
from kefu.core.worktime import day_start

MOST_SURVIVORS = 0.02  # of all mutants that --prove may leave alive


class Command(BaseCommand):
    help = "check, test, compare, prove and publish rulebooks"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        packs = "name of a shipped pack, or the path of a folder that holds one (default: all shipped)"
        for verb, text in (
            ("check", "load the packs and list what is wrong"),
            ("test", "run the worked examples"),
        ):
            verbs.add_parser(verb, help=text).add_argument("packs", nargs="*", help=packs)
        compare = verbs.add_parser("diff", help="say rule by rule what differs")
        compare.add_argument("old", help="a pack; alone: its version in force against its files")
        compare.add_argument("new", nargs="?")
        cover = verbs.add_parser("coverage", help="say which requirements of a catalogue the packs carry")
        cover.add_argument("packs", nargs="*", help=packs)
        cover.add_argument("--requirements", type=Path, required=True, metavar="FILE.csv")
        cover.add_argument(
            "--prove", action="store_true", help="break every rule and see an example turn red"
        )
        cover.add_argument("--json", action="store_true", help="for machines")
        publish = verbs.add_parser("publish", help="freeze a version and put it in force")
        publish.add_argument("pack")
        publish.add_argument("--from", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)(**options)
        except Refused as refused:
            raise CommandError(refused.text(settings.LANGUAGE_CODE)) from refused
        except DatabaseError as error:
            raise CommandError(not_ready() or str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def check(self, *, packs: list[str], **_: Any) -> None:  # type: ignore[override]  # the verb, not Django's checks
        wrong: list[str] = []
        for name in packs or pack_names():
            try:
                rulebook = _load(name)
            except Refused as refused:
                wrong.append(refused.text(settings.LANGUAGE_CODE))
                continue
            listed = advise(rulebook)
            for one in listed:
                self.stdout.write(f"{one.mark}: {self._say(one.zh, one.en)}")
            self.stdout.write(
                self._say(
                    f"{name}：{len(rulebook.kinds)} 种工作，{len(rulebook.clauses)} 条条款，{len(listed)} 条建议，"
                    f"版本 {rulebook.version[:12]}",
                    f"{name}: {len(rulebook.kinds)} kinds, {len(rulebook.clauses)} clauses, {len(listed)} pieces of"
                    f" advice, version {rulebook.version[:12]}",
                )
            )
        if wrong:
            raise CommandError("\n".join(wrong))

    def test(self, *, packs: list[str], **_: Any) -> None:
        failed = 0
        for name in packs or pack_names():
            results = run_examples(_load(name))
            red = [result for result in results if not result.ok]
            for result in red:
                self.stdout.write(str(result))
            failed += len(red)
            green = len(results) - len(red)
            self.stdout.write(
                self._say(
                    f"{name}：示例 {green} 通过，{len(red)} 未通过",
                    f"{name}: {green} examples passed, {len(red)} failed",
                )
            )
        if failed:
            raise CommandError(self._say(f"{failed} 个示例未通过", f"{failed} examples failed"))

    def diff(self, *, old: str, new: str | None, **_: Any) -> None:
        before = _load(old) if new else queries.in_force(_load(old).name, timezone.now())
        changes = diff(before, _load(new or old))
        for change in changes:
            self.stdout.write("\n".join(change.lines(settings.LANGUAGE_CODE)))
        self.stdout.write(self._say(f"{len(changes)} 处不同", f"{len(changes)} rules differ"))

    def coverage(self, *, packs: list[str], requirements: Path, prove: bool, json: bool, **_: Any) -> None:
        found = coverage([_load(name) for name in packs or pack_names()], requirements, prove=prove)
        self.stdout.write(_as_json(found) if json else self._as_text(found))
        if prove and len(found.survivors) > MOST_SURVIVORS * found.mutants:
            raise CommandError(f"{len(found.survivors)} of {found.mutants} mutants survived")

    def publish(self, *, pack: str, day: date | None, **_: Any) -> None:
        rulebook = _load(pack)
        now = timezone.now()
        first = day or rulebook.in_force
        from_ = max(now, day_start(rulebook.calendar, first)) if first else now
        version = actions.publish(to_source(rulebook), by=SYSTEM, at=now, in_force_from=from_)
        self.stdout.write(
            self._say(
                f"{version.pack} {version.hash[:12]} 自 {version.in_force_from:%Y-%m-%d %H:%M} UTC 起生效",
                f"{version.pack} {version.hash[:12]} is in force from {version.in_force_from:%Y-%m-%d %H:%M} UTC",
            )
        )

    def _say(self, zh: str, en: str) -> str:
        return in_language(settings.LANGUAGE_CODE, zh, en)

    def _as_text(self, found: Coverage) -> str:
        lines = [f"{row.status:<8} {row.id}  {', '.join(row.by)}" for row in found.rows if row.by]
        lines += [f"survived {one}" for one in found.survivors]
        lines += [f"unknown  {one}" for one in found.unknown]
        count = {
            status: sum(row.status == status for row in found.rows)
            for status in ("carried", "partly", "not_yet")
        }
        lines.append(", ".join(f"{status}: {number}" for status, number in count.items()))
        if found.proved:
            lines.append(f"{len(found.survivors)} of {found.mutants} mutants survived")
        return "\n".join(lines)


def _load(name: str) -> Rulebook:
    """A shipped pack by its name, or any folder by its path; every effect in it is one that this installation
    can carry out."""
    path = Path(name).resolve()
    rulebook = load_pack(path.name, path.parent) if "/" in name else load_pack(name)
    check(rulebook, effects=effects.words())
    return rulebook


def _as_json(found: Coverage) -> str:
    return json.dumps(found.as_json(), ensure_ascii=False, indent=1)
