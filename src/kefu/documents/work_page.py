"""What every page about a piece of work shows: its promises and why, its moves and why not, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from kefu.core.clocks import facts_json
from kefu.core.clocks.explanation import ClockExplanation
from kefu.core.clocks.states import ClockState
from kefu.core.db import among, columns
from kefu.core.errors import Refused
from kefu.core.flow import Offer
from kefu.core.ledger.models import Event
from kefu.core.rulebook.expressions import Test, Who
from kefu.core.rulebook.model import Clause, Move, Ref
from kefu.core.rulebook.wording import Wording
from kefu.core.work import queries as work_queries
from kefu.core.work.fields import fields_of, required_of
from kefu.core.work.models import Work
from kefu.core.work.recording import FILLED
from kefu.documents import figures, filling
from kefu.documents.filling import Asked
from kefu.documents.grading import proposing
from kefu.documents.offered import Choices
from kefu.staff.models import Person

ICONS = {
    "opened": "plus",
    "moved": "arrow-right",
    "signed": "check",
    "set": "pencil",
    "assigned": "user-check",
    "escalated": "arrow-up",
    "acknowledged": "check",
    "voided": "circle-x",
    "reached": "send",
    "file_added": "paperclip",
    "linked": "link",
    "customer_set": "user",
    "revealed": "eye",
    "not_given": "user-x",
    "merged": "merge",
    "took_in": "merge",
    "split_off": "split",
    "nudged": "bell-ring",
    "supervised": "megaphone",
    "answered": "check",
    "step": "clock-alert",
    "missed": "triangle-alert",
}
TONES = {"escalated": "warning", "voided": "error", "missed": "error", "step": "warning"}


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that comes back: what it was (`name` of a move, or another verb), what was typed, and why it was
    refused; None when it only wanted another line."""

    name: str
    typed: QueryDict
    refused: Refused | None

    @property
    def code(self) -> str:
        return self.refused.code if self.refused else ""


@dataclass(frozen=True, slots=True)
class MoveShown:
    """A move that can be made, with the fields it asks. `simple`: nothing to fill in, the button does it."""

    move: Move
    asked: list[Asked]
    reason: bool
    lowering: bool  # the reason is for a grade lower than proposed
    why: tuple[Refused, ...]
    tried: Tried | None
    clauses: list[Clause]

    @property
    def simple(self) -> bool:
        return not self.asked and not self.reason and self.tried is None


