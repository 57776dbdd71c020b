"""`kefu work`: carry out what falls due, until stopped."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.timezone import now

from kefu.core.jobs import actions, worker


class Command(BaseCommand):
    help = "Carry out what falls due: clocks, notices, reminders, imports. Runs until stopped (Ctrl+C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            at = now()
            actions.arm_ticks(at=at)
            name = worker.worker_name()
            while worker.run_due(at=at, worker=name):
                pass
            return
        stop = Signal()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # An import of an hour must not hold up the clocks: what people asked for has a thread of its own.
        with ThreadPoolExecutor(1) as beside:
            long = beside.submit(self._work, stop, asked=True)
            self._work(stop, asked=False)
        long.result()

    def _work(self, stop: Signal, *, asked: bool) -> None:
        try:
            worker.work(now, stop, asked=asked)
        finally:
            stop.set()  # one that fails ends both, and who watches this process starts it again
            connection.close()
