"""Who else looks at a record, and who writes on it: seen before one types.

Kept in the memory of the process that holds the streams, and never on the ledger: it is over with the screen.
`kefu serve` runs one such process, so everybody sees everybody. Behind several of them, people would see only those
whose streams the same process holds; a wrong face does no harm, since a save is checked against the record itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

STAYS = timedelta(seconds=45)  # after the last sign of a screen: longer than a polling screen's pause
WRITES = timedelta(seconds=12)  # after the last key: a screen says so every 5 seconds while somebody types
MOST_FACES = 12


@dataclass(frozen=True, slots=True)
class Look:
    """One screen that shows `word`. Instants: when it was last heard of, when somebody last wrote there."""

    word: str
    person: int
    name: str
    seen_at: datetime
    wrote_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody else at the same record."""

    person: int
    name: str
    writing: bool


class Presence:
    """Looks by screen. Called from the threads of pages and from the one of the streams."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looks: dict[str, Look] = {}

    def look(self, screen: str, word: str, person: int, name: str, *, at: datetime) -> None:
        """The screen shows `word` (and nothing else from now on)."""
        with self._lock:
            known = self._looks.get(screen)
            wrote = known.wrote_at if known and (known.word, known.person) == (word, person) else None
            self._looks[screen] = Look(word, person, name, at, wrote)

    def write(self, screen: str, person: int, *, at: datetime) -> None:
        """Somebody types there. A screen of another person, or an unknown one, changes nothing."""
        with self._lock:
            known = self._looks.get(screen)
            if known and known.person == person:
                self._looks[screen] = replace(known, seen_at=at, wrote_at=at)

    def stay(self, screens: set[str], *, at: datetime) -> None:
        """These screens still hold their stream; forget those not heard of for long."""
        with self._lock:
            self._looks = {
                screen: replace(look, seen_at=at) if screen in screens else look
                for screen, look in self._looks.items()
                if screen in screens or at - look.seen_at < STAYS
            }

    def leave(self, screen: str) -> None:
        with self._lock:
            self._looks.pop(screen, None)

    def faces(self, *, at: datetime) -> dict[str, tuple[Face, ...]]:
        """Who is at which record, those who write first; each person once, however many screens they have."""
        with self._lock:
            looks = [look for look in self._looks.values() if at - look.seen_at < STAYS]
        found: dict[str, dict[int, Face]] = {}
        for look in looks:
            writing = look.wrote_at is not None and at - look.wrote_at < WRITES
            here = found.setdefault(look.word, {})
            if look.person not in here or writing:
                here[look.person] = Face(look.person, look.name, writing)
        return {
            word: tuple(sorted(here.values(), key=lambda face: (not face.writing, face.person)))
            for word, here in found.items()
        }


presence = Presence()
