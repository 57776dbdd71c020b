"""Reactions: what the rulebook asks for after an event, carried out once per event, after its commit."""

from __future__ import annotations

import re

from kefu.core.effects.actions import attempt
from kefu.core.effects.registry import Cause, perform
from kefu.core.ledger.actions import Actor
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import reader
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Effect, Rulebook
from kefu.core.versions import queries as versions
from kefu.core.work import counting, registry
from kefu.core.work.models import Work

DEEPEST = 8  # reactions to reactions
_DEPTH = re.compile(r"reaction (\d+)")


@reader("reactions")
def react(event: Event) -> None:
    """Carry out what follows `event`. A failing effect is kept and tried again; it never blocks the others."""
    name = event.data.get("name")
    if not name or registry.model_named(event.subject_kind) is None:
        return
    work = registry.find(event.subject)
    depth = int(found.group(1)) if (found := _DEPTH.search(event.actor_post)) else 0
    if work is None or work.voided_at is not None or depth >= DEEPEST:
        return
    rulebook = versions.by_hash(event.rulebook_version)
    imported = event.actor.startswith("import")
    by = Actor("import" if imported else "system", f"reaction {depth + 1}")
    for key, clauses, effect in _asked(rulebook, work, _names(event, work, rulebook)):
        cause = Cause(
            by=by,
            at=event.occurred_at,
            key=f"reaction:{event.seq}:{key}",
            clauses=clauses,
            delivered=not imported,
        )
        _attempt(effect, work, cause)


def _attempt(effect: Effect, work: Work, cause: Cause) -> None:
    attempt(cause.key, work.ref, lambda: perform(effect, registry.find(work.ref) or work, cause), at=cause.at)


def _names(event: Event, work: Work, rulebook: Rulebook) -> set[str]:
    """What rules may call this event: its own name, and `done` when it brought the work to its end."""
    name = str(event.data["name"])
    names = {f"{work.kind}.{name}"}
    kind = rulebook.kinds.get(work.kind)
    if kind and name not in ("opened", "set") and event.data.get("state") in kind.flow.ends():
        names.add(f"{work.kind}.done")
    return names


def _asked(rulebook: Rulebook, work: Work, names: set[str]) -> list[tuple[str, tuple[str, ...], Effect]]:
    """(key, clauses, effect) of every reaction and every duty that these names call for."""
    facts, records = work.facts(), counting.records_of(work)
    found = [
        (f"{reaction.name}:{index}", reaction.clauses, effect)
        for reaction in rulebook.reactions.values()
        if reaction.after in names
        and (
            reaction.when is None
            or holds(reaction.when, facts, calendar=rulebook.calendar, records=records).ok
        )
        for index, effect in enumerate(reaction.do)
    ]
    return found + [
        (f"duty:{kind.name}", kind.clauses, Effect("open", target=kind.name))
        for kind in rulebook.kinds.values()
        if kind.chapter == "duties"
        and names & set(kind.starts)
        and (kind.when is None or holds(kind.when, facts, calendar=rulebook.calendar, records=records).ok)
    ]
