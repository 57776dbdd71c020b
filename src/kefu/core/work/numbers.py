"""Running numbers: `TS{yyyymmdd}-{seq:4}` gives TS20260924-0001, counted per prefix."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from kefu.core.work.models import Counter

_SEQ = re.compile(r"\{seq:(\d+)\}")
_DAY = {"{yyyymmdd}": "%Y%m%d", "{yyyymm}": "%Y%m", "{yyyy}": "%Y"}


def next_number(pattern: str, *, at: datetime, zone: str) -> str:
    """Give the next number of `pattern`, dated by the day of `at` in `zone`. One statement; the writer's lock
    (SQLite) or the counter's row (PostgreSQL) keeps two writers apart, and a rolled-back number is given again."""
    local = at.astimezone(ZoneInfo(zone))
    for word, form in _DAY.items():
        pattern = pattern.replace(word, local.strftime(form))
    width = int(match.group(1)) if (match := _SEQ.search(pattern)) else 0
    prefix = _SEQ.sub("", pattern)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Counter._meta.db_table} (prefix, last) VALUES (%s, 1)"  # noqa: S608 (a table's name)
            " ON CONFLICT (prefix) DO UPDATE SET last = work_counter.last + 1 RETURNING last",
            [prefix],
        )
        (last,) = cursor.fetchone()
    return f"{prefix}{last:0{width}d}"
