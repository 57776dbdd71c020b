"""`kefu verify`: does the ledger say what it said when it was written, do the clocks say what it says, and does search
find every record by its words?"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from kefu.core.clocks import verify as clocks
from kefu.core.errors import Refused, in_language
from kefu.core.ledger import anchor
from kefu.core.ledger.verify import Verdict, verify
from kefu.core.search import verify as search


class Command(BaseCommand):
    help = (
        "Check the chain of the ledger; on demand its end against the anchor, every clock against the ledger, and the"
        " search index against the records."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            nargs="?",
            type=Path,
            const=Path(settings.KEFU_HOME) / anchor.FILE,
            metavar="FILE",
            help=f"compare with the heads in FILE (default: {anchor.FILE} in KEFU_HOME)",
        )
        parser.add_argument("--clocks", action="store_true", help="recompute every clock from the ledger")
        parser.add_argument("--search", action="store_true", help="compare the search index with the records")
        parser.add_argument(
            "--repair", action="store_true", help="with --clocks, --search: mend what differs, and record it"
        )

    def handle(
        self, *args: Any, anchor: Path | None, clocks: bool, search: bool, repair: bool, **options: Any
    ) -> None:
        if repair and not (clocks or search):
            raise CommandError(
                self._say(
                    "--repair 需要与 --clocks 或 --search 一起使用", "--repair goes with --clocks or --search"
                )
            )
        self._check_chain(anchor)
        if clocks:
            self._check_clocks(repair=repair)
        if search:
            self._check_search(repair=repair)

    def _check_chain(self, file: Path | None) -> None:
        try:
            verdict = verify(anchor.heads(file) if file else ())
        except Refused as refused:
            raise CommandError(refused.text(settings.LANGUAGE_CODE)) from refused
        if verdict.first_bad is not None:
            raise CommandError(
                self._say(
                    f"台账第 {verdict.first_bad} 行被动过：{verdict.reason}。之前的 {verdict.rows} 行完好。"
                    "请停止使用，并从备份恢复。",
                    f"row {verdict.first_bad} of the ledger was tampered with: {verdict.reason}. The {verdict.rows}"
                    " rows before it are sound. Stop working and restore a backup.",
                )
            )
        self.stdout.write(self._sound(verdict, anchored=file is not None))

    def _sound(self, verdict: Verdict, *, anchored: bool) -> str:
        said = self._say(f"台账 {verdict.rows} 行完好", f"{verdict.rows} rows of the ledger are sound")
        if not anchored:
            return said
        return said + self._say(
            f"，其中 {verdict.after_anchor} 行在最后一个锚点之后",
            f"; {verdict.after_anchor} of them lie after the last anchor",
        )

    def _check_clocks(self, *, repair: bool) -> None:
        found = lost = 0
        for one in clocks.repair(at=now()) if repair else clocks.differences(at=now()):
            found, lost = found + one.can_be_mended, lost + (not one.can_be_mended)
            self.stdout.write(one.text(settings.LANGUAGE_CODE))
        if lost:
            raise CommandError(
                self._say(
                    f"{lost} 件工作依据的制度版本已丢失，无法核对",
                    f"{lost} pieces of work go by a lost version of the rulebook and cannot be checked",
                )
            )
        if found and not repair:
            raise CommandError(
                self._say(
                    f"{found} 处时限记录与台账不符；用 --repair 更正",
                    f"{found} stored clocks differ from the ledger; mend them with --repair",
                )
            )
        self.stdout.write(
            self._say(f"更正 {found} 处时限记录", f"{found} stored clocks mended")
            if found
            else self._say("时限记录与台账一致", "every clock says what the ledger says")
        )

    def _check_search(self, *, repair: bool) -> None:
        found = 0
        for one in search.repair(at=now()) if repair else search.differences():
            found += 1
            self.stdout.write(one.text(settings.LANGUAGE_CODE))
        if found and not repair:
            raise CommandError(
                self._say(
                    f"搜索索引有 {found} 处与记录不符；用 --repair 更正",
                    f"the search index differs from the records in {found} places; mend them with --repair",
                )
            )
        self.stdout.write(
            self._say(f"更正搜索索引 {found} 处", f"{found} places of the search index mended")
            if found
            else self._say("搜索索引与记录一致", "search finds every record by its words")
        )

    def _say(self, zh: str, en: str) -> str:
        return in_language(settings.LANGUAGE_CODE, zh, en)
