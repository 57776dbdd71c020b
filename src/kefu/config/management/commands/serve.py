"""`kefu serve`: the web server and, beside it, a worker that is started again when it ends."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
from typing import Any

import uvicorn
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandParser

RESTART_SECONDS = 2.0
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
GRACE_SECONDS = 3  # an open event stream would otherwise hold the server for ever


class Command(BaseCommand):
    help = "serve the pages, the API and the event stream, with a worker beside them"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true", help="when `kefu work` runs elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        if not options["no_worker"] and "work" in get_commands():
            threading.Thread(target=_keep_working, args=[stopping], daemon=True).start()
        try:
            uvicorn.run(
                "kefu.config.asgi:application",
                host=options["host"],
                port=options["port"],
                timeout_graceful_shutdown=GRACE_SECONDS,
                access_log=False,
                log_config=None,
                server_header=False,
            )
        finally:
            stopping.set()


def _end_with_the_server() -> None:
    """Have the kernel end this worker when the server that started it is gone, even by kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _keep_working(stopping: threading.Event) -> None:
    while not stopping.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "kefu", "work"], preexec_fn=_end_with_the_server)
        while worker.poll() is None and not stopping.wait(0.2):
            pass
        if worker.poll() is None:
            worker.terminate()
        stopping.wait(RESTART_SECONDS)
