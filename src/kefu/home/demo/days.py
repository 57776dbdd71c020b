"""The days of a demonstration, lived in order: stories act, clocks fall due, rules react, hour by hour."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from kefu.approvals.keeping import refresh_all
from kefu.core.clocks.sweep import sweep
from kefu.core.db import write
from kefu.core.ledger.queries import head
from kefu.core.ledger.readers import advance, names
from kefu.duties import arrangement
from kefu.duties.rounds import open_all
from kefu.home.demo import papers, routine, stories, walks
from kefu.home.demo.casts import Cast, cast
from kefu.home.demo.people import Town, found

SEED = 20260924
STRETCH = timedelta(hours=1)  # shorter than any story waits for what a rule brings about
SHEETS = timedelta(days=4)  # before the end, from when the work arrangements of each morning are drafted
# The property centre: how many of each story begin, and what stands open at the end, by hours before it.
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
OFFICE_HOURS = (9, 9, 10, 10, 11, 14, 14, 15, 16, 17)
TASKS = 8
BATCH = 1000  # events read at once
REQUESTS = 3  # of each kind of approval
Beginning = tuple[datetime, stories.Tell]
Waiting = list[tuple[datetime, int, stories.Tell | stories.Story]]


class Life:
    """A town and what is going to happen in it."""

    def __init__(self, town: Town, start: datetime, end: datetime) -> None:
        self.town, self.start, self.end = town, start, end
        self.waiting: Waiting = []
        self.order = count()
        self.rounds = end - timedelta(days=town.cast.rounds)
        self.heard = 0  # up to which number everybody has read the ledger
        self.seen = 0  # the last duty that somebody has on their mind

    def add(self, at: datetime, story: stories.Tell | stories.Story) -> None:
        heapq.heappush(self.waiting, (at, next(self.order), story))

    def stretch(self, until: datetime) -> None:
        """Everything that happens up to `until`, in one transaction; then what falls due, and what follows."""
        with write():
            while self.waiting and self.waiting[0][0] <= until:
                at, _, story = heapq.heappop(self.waiting)
                try:
                    going = story(self.town, at) if callable(story) else story
                    pause = next(going) if callable(story) else going.send(at)
                except StopIteration:
                    continue
                self.add(at + pause, going)
            if until.hour % 6 == 0:
                stories.caught_up(until)
        if until >= self.rounds:
            self._come_round(until)
        while sweep(at=until).steps:  # a clock at its due instant is looked at again, and goes on
            pass
        self._hear(until)

    def _hear(self, until: datetime) -> None:
        """Whoever reads the ledger reads what is new there, and what comes of that; then people know their duties."""
        while (last := head()[0]) > self.heard:
            for reader in names():
                while advance(reader, limit=BATCH) == BATCH:
                    pass
            self.heard = last
            for duty in routine.new_duties(self.town, self.seen):
                self.seen = duty.pk
                self.add(until, routine.owed(duty, self.end))

    def _come_round(self, until: datetime) -> None:
        """Duties that begin, requests whose chain changed, and the arrangements of the last mornings."""
        open_all(at=until)
        if until.hour % 6 == 0:
            refresh_all(at=until)
        if until >= self.end - SHEETS:
            arrangement.keep_day(self.town.centre, at=until)


def live(
    now: datetime, progress: Callable[[float], None] = lambda share: None, pack: str = "property"
) -> Town:
    """Found the organisation of `pack` as many days before `now` (aware) as its cast says, and live until `now`."""
    chance = Random(SEED)  # noqa: S311 (the same town every time is what is wanted)
    told = cast(pack)
    start = now - timedelta(days=told.days)
    life = Life(found(told, start, chance), start, now)
    for at, story in _beginnings(told, life.town, start, now):
        if start < at < now:
            life.add(at, story)
    at = start
    while at < now:
        at = min(at + STRETCH, now)
        life.stretch(at)
        progress((at - start) / (now - start))
    return life.town


def _beginnings(told: Cast, town: Town, start: datetime, now: datetime) -> Iterator[Beginning]:
    """What is going to begin when; some of it perhaps outside the days that are lived."""
    if told.pack == "property":
        yield from _of_property(town, start, now, told.days)
    for kind, topic in told.cases.items():
        lead = (
            timedelta(minutes=topic.pace) * min(len(one) for one in topic.ways)
            if topic.pace < 3000
            else timedelta()
        )
        for _ in range(topic.number):
            yield _some(town, start, now - lead, BUSY_HOURS), walks.walked(kind)
        for _ in range(topic.open):
            yield now - timedelta(hours=town.chance.uniform(1, 60)), walks.walked(kind, left_open=True)
    papers_from = max(start, now - timedelta(days=told.rounds + 12))
    for rule in town.rulebook.kinds.values():
        if rule.chapter == "forms":
            for number in range(told.papers.get(rule.name, told.few)):
                yield _some(town, papers_from, now, OFFICE_HOURS), papers.paper(rule.name, number)
        if rule.chapter == "approvals":
            for number in range(REQUESTS):
                waits = papers.end_of(rule.name, number) == "waiting"
                since = now - timedelta(days=2) if waits else papers_from
                yield _some(town, since, now, OFFICE_HOURS), papers.asked(rule.name, number)
    for _ in range(TASKS):
        yield _some(town, now - timedelta(days=told.rounds), now, OFFICE_HOURS), routine.given_task


def _of_property(town: Town, start: datetime, now: datetime, days: int) -> Iterator[Beginning]:
    for tell, times in PLENTY:
        for _ in range(times):
            yield _some(town, start, now - timedelta(minutes=5), BUSY_HOURS), tell
    for fault, size, content, hours in OPEN:
        yield now - timedelta(hours=hours), stories.left_open(fault, size, content)
    for tell, hours in WAITING:
        yield now - timedelta(hours=hours), tell


def _some(town: Town, start: datetime, end: datetime, hours: tuple[int, ...]) -> datetime:
    """Some instant of some day between, at one of the local hours; perhaps a little outside."""
    day = start + timedelta(days=town.chance.randrange(max((end - start).days + 1, 1)))
    return day.replace(hour=0, minute=0) + timedelta(
        hours=town.chance.choice(hours) - 8, minutes=town.chance.uniform(0, 59)
    )
