"""A queue of writers: a lock on a file beside the database, held from BEGIN IMMEDIATE to COMMIT or ROLLBACK.

SQLite lets one writer in and makes the others sleep and try again, so under load some wait far longer than
their turn. The kernel wakes waiters of `flock` one after another instead, and frees the lock of a dead
process.
"""

from __future__ import annotations

import fcntl
import os


class WriterQueue:
    """One connection's place in the queue. Each has its own open file, so threads exclude each other too."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: int | None = None
        self._held = False

    def enter(self) -> None:
        """Wait for the turn; at once when this connection has it already."""
        if self._held:
            return
        if self._file is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._held = True

    def leave(self) -> None:
        """Give the turn to the next; nothing to do when this connection has it not."""
        if self._held and self._file is not None:
            self._held = False
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        self.leave()
        if self._file is not None:
            os.close(self._file)
            self._file = None
