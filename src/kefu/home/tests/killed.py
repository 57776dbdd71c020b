"""A server of its own process over a test's database, which is killed when the block ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools.fresh_database import FreshDatabase
from tools.pytest_kefu import ROOT

PATIENCE = 60.0  # seconds to start


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(database: FreshDatabase, port: int) -> Iterator[None]:
    """http://127.0.0.1:PORT answers within the block, and nobody does after it."""
    paths = f"{ROOT / 'src'}:{ROOT}"
    process = subprocess.Popen(
        [sys.executable, "-m", "kefu", "serve", "--port", str(port), "--no-worker"],
        env={**os.environ, "KEFU_DATABASE": database.address, "PYTHONPATH": paths},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        begun = time.monotonic()
        while not _answers(port):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() - begun < PATIENCE, "the server does not start"
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