@dataclass(frozen=True, slots=True)
class Barred:
    """A move that cannot be made now: why not, and the names of those who could."""

    move: Move
    refusals: tuple[Refused, ...]
    could: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened. `said` are further lines below its title."""

    at: datetime
    who: str
    icon: str
    tone: str
    title: str
    said: list[str]


def clocks(work: Work, at: datetime) -> tuple[list[ClockExplanation], list[ClockExplanation]]:
    """Promises that stand or were missed and wait, nearest first; and those that are over."""
    explained = work_queries.explained(work, at)
    live = [one for one in explained if _stands(one.state) and work.is_open]
    over = [one for one in explained if one not in live]
    return sorted(live, key=lambda one: one.state.due_at), over


def moves(
    work: Work, person: Person, at: datetime, tried: Tried | None = None, *, by_number: bool = False
) -> tuple[list[MoveShown], list[Barred]]:
    """The moves this person may make now, and those that something stands in the way of.

    by_number: records such as customers are asked for too, by their number.
    """
    choices = filling.choices_for(work.department_id)
    known = filling.names_of(work.values.values()) if by_number else None
    counted = figures.of_work(work, person, at) if work.is_open else {}
    open_, barred = [], []
    for offer in work_queries.moves_offered(work, person.pk, at):
        names = form_of(work, offer.move)
        if offer.allowed or _only_wants(offer, names):
            mine = tried if tried is not None and tried.name == offer.move.name else None
            open_.append(_move_shown(work, offer, names, choices, mine, known, counted))
        else:
            barred.append(offer)
    names_by_id = _could_names(barred)
    return open_, [
        Barred(
            offer.move,
            offer.refusals,
            tuple(names_by_id[one] for one in _could(offer) if one in names_by_id),
        )
        for offer in barred
    ]


def form_of(work: Work, move: Move) -> tuple[str, ...]:
    """The fields of a move's form: those it asks for, what a duty that is done requires, and those that its conditions
    ask about, as far as no other move is there to fill them, or a certain value is needed where nothing stands yet, or
    people are named."""
    ends = move.to in work.flow.ends()
    values, free = work.values, filling.free_fields(work.rule)
    asked = {
        test.path
        for need in (*move.needs, *(work.rule.needs if ends else ()))
        for tests in need.that.any_of
        for test in tests
        if test.path in free
        or (test.operator == "is" and (values.get(test.path) is None or _names_people(test)))
    }
    asked |= {name for name in _required(work, move) if values.get(name) is None}
    needed = [name for name in work.rule.form.fields if name in asked]
    return tuple(dict.fromkeys((*move.fill, *needed)))


def _required(work: Work, move: Move) -> list[str]:
    """What the form of a duty requires, which is asked when it is done."""
    return required_of(work.rule) if work.chapter == "duties" and work.flow.proves(move) else []


def _names_people(test: Test) -> bool:
    return isinstance(test.operand, tuple) and any(isinstance(one, Who) for one in test.operand)


def history(
    work: Work, events: Iterable[Event], lang: str, notes: Mapping[int, str] | None = None
) -> list[Happening]:
    """What the ledger says, in words, oldest first; notices sent are left out, they only repeat it.

    notes: further words by number of event.
    """
    events = [event for event in events if not event.kind.startswith("notice.")]
    typed = {event.seq: facts_json.load(event.data.get("facts", {})) for event in events}
    if work.chapter in ("forms", "approvals"):
        typed = _changed(work, typed)
    ids = [_actor(event) for event in events]
    more = [
        Ref("person", str(event.data[key])) for event in events for key in ("person",) if key in event.data
    ]
    more += [Ref("unit", str(event.data["department"])) for event in events if "department" in event.data]
    names = filling.names_of([*ids, *more, *(value for facts in typed.values() for value in facts.values())])
    return [
        _happening(work, event, typed[event.seq], names, lang, (notes or {}).get(event.seq, ""))
        for event in events
    ]


def _changed(work: Work, told: Mapping[int, Mapping[str, object]]) -> dict[int, dict[str, object]]:
    """Of each event what it changed. What a paper was begun with is told where it was changed since: else the page
    above says it already."""
    found: dict[int, dict[str, object]] = {}
    known: dict[str, object] = work.values
    for seq, facts in told.items():
        found[seq] = {name: value for name, value in facts.items() if known.get(name) != value}
        known = {**({} if len(found) == 1 else known), **facts}
    return found


def _happening(
    work: Work,
    event: Event,
    facts: Mapping[str, object],
    names: Mapping[Ref, str],
    lang: str,
    note: str,
) -> Happening:
    verb = event.kind.partition(".")[2]
    said = _fields_in_words(work, facts, names, lang)
    if "lowered_from" in event.data and (grades := work.rule.grades) is not None:
        level = grades.levels.get(event.data["lowered_from"])
        said.append(_("lower than proposed: %(level)s") % {"level": level.title.text(lang) if level else ""})
    title = event.described.title.text(lang)
    if verb == "moved":
        move, state = work.flow.moves.get(event.data["name"]), work.flow.states.get(event.data["state"])
        title = move.title.text(lang) if move else event.data["name"]
        if (
            state is not None
            and state.title.text(lang) != title
            and event.data.get("from") != event.data["state"]
        ):
            title += f" → {state.title.text(lang)}"
    elif verb == "step":
        title, said = _step(work, event, lang), []
    elif "person" in event.data:
        said.append(names.get(Ref("person", str(event.data["person"])), ""))
    elif "department" in event.data:
        said.append(names.get(Ref("unit", str(event.data["department"])), ""))
    elif verb == "revealed":
        said.append(Wording(work.rulebook, work.rule, lang).field(event.data["field"]))
    if note:
        said.append(note)
    return Happening(
        event.occurred_at,
        _who(work, event, names, lang),
        ICONS.get(verb, "history"),
        TONES.get(verb, ""),
        title,
        [one for one in said if one],
    )


def _fields_in_words(
    work: Work, facts: Mapping[str, object], names: Mapping[Ref, str], lang: str
) -> list[str]:
    fields, colon = fields_of(work.rule), "：" if lang.startswith("zh") else ": "
    words = Wording(work.rulebook, work.rule, lang)
    lines = []
    for name, value in facts.items():
        if value == FILLED or name == "voided":  # the text itself stands on the page
            continue
        shown = filling.in_words(
            fields.get(name), value, lang=lang, zone=work.rulebook.calendar.zone, names=names
        )
        lines.append(f"{words.field(name)}{colon}{shown}")
    return lines


def _step(work: Work, event: Event, lang: str) -> str:
    """The step in the words of the version that promised it; that version may have dropped it since."""
    clock = work.rule.clocks.get(event.data["clock"])
    index = event.data["step"]
    if clock is None or index >= len(clock.steps):
        return event.described.title.text(lang)
    said = Wording(work.rulebook, work.rule, lang).step(clock.steps[index])
    return f"{clock.title.text(lang)} · {said}"


def _who(work: Work, event: Event, names: Mapping[Ref, str], lang: str) -> str:
    ref = _actor(event)
    if ref is None:
        kind = event.actor.partition(":")[0]
        return {"system": _("the rulebook"), "customer": _("Customer")}.get(kind, kind)
    post = work.rulebook.posts.get(event.actor_post)
    name = names.get(ref, ref.id)
    return f"{name} · {post.title.text(lang)}" if post else name


def _actor(event: Event) -> Ref | None:
    kind, _sep, number = event.actor.partition(":")
    return Ref("person", number) if kind == "person" else None


def _stands(state: ClockState) -> bool:
    return state.live or (state.state == "missed" and state.ended_at is None)


def _move_shown(
    work: Work,
    offer: Offer,
    names: tuple[str, ...],
    choices: Choices,
    tried: Tried | None,
    known: Mapping[Ref, str] | None,
    counted: Mapping[str, object],
) -> MoveShown:
    rulebook = work.rulebook
    made_before = offer.move.name in work.made  # then it asks anew: a second delay has a second reason
    values = {} if made_before else {**work.values, **counted}
    asked = filling.asked(
        rulebook,
        fields_of(work.rule),
        names,
        prefix=offer.move.name,
        values=values,
        choices=choices,
        required=(*offer.move.fill, *_required(work, offer.move)),
        tried=tried.typed if tried else None,
        refused=tried.refused if tried else None,
        known=known,
    )
    asked = proposing(work, offer.move, asked, tried.typed if tried else None)
    lowering = any(one.proposal or one.watched for one in asked)  # a lower grade wants a reason
    reason = (
        lowering
        or bool(offer.reasons)
        or (tried is not None and tried.code in ("flow.reason", "grade.reason"))
    )
    clauses = [rulebook.clauses[one] for one in offer.move.clauses if one in rulebook.clauses]
    return MoveShown(offer.move, asked, reason, lowering, offer.reasons, tried, clauses)


def _only_wants(offer: Offer, names: tuple[str, ...]) -> bool:
    """Nothing stands in the way but fields that the move's own form asks."""
    return all(
        refusal.code == "flow.need" and refusal.facts.get("why") in names for refusal in offer.refusals
    )


def _could(offer: Offer) -> list[int]:
    found: list[int] = []
    for refusal in offer.refusals:
        could = refusal.facts.get("could")
        if isinstance(could, tuple):
            found += [int(one) for one in could]
    return found


def _could_names(offers: Iterable[Offer]) -> dict[int, str]:
    wanted = {one for offer in offers for one in _could(offer)}
    return dict(columns(Person, ("id", "name"), among("id", wanted), [*wanted])) if wanted else {}
