"""Reactions: what the rulebook asks for after an event, carried out once per event, after its commit."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from kefu.core.db import write
from kefu.core.effects.actions import attempt
from kefu.core.effects.models import StuckEffect
from kefu.core.effects.registry import Cause, perform
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger.actions import Actor
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import reader
from kefu.core.rulebook.expressions import Effect, Matcher
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.versions import queries as versions
from kefu.core.work import counting, registry

_KEY = "reaction:"
DEEPEST = 8  # reactions to reactions
_DEPTH = re.compile(r"reaction (\d+)")


@reader("reactions")
def react(event: Event) -> None:
    """Carry out what follows `event`. A failing effect is kept and tried again; it never blocks the others."""
    for effect, cause in _following(event):
        _attempt(event.subject, effect, cause, at=event.occurred_at)


@handler("work.stuck_reactions", every=timedelta(seconds=30))
def retry_stuck(run: Run, at: datetime) -> None:
    """Try the reactions again whose pause is over. (Steps of clocks are tried again by the sweep.)"""
    for stuck in StuckEffect.objects.filter(key__startswith=_KEY, retry_at__lte=at).order_by("retry_at")[
        :200
    ]:
        event = Event.objects.get(seq=stuck.key.split(":")[1])
        for effect, cause in _following(event):
            if cause.key == stuck.key:
                _attempt(event.subject, effect, cause, at=at)


def _attempt(subject: Ref, effect: Effect, cause: Cause, *, at: datetime) -> None:
    def do() -> None:
        if (work := registry.find(subject)) is not None:
            perform(effect, work, cause)

    with write():
        attempt(cause.key, subject, do, at=at)


def _following(event: Event) -> list[tuple[Effect, Cause]]:
    """The effects that the rulebook in force at the event asks for after it."""
    name, kind = event.data.get("name"), event.data.get("kind")
    depth = int(found.group(1)) if (found := _DEPTH.search(event.actor_post)) else 0
    if not name or depth >= DEEPEST or registry.model_named(event.subject_kind) is None:
        return []
    rulebook = versions.by_hash(event.rulebook_version)
    names = _names(str(kind), str(name), event.data.get("state"), rulebook)
    reactions = [reaction for reaction in rulebook.reactions.values() if reaction.after in names]
    duties = [one for one in rulebook.kinds.values() if one.chapter == "duties" and names & set(one.starts)]
    if not (reactions or duties):
        return []  # most events have no consequences, and learn so without a query
    work = registry.find(event.subject)
    if work is None or work.voided_at is not None:
        return []

    def applies(when: Matcher | None) -> bool:
        records = counting.records_of(work, event.occurred_at)
        return when is None or holds(when, work.facts(), calendar=rulebook.calendar, records=records).ok

    imported = event.actor.startswith("import")
    by = Actor("import" if imported else "system", f"reaction {depth + 1}")

    def cause(key: str, clauses: tuple[str, ...]) -> Cause:
        key = f"{_KEY}{event.seq}:{key}"
        return Cause(by=by, at=event.occurred_at, key=key, clauses=clauses, delivered=not imported)

    return [
        (effect, cause(f"{reaction.name}:{index}", reaction.clauses))
        for reaction in reactions
        if applies(reaction.when)
        for index, effect in enumerate(reaction.do)
    ] + [
        (Effect("open", target=duty.name), cause(f"duty:{duty.name}", duty.clauses))
        for duty in duties
        if applies(duty.when)
    ]


def _names(kind: str, name: str, state: object, rulebook: Rulebook) -> set[str]:
    """What rules may call the event: its own name, and `done` when it brought the work to its end."""
    names = {f"{kind}.{name}"}
    rule = rulebook.kinds.get(kind)
    if rule and name not in ("opened", "set") and state in rule.flow.ends():
        names.add(f"{kind}.done")
    return names
