"""`kefu work`: carry out what falls due, until stopped."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event as Signal
from typing import Any

from django.core.management.base import BaseCommand
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
        worker.work(now, stop)
