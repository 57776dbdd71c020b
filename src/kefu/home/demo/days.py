"""Sixty days of the demonstration, lived in order: stories act, clocks fall due, rules react, hour by hour."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from kefu.core.clocks.sweep import sweep
from kefu.core.db import write
from kefu.core.ledger.readers import advance, names
from kefu.home.demo import stories
from kefu.home.demo.people import Town, found

SEED = 20260924
DAYS = 60
STRETCH = timedelta(hours=1)  # shorter than any story waits for what a rule brings about
# How many of each story begin in the sixty days, and what stands open at the end, by hours before it.
PLENTY: tuple[tuple[stories.Tell, int], ...] = (
    (stories.enquiry, 430),
    (stories.hotline, 700),
    (stories.repair, 300),
    (stories.complaint, 90),
)
OPEN = (
    [("dripping_tap", "small", "洗手间水箱漏水", hours) for hours in (1, 2, 3, 5, 6, 8, 9, 11, 12)]
    + [("door_or_lock", "small", "阳台门关不严", hours) for hours in (18.5, 19, 19.5, 20, 21, 22, 22.5)]
    + [("lighting", "small", "电梯厅灯闪烁", hours) for hours in (25, 26, 28, 30, 33, 40, 47)]
    + [("blocked_drain", "medium", "排水主管流水缓慢", hours) for hours in (4, 20, 30, 40, 57, 60, 70)]
)
WAITING = (
    [(stories.asked(question), hours) for hours, (question, _) in enumerate(stories.QUESTIONS * 2, start=1)]
    + [
        (stories.complained("电梯轿厢地面积水", "service_insufficient", graded=True), hours)
        for hours in (2, 5, 7)
    ]
    + [
        (stories.complained("装修垃圾堆放在楼道", "service_faulty", graded=False), hours)
        for hours in (1, 3, 6)
    ]
)
BUSY_HOURS = (8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 6, 23)


def live(now: datetime, progress: Callable[[float], None] = lambda share: None) -> Town:
    """Found the organisation sixty days before `now` (aware) and live until `now`."""
    chance = Random(SEED)  # noqa: S311 (the same town every time is what is wanted)
    start = now - timedelta(days=DAYS)
    town = found(start, chance)
    waiting: list[tuple[datetime, int, stories.Tell | stories.Story]] = []
    order = count()
    for tell, times in PLENTY:
        for _ in range(times):
            day = start + timedelta(days=chance.randrange(DAYS))
            at = day.replace(hour=0, minute=0) + timedelta(
                hours=chance.choice(BUSY_HOURS) - 8, minutes=chance.uniform(0, 59)
            )
            if start < at < now - timedelta(minutes=5):
                heapq.heappush(waiting, (at, next(order), tell))
    for fault, size, content, hours in OPEN:
        at = now - timedelta(hours=hours)
        heapq.heappush(waiting, (at, next(order), stories.left_open(fault, size, content)))
    for tell, hours in WAITING:
        heapq.heappush(waiting, (now - timedelta(hours=hours), next(order), tell))
    at = start
    while at < now:
        at = min(at + STRETCH, now)
        _stretch(town, waiting, order, until=at)
        progress((at - start) / (now - start))
    return town


def _stretch(town: Town, waiting: list, order: count, *, until: datetime) -> None:
    """Everything that happens up to `until`, in one transaction; then what falls due, and what follows."""
    with write():
        while waiting and waiting[0][0] <= until:
            at, _, story = heapq.heappop(waiting)
            try:
                pause = next(running := story(town, at)) if callable(story) else (running := story).send(at)
            except StopIteration:
                continue
            heapq.heappush(waiting, (at + pause, next(order), running))
        if until.hour % 6 == 0:
            stories.caught_up(until)
    while sweep(at=until).works:
        pass
    for reader in names():
        while advance(reader):
            pass
