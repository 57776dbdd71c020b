"""Trying effects, keeping the ones that fail, and telling people once what they would have been told
singly."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from kefu.core.db import select, write
from kefu.core.effects.models import KeptNotice, StuckEffect
from kefu.core.effects.registry import Actor, Cause, Subject, registered
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.model import Ref

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)  # doubled with each failure
LONGEST_PAUSE = timedelta(hours=1)

Digest = Callable[[int, Sequence[KeptNotice], Cause], None]
_digest: list[Digest] = []


def attempt(key: str, subject: Ref, do: Callable[[], None], *, at: datetime, kept: bool = True) -> bool:
    """Run `do` so that its failure takes back only what it did, and is kept under `key` to be tried again.

    Called inside a `write`, so that the failure is stored where its neighbours succeed. kept: an earlier failure
    may be kept under `key`, which a success forgets. True when it succeeded.
    """
    try:
        with write():
            do()
    except Exception as error:
        log.exception("effect %s failed", key)
        keep(key, subject, error, at=at)
        return False
    if kept:
        StuckEffect.objects.filter(key=key).delete()
    return True


def keep(key: str, subject: Ref, cause: Exception, *, at: datetime) -> None:
    """Keep what failed under `key`, to be tried again after a pause that doubles with each failure."""
    error = f"{type(cause).__name__}: {cause}"
    row, new = StuckEffect.objects.get_or_create(
        key=key,
        defaults={
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "error": error[:4000],
            "first_at": at,
            "retry_at": at + FIRST_PAUSE,
        },
    )
    if not new:
        row.error, row.tries = error[:4000], row.tries + 1
        row.retry_at = at + min(FIRST_PAUSE * 2 ** min(row.tries - 1, 20), LONGEST_PAUSE)
        row.save(update_fields=["error", "tries", "retry_at"])


def waiting(subject: Ref) -> Mapping[str, datetime]:
    """When each stuck effect of `subject` is to be tried again, by key."""
    rows = select(StuckEffect, "subject_kind = %s AND subject_id = %s", [subject.kind, subject.id])
    return {row.key: row.retry_at for row in rows}


def to_retry(prefix: str, *, at: datetime) -> list[Ref]:
    """The subjects of stuck effects whose key begins so and whose pause is over."""
    rows = StuckEffect.objects.filter(key__startswith=prefix, retry_at__lte=at).order_by("retry_at")
    return [Ref(*pair) for pair in dict.fromkeys(rows.values_list("subject_kind", "subject_id"))]


def drop_retried(prefix: str, subject: Ref, *, at: datetime) -> None:
    """Forget what was to be tried again by `at` and did not fail once more: it was done, or nobody asks for it now."""
    found = StuckEffect.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    found.filter(key__startswith=prefix, retry_at__lte=at).delete()


def retry_at_once(stuck: StuckEffect, *, by: Actor, at: datetime) -> None:
    """A person asks to try again now, having mended the cause."""
    with write():
        StuckEffect.objects.filter(pk=stuck.pk).update(retry_at=at)
        record(
            "effect.retried",
            Ref(stuck.subject_kind, stuck.subject_id),
            by=by,
            at=at,
            data={"key": stuck.key},
        )


def digested_by(digest: Digest) -> None:
    """Register the function (person id, kept notices, cause) that tells a person all of them at once."""
    _digest[:] = [digest]


def keep_for_digest(effect: Effect, number: int, subject: Subject, cause: Cause) -> bool:
    """Keep an effect that only tells people for their digest; False when it is not such a one."""
    recipients = registered(effect.word).recipients
    if recipients is None or not _digest:
        return False
    for person in recipients(effect, subject, cause):
        KeptNotice.objects.get_or_create(
            key=f"{cause.key}:{number}:{person}",
            defaults={
                "person_id": person,
                "subject_kind": subject.ref.kind,
                "subject_id": subject.ref.id,
                "at": cause.at,
            },
        )
    return True


def send_digests(*, at: datetime) -> int:
    """Tell every person with kept notices once; return how many people. One transaction each."""
    people = list(KeptNotice.objects.order_by().values_list("person_id", flat=True).distinct())
    for person in people:
        with write():
            kept = list(KeptNotice.objects.select_for_update().filter(person_id=person).order_by("at", "pk"))
            if kept:  # else another worker has told them
                _digest[0](person, kept, Cause(by=SYSTEM, at=at, key=f"digest:{person}:{kept[-1].pk}"))
                KeptNotice.objects.filter(pk__in=[row.pk for row in kept]).delete()
    return len(people)
