"""The SQLite backend: WAL, FULL, IMMEDIATE, foreign keys, and writers in a queue.

FULL because NORMAL loses acknowledged commits when the power fails; IMMEDIATE because a transaction that
reads first and writes later fails at once with "database is locked" whenever another one wrote in between.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models.expressions import Col

from kefu.core.db.sqlite.queue import WriterQueue

BUSY_TIMEOUT = 20  # seconds: for statements outside transactions, which do not queue


class DatabaseOperations(operations.DatabaseOperations):
    def get_db_converters(self, expression: Any) -> list[Any]:
        """None for the instants of a column: they come as such."""
        if isinstance(expression, Col) and expression.output_field.get_internal_type() == "DateTimeField":
            return []
        return super().get_db_converters(expression)

    def convert_datetimefield_value(
        self, value: str | datetime | None, expression: object, connection: object
    ) -> datetime | None:
        """What was computed from columns (their maximum) comes as text."""
        return _instant(value.encode()) if isinstance(value, str) else value


def _instant(stored: bytes) -> datetime:
    """As `adapt_datetimefield_value` stored it: in UTC. A page reads hundreds, and what Django's own reading asks of
    each takes ten times as long."""
    return datetime.fromisoformat(f"{stored.decode()}+00:00")


sqlite3.register_converter("datetime", _instant)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    _queue: WriterQueue | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.setdefault("timeout", BUSY_TIMEOUT)
        self.transaction_mode = "IMMEDIATE"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            connection.execute("PRAGMA journal_mode=WAL").close()
            self._queue = WriterQueue(f"{self.settings_dict['NAME']}.queue")
        connection.execute("PRAGMA synchronous=FULL").close()
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self._queue is not None:
            self._queue.enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._leave_queue()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in the stubs
        self._leave_queue()  # not in `finally`: after a failed COMMIT the transaction goes on until ROLLBACK

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._leave_queue()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            if self._queue is not None:
                self._queue.close()
                self._queue = None

    def _leave_queue(self) -> None:
        if self._queue is not None:
            self._queue.leave()
