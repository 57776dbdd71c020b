"""What each screen is told of a batch of events and of who is where. Rights are asked once for a person's screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from kefu.core.ledger.models import Event
from kefu.live.presence import MOST_FACES, Face
from kefu.live.words import NOTICES, nouns, record
from kefu.staff.models import Person

MOST_EVENTS = 1000  # beyond that (an import, a long absence) every screen looks again at all it shows
RIGHTS_KEPT = timedelta(seconds=30)
PEOPLE_AT_ONCE = 200  # SQLite: 500 parts of a statement


Faces = dict[str, list[dict[str, object]]]  # by record: {"name", "writing"} of those who are there


@dataclass(eq=False, slots=True)
class Screen:
    """One open page of a person. `may`: the records it shows that the person may see."""

    key: str
    person: Person
    sign_in: int
    shows: frozenset[str]
    may: set[str] = field(default_factory=set)
    faces: dict[str, tuple[Face, ...]] = field(default_factory=dict)


class Rights:
    """What people may see, kept for a moment: learning somebody's scope costs three queries and more.

    Nothing but “look again” rests on it. It is dropped when the ledger says that something about staff changed.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[str, tuple[Any, ...]]] = {}
        self._until: datetime | None = None

    def refresh(self, events: Iterable[Event], *, at: datetime) -> None:
        known = {*nouns(), "notice"}
        if (
            self._until is None
            or at >= self._until
            or any(event.kind.partition(".")[0] not in known for event in events)
        ):
            self._kept.clear()
            self._until = at + RIGHTS_KEPT

    def visible(self, noun: str, asked: Mapping[Person, set[int]], at: datetime) -> dict[Person, set[int]]:
        """Which of the records that each person was asked about they may see: one statement for all of them, since
        each one more waits for the threads that make pages."""
        found: dict[Person, set[int]] = {person: set() for person in asked}
        people = {person.pk: person for person, ids in asked.items() if ids}
        for some in batched(people.values(), PEOPLE_AT_ONCE):
            parts, values = [], []
            for person in some:
                sql, params = self._rows(person, noun, at)
                marks = ", ".join(["%s"] * len(asked[person]))
                parts.append(f"SELECT {person.pk:d}, seen.id FROM ({sql}) seen WHERE seen.id IN ({marks})")  # noqa: S608 (the ORM's own)
                values += [*params, *asked[person]]
            with connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(parts), values)
                for viewer, pk in cursor.fetchall():
                    found[people[viewer]].add(pk)
        return found

    def _rows(self, person: Person, noun: str, at: datetime) -> tuple[str, tuple[Any, ...]]:
        """The statement for all records that the person may see."""
        key = (person.pk, noun)
        if key not in self._kept:
            rows = nouns()[noun](person, at).order_by().values_list("id", flat=True)
            self._kept[key] = rows.query.sql_with_params()
        return self._kept[key]


def admit(screen: Screen, rights: Rights, *, at: datetime) -> None:
    """Learn which of the records a new screen shows its person may see; it hears nothing of the others."""
    by_noun: dict[str, set[int]] = {}
    for noun, pk in filter(None, map(record, screen.shows)):
        by_noun.setdefault(noun, set()).add(pk)
    for noun, ids in by_noun.items():
        seen = rights.visible(noun, {screen.person: ids}, at)
        screen.may |= {f"{noun}:{pk}" for pk in seen[screen.person]}


def changed(
    screens: Sequence[Screen], events: Sequence[Event], rights: Rights, *, at: datetime
) -> dict[Screen, frozenset[str]]:
    """The words of each screen that the events concern; screens that they do not concern are left out.

    A record taken out of somebody's sight is told once more to the screens that showed it, so that it goes.
    """
    rights.refresh(events, at=at)
    touched = _touched(events)
    belled = _belled(events)
    people = _by_person(screens)
    seen = {
        noun: rights.visible(noun, {one: _asked(noun, ids, own) for one, own in people.items()}, at)
        for noun, ids in touched.items()
    }
    found: dict[Screen, frozenset[str]] = {}
    for person, own in people.items():
        for screen in own:
            words = {NOTICES} & screen.shows if person.pk in belled else set()
            for noun, ids in touched.items():
                shown = {pk for pk in ids if f"{noun}:{pk}" in screen.may}
                words |= {f"{noun}:{pk}" for pk in shown}
                screen.may -= {f"{noun}:{pk}" for pk in shown - seen[noun][person]}
                if f"{noun}s" in screen.shows and (shown or seen[noun][person]):
                    words.add(f"{noun}s")
            if words:
                found[screen] = frozenset(words)
    return found


def _asked(noun: str, ids: set[int], screens: Iterable[Screen]) -> set[int]:
    """The records to ask about for a person: all where a list is shown, else those that a screen shows."""
    if any(f"{noun}s" in one.shows for one in screens):
        return ids
    return {pk for pk in ids if any(f"{noun}:{pk}" in one.may for one in screens)}


def everything(screen: Screen) -> frozenset[str]:
    """All that a screen may hear of: told when too much happened to say what."""
    return frozenset(screen.may | {word for word in screen.shows if not record(word)})


def beside(screen: Screen, faces: Mapping[str, tuple[Face, ...]]) -> Faces:
    """Who else is at the records of the screen, where that differs from what it was told last."""
    news: Faces = {}
    for word in screen.may:
        others = tuple(face for face in faces.get(word, ()) if face.person != screen.person.pk)[:MOST_FACES]
        if others != screen.faces.get(word, ()):
            screen.faces[word] = others
            news[word] = [{"name": face.name, "writing": face.writing} for face in others]
    return news


def _touched(events: Iterable[Event]) -> dict[str, set[int]]:
    """Ids by noun of the records that the events are about, or that those belong to."""
    touched: dict[str, set[int]] = {}
    for event in events:
        for noun, pk in ((event.subject_kind, event.subject_id), (event.root_kind, event.root_id)):
            if noun in nouns() and pk.isdecimal():
                touched.setdefault(noun, set()).add(int(pk))
    return touched


def _belled(events: Iterable[Event]) -> set[int]:
    """Ids of the people whose bell shows another number now."""
    sent = {event.data.get("person") for event in events if event.kind == "notice.sent"}
    read = {int(event.subject_id) for event in events if event.kind == "notice.read"}
    return read | {person for person in sent if isinstance(person, int)}


def _by_person(screens: Iterable[Screen]) -> dict[Person, list[Screen]]:
    people: dict[Person, list[Screen]] = {}
    for screen in screens:
        people.setdefault(screen.person, []).append(screen)
    return people


def batched(people: Iterable[Person], size: int) -> Iterator[list[Person]]:
    """A database takes only so many parts of one statement."""
    left = list(people)
    while left:
        yield left[:size]
        left = left[size:]
