"""The weeks themselves, hour by hour: what begins is opened, what falls due is carried out, people work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from random import Random

from kefu.approvals.keeping import refresh_all
from kefu.cases.models import Case
from kefu.core.clocks.sweep import sweep
from kefu.core.db import write
from kefu.core.ledger.readers import advance, names
from kefu.core.rulebook import load_pack
from kefu.core.worktime import day_end, day_start
from kefu.duties.models import Duty
from kefu.duties.rounds import open_all
from kefu.home.simulated.doing import go_on, happen, stand_for_each
from kefu.home.simulated.people import Place, found
from kefu.home.simulated.staging import stage
from kefu.home.simulated.written import Begun

HOUR = timedelta(hours=1)
BUSY = range(8, 18)  # local hours in which people work
A_DAY = 3  # cases registered on each


def live(
    pack: str,
    first: date,
    last: date,
    *,
    seed: int,
    events: Iterable[Begun] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> Place:
    """Found a department of `pack` at the beginning of `first` and live until the end of `last`.

    events: rows whose events are made to happen at their starts; those that were stand in `Place.staged`.
    """
    waiting = sorted(events, key=lambda one: one.start)
    calendar = load_pack(pack).calendar
    at, end = day_start(calendar, first), day_end(calendar, last)
    began = at
    place = found(load_pack(pack), at, Random(seed))  # noqa: S311 (the same weeks every time is what is wanted)
    with write():
        stand_for_each(place, at)
    while at <= end:
        while waiting and waiting[0].start <= at:
            row = waiting.pop(0)
            if stage(place, row):
                place.staged.append(row)
        hour = calendar.local(at).hour
        if hour in BUSY:
            with write():
                _hour(place, at)
        if hour == 0 or hour in BUSY:
            _worker(at)
        progress((at - began) / (end - began))
        at += HOUR
    return place


def _hour(place: Place, at: datetime) -> None:
    moment = at - timedelta(minutes=place.chance.randrange(1, 59))
    if place.chance.random() < A_DAY / len(BUSY):
        happen(place, moment)
    going = Case.objects.filter(closed_at=None, voided_at=None).exclude(pk__in=place.standing).order_by("pk")
    for case in [one for one in going if place.chance.random() < 0.15]:
        go_on(place, case, at)
    waiting = Duty.objects.filter(closed_at=None, voided_at=None).order_by("pk")
    for duty in [one for one in waiting if place.chance.random() < 0.06]:
        go_on(place, duty, at)


def _worker(at: datetime) -> None:
    open_all(at=at)
    refresh_all(at=at)
    while sweep(at=at).steps:  # a clock at its due instant is looked at again, and goes on
        pass
    for name in names():
        while advance(name):
            pass
