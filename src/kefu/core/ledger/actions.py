"""Recording what happened. The one way into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection

from kefu.core.db import append_last, collected, insert
from kefu.core.ledger.chain import GENESIS, HASHED, row_hash
from kefu.core.ledger.kinds import kind_named
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref

_LOCK = 4_915_623  # PostgreSQL's advisory locks are known by number; this one is the ledger's


class By(Protocol):
    """Who acts: people have these two, and `Actor` where there is no person."""

    @property
    def actor_id(self) -> str: ...

    @property
    def actor_post(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """`actor_id` is "person:17", "system" or "customer:5"; `actor_post` the post in which a person acts."""

    actor_id: str
    actor_post: str = ""


SYSTEM = Actor("system")


def record(
    kind: str,
    subject: Ref,
    *,
    by: By,
    at: datetime,
    root: Ref | None = None,
    department: int | None = None,
    data: Mapping[str, object] | None = None,
    rulebook_version: str = "",
) -> None:
    """Note that `kind` happened to `subject` at `at` (aware). Written as the last thing of the running
    `write`.

    root: what the subject belongs to in the end (default: itself). data: text, whole numbers, true/false,
    null, lists and mappings of them; typed facts go through `kefu.core.clocks.facts_json`.
    Raises Refused for an undeclared kind, ValueError for a naive instant or data that JSON would change,
    RuntimeError outside `write`.
    """
    kind_named(kind)
    if at.tzinfo is None:
        raise ValueError(f"{kind}: {at} has no time zone")
    _check_data(data or {}, kind)
    root = root or subject
    event = Event(
        occurred_at=at.astimezone(UTC),
        actor=by.actor_id,
        actor_post=by.actor_post,
        kind=kind,
        subject_kind=subject.kind,
        subject_id=subject.id,
        root_kind=root.kind,
        root_id=root.id,
        department=department,
        data=dict(data or {}),
        rulebook_version=rulebook_version,
    )
    append_last(append, event)


def pending() -> list[Event]:
    """Events of the running `write` that are not stored yet, in order; their `seq` is None."""
    return collected(append)


def append(events: list[Event]) -> None:
    """Number, chain and store the events. Called by `write` as its last statement, so that no other
    transaction can commit between the number and the commit: `seq` is gapless in commit order, a bookmark
    is one integer."""
    lock()
    seq, previous, now = _head()
    for event in events:
        seq += 1
        event.seq, event.recorded_at = seq, now
        event.hash = previous = row_hash(previous, [getattr(event, name) for name in HASHED])
    insert(events)


def lock() -> None:
    """Keep every other appender out until this transaction ends. SQLite's writer holds that lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _head() -> tuple[int, str, datetime]:
    """Number and hash of the last row, and the database's time: the auditor wants the true time of recording,
    whatever `at` a caller gives."""
    now = (
        "clock_timestamp()"
        if connection.vendor == "postgresql"
        else "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {now}, (SELECT max(seq) FROM ledger_event),"  # noqa: S608 (one of two constants)
            " (SELECT hash FROM ledger_event ORDER BY seq DESC LIMIT 1)",
            [],
        )
        moment, seq, previous = cursor.fetchone()
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return seq or 0, previous or GENESIS, moment.astimezone(UTC)


def _check_data(value: object, where: str) -> None:
    """Refuse what a JSON column would not give back unchanged on both databases."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{where}: the key {key!r} is not text")
            _check_data(key, where)
            _check_data(part, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for part in value:
            _check_data(part, where)
    elif isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError(f"{where}: {value!r} holds a character that cannot be stored")
    elif not (value is None or isinstance(value, bool | int)):
        raise ValueError(f"{where}: {value!r} cannot stand in the ledger as it is")
