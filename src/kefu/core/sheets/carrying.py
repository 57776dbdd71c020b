"""Carrying a list in through an action, a batch of rows to a commit: a dry run first, refused rows kept with their
reason, rows of an earlier run left as they are."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from kefu.core.db import insert, one_at_a_time, write
from kefu.core.errors import Refused
from kefu.core.sheets.imports import Column, Outcome, Progress, RefusedRow, to_the_end
from kefu.core.sheets.models import ImportedRow
from kefu.core.sheets.reading import Row

BATCH = 20  # rows to a commit: people at work wait a tenth of a second at most


class _TakeBack(Exception):
    """Ends the transaction of a dry run."""


def carry_in(
    rows: Iterable[Row],
    columns: Sequence[Column],
    act: Callable[[dict[str, str]], object],
    *,
    into: str,
    dry: bool,
    progress: Progress = to_the_end,
) -> Outcome:
    """Hand each row to `act` (which calls actions and may raise Refused); a refused row leaves nothing behind.

    into: what the rows go into, such as "rooms:3": with its cells a row carried in is known again, so a run that
    was cut off or stopped is run again. `BATCH` rows to a commit, so that people can write between. A dry run does
    the same and takes each batch back.
    """
    outcome = Outcome(dry)
    keyed = _keyed(rows, into)
    for start in range(0, len(keyed), BATCH):
        if not progress(start, len(keyed)):
            outcome.stopped = True
            break
        try:
            with write():
                one_at_a_time(f"import:{into}")
                _carry(keyed[start : start + BATCH], columns, act, outcome)
                if dry:
                    raise _TakeBack
        except _TakeBack:
            pass
    return outcome


def _keyed(rows: Iterable[Row], into: str) -> list[tuple[str, Row]]:
    """Each row with the key it is remembered by. Of rows that are alike each has its own: two people may be."""
    seen: Counter[str] = Counter()
    keyed = []
    for number, cells in rows:
        said = "\x1e".join(f"{name}\x1f{cell}" for name, cell in sorted(cells.items()) if cell)
        seen[said] += 1
        key = hashlib.blake2b(f"{into}\x1d{seen[said]}\x1d{said}".encode(), digest_size=16).hexdigest()
        keyed.append((key, (number, cells)))
    return keyed


def _carry(
    batch: Sequence[tuple[str, Row]],
    columns: Sequence[Column],
    act: Callable[[dict[str, str]], object],
    outcome: Outcome,
) -> None:
    known = set(ImportedRow.objects.filter(pk__in=[key for key, _ in batch]).values_list("pk", flat=True))
    outcome.known += len(known)
    carried = []
    for key, (number, cells) in batch:
        if key in known:
            continue
        try:
            if beyond := cells.get(""):
                raise Refused(
                    "sheet.row_too_wide",
                    zh=f"该行比表头多出内容「{beyond[:40]}」。",
                    en=f"The row has more cells than headings: “{beyond[:40]}”.",
                )
            values = {column.name: column.value(cells.get(column.name, "")) for column in columns}
            with write():
                act(values)
        except Refused as reason:
            outcome.refused.append(RefusedRow(number, cells, reason))
        else:
            carried.append(ImportedRow(key=key))
    insert(carried)
    outcome.carried += len(carried)
