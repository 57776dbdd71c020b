"""The one look at the ledger for all open streams of this process.

A task of the event loop wakes `BEATS` times a second; one thread, with one database connection, looks for new events
and works out who is told what. Streams only wait for their own signal. A slow reader gets what happened meanwhile in
one message: what waits for it is a set of words, never a queue.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import Error, connection
from django.utils import timezone

from kefu.core.ledger import queries as ledger
from kefu.live.presence import Face, presence
from kefu.live.told import MOST_EVENTS, Faces, Rights, Screen, admit, beside, changed, everything
from kefu.live.words import understood
from kefu.staff.models import SignIn
from kefu.staff.sessions import session_of

log = logging.getLogger(__name__)

BEAT = 0.25  # seconds between two looks at the ledger's head
AFTER_FAILURE = 5.0  # seconds: the database is away
SESSIONS_EVERY = timedelta(seconds=5)
MOST_STREAMS = 20  # of one session: more is not a desk


class Stream:
    """What waits to be sent to one screen."""

    __slots__ = ("_faces", "_words", "over", "screen", "seq", "wake")

    def __init__(self, screen: Screen, seq: int) -> None:
        self.screen = screen
        self.seq = seq  # of the last event the screen has heard of
        self.wake = asyncio.Event()
        self.over = False
        self._words: set[str] = set()
        self._faces: Faces = {}

    def add(self, seq: int, words: frozenset[str], faces: Faces) -> None:
        self.seq = seq
        self._words |= words
        self._faces |= faces

    def take(self) -> bytes:
        """The messages that wait, as the stream carries them."""
        parts = []
        if self._words:
            parts.append(_message("changed", sorted(self._words), self.seq))
        if self._faces:
            parts.append(_message("faces", self._faces))
        if self.over:
            parts.append(_message("over", None))
        self._words, self._faces = set(), {}
        return b"".join(parts)


class Hub:
    """All streams of the process. The database is asked in its own thread, what waits is put in by the event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._streams: dict[str, Stream] = {}
        self._rights = Rights()
        self._seq = 0
        self._faces: dict[str, tuple[Face, ...]] | None = (
            None  # as all screens were told; None: not all the same
        )
        self._sessions_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self, cookie: str, words: list[str], looks: str, key: str, since: int) -> Stream | None:
        """Begin a stream for the session of the cookie; None without an open one, or when it has too many."""
        loop = asyncio.get_running_loop()
        stream = await loop.run_in_executor(self._thread, self._open, cookie, words, looks, key, since)
        if stream is not None and (self._task is None or self._task.done()):
            self._task = loop.create_task(self._beat())
        return stream

    def close(self, stream: Stream) -> None:
        """The screen is gone."""
        if self._streams.get(stream.screen.key) is stream:
            del self._streams[stream.screen.key]
            presence.leave(stream.screen.key)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while self._streams:
            pause = BEAT
            try:
                for stream, words, faces in await loop.run_in_executor(self._thread, self._look):
                    stream.add(self._seq, words, faces)
                    stream.wake.set()
            except Error:
                log.exception("the ledger could not be read; open screens wait")
                await loop.run_in_executor(self._thread, hang_up)
                pause = AFTER_FAILURE
            await asyncio.sleep(pause)

    # --- in the hub's own thread ----------------------------------------------------------------------

    def _open(self, cookie: str, words: list[str], looks: str, key: str, since: int) -> Stream | None:
        at = timezone.now()
        try:
            sign_in = session_of(cookie, at, sign_of_life=False)
            if sign_in is None or self._held_by(sign_in) >= MOST_STREAMS:
                return None
            if not self._streams:
                self._seq = ledger.head()[0]  # nobody listened until now
            screen = Screen(f"{sign_in.pk}:{key}", sign_in.person, sign_in.pk, understood(words))
            self._rights.refresh((), at=at)
            admit(screen, self._rights, at=at)
            stream = Stream(screen, self._seq)
            missed = self._missed(screen, since, at)
        except Error:
            hang_up()
            raise
        self._streams[screen.key] = (
            stream  # before it looks: the screen's former stream, when it closes, leaves nothing
        )
        if looks in screen.may:
            presence.look(screen.key, looks, screen.person.pk, screen.person.name, at=at)
        else:
            presence.leave(screen.key)
        stream.add(self._seq, missed, beside(screen, presence.faces(at=at)))
        self._faces = None
        return stream

    def _held_by(self, sign_in: SignIn) -> int:
        return sum(one.screen.sign_in == sign_in.pk for one in list(self._streams.values()))

    def _missed(self, screen: Screen, since: int, at: datetime) -> frozenset[str]:
        """What happened between the page, or the last stream of it, and now."""
        if not 0 <= since < self._seq:
            return frozenset()
        if self._seq - since > MOST_EVENTS:
            return everything(screen)
        events = [event for event in ledger.read(since, MOST_EVENTS) if event.seq <= self._seq]
        return changed([screen], events, self._rights, at=at).get(screen, frozenset())

    def _look(self) -> list[tuple[Stream, frozenset[str], Faces]]:
        """Whatever is new, by the streams that have something to send."""
        at = timezone.now()
        streams = list(self._streams.values())
        by_screen = {stream.screen: stream for stream in streams}
        words: dict[Screen, frozenset[str]] = {}
        head = ledger.head()[0]
        if head > self._seq:
            if head - self._seq > MOST_EVENTS:
                words = {screen: everything(screen) for screen in by_screen}
            else:
                events = ledger.read(self._seq, MOST_EVENTS)
                head = events[-1].seq
                words = changed(list(by_screen), events, self._rights, at=at)
        news, self._seq = head > self._seq, head
        if news or self._sessions_at is None or at - self._sessions_at >= SESSIONS_EVERY:
            self._sessions_at = at
            _end(streams, at)
        presence.stay({screen.key for screen in by_screen}, at=at)
        before, self._faces = self._faces, presence.faces(at=at)
        beside_now = {screen: beside(screen, self._faces) for screen in by_screen if self._faces != before}
        told = [(one, words.get(one.screen, frozenset()), beside_now.get(one.screen, {})) for one in streams]
        return [(one, about, faces) for one, about, faces in told if one.over or about or faces]


def hang_up() -> None:
    """Close the connection of the thread that calls: each has its own."""
    connection.close()


def _end(streams: list[Stream], at: datetime) -> None:
    """Streams end with their session: signed out, locked out, too old, or the person left. One query."""
    ids = {stream.screen.sign_in for stream in streams}
    open_ = set(
        SignIn.objects.open_at(at).filter(pk__in=ids, person__left_at=None).values_list("pk", flat=True)
    )
    for stream in streams:
        stream.over = stream.screen.sign_in not in open_


def _message(event: str, data: object, seq: int | None = None) -> bytes:
    number = f"id: {seq}\n" if seq is not None else ""
    return f"{number}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


hub = Hub()
