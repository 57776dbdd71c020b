"""How far a case has come, in the customer's words: steps of its flow, and what happened in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kefu.cases.models import Attachment, Case, Message
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Flow
from kefu.core.work.queries import events as events_of
from kefu.portal.queries import files_shown, messages_shown


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way. at: when the case last came to it."""

    title: str
    standing: Literal["done", "now", "ahead"]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said (`message`), sent (`files`) or reached (`step`)."""

    at: datetime
    step: str = ""
    urged: bool = False
    message: Message | None = None
    files: list[Attachment] = field(default_factory=list)


def steps(case: Case, lang: str) -> list[Step]:
    """States that read the same are one step; what was passed over on the way is left out."""
    flow = case.flow
    names = list(dict.fromkeys(_word(flow, name, lang) for name in flow.states))
    here = names.index(_word(flow, case.state, lang))
    reached = dict(_reached(events_of(case), flow, lang))
    return [
        Step(name, "done" if place < here else "now" if place == here else "ahead", reached.get(name))
        for place, name in enumerate(names)
        if place >= here or name in reached
    ]


def story(case: Case, lang: str) -> list[Entry]:
    """Oldest first: what was said, what was sent, which steps were reached, when the customer urged."""
    events, files = events_of(case), list(files_shown(case))
    shown = list(messages_shown(case))
    entries = [Entry(at, step=word) for word, at in _reached(events, case.flow, lang)]
    entries += [
        Entry(event.occurred_at, urged=True)
        for event in events
        if event.kind == "case.nudged" and event.actor.startswith("customer:")
    ]
    entries += [
        Entry(one.at, message=one, files=[file for file in files if file.message_id == one.pk])
        for one in shown
    ]
    entries += [Entry(one.at, files=[one]) for one in files if one.message_id is None]
    return sorted(entries, key=lambda one: one.at)


def _reached(events: Iterable[Event], flow: Flow, lang: str) -> Iterable[tuple[str, datetime]]:
    """Each step the case came to, in order; moves within one step are not the customer's concern."""
    last = ""
    for event in events:
        state = event.data.get("state")
        if (
            event.data.get("name")
            and state in flow.states
            and (word := _word(flow, str(state), lang)) != last
        ):
            yield word, event.occurred_at
            last = word


def _word(flow: Flow, state: str, lang: str) -> str:
    found = flow.states[state]
    return (found.to_customer or found.title).text(lang)
