"""How this product writes: one queue on SQLite, one transaction per action, events last.

Not here: what is written. Start at `writing.write`, then `rows.insert`, `queueing.one_at_a_time`; `sqlite`
and `postgresql` are Django backends.
"""

from kefu.core.db.queueing import one_at_a_time
from kefu.core.db.rows import among, columns, count, follow, insert, instant, select, update
from kefu.core.db.writing import append_last, collected, write

__all__ = [
    "among",
    "append_last",
    "collected",
    "columns",
    "count",
    "follow",
    "insert",
    "instant",
    "one_at_a_time",
    "select",
    "update",
    "write",
]
