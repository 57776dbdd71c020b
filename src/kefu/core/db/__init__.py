"""How this product writes: one queue on SQLite, one transaction per action, events last.

Not here: what is written. Start at `writing.write`, then `inserting.insert`; `sqlite` and `postgresql` are
Django backends.
"""

from kefu.core.db.inserting import insert
from kefu.core.db.writing import append_last, collected, write

__all__ = ["append_last", "collected", "insert", "write"]
