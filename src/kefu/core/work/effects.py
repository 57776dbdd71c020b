"""The effects of the rulebook that act on work: set, move, assign, escalate, notify, open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kefu.core.db import insert
from kefu.core.effects.registry import Cause, effect
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.fields import values_set, values_with
from kefu.core.rulebook.model import Chapter, Ref
from kefu.core.rulebook.who import escalation
from kefu.core.work import actions, people, registry
from kefu.core.work.models import Escalation, Work
from kefu.core.work.recording import note

Opener = Callable[[Effect, Work, Mapping[str, object], Cause], Work]
_openers: dict[Chapter, Opener] = {}


def opened_by(chapter: Chapter) -> Callable[[Opener], Opener]:
    """Register what opens the kinds of a chapter: fn(effect, source, values, cause)."""

    def register(opener: Opener) -> Opener:
        _openers[chapter] = opener
        return opener

    return register


Giver = Callable[[str, Work, Sequence[int], Cause], "int | None"]
_givers: dict[Chapter, Giver] = {}


def given_by(chapter: Chapter) -> Callable[[Giver], Giver]:
    """Register what gives work of a chapter to one of several: fn(way, work, people, cause), answers who has it now."""

    def register(giver: Giver) -> Giver:
        _givers[chapter] = giver
        return giver

    return register


Setter = Callable[[Ref, Mapping[str, object], Work, Cause], None]
_setters: dict[str, Setter] = {}


def record_set_by(kind: str) -> Callable[[Setter], Setter]:
    """Register what sets facts of records that no pack declares ("customer"): fn(record, values, work, cause)."""

    def register(setter: Setter) -> Setter:
        _setters[kind] = setter
        return setter

    return register


@effect("set")
def _set(asked: Effect, work: Work, cause: Cause) -> None:
    """Fields of the work itself, or with two steps (`customer.grade`) of the record that one of them names."""
    own = {name: value for name, value in asked.with_.items() if "." not in name}
    if own:
        actions.set_values(work, own, by=cause.by, at=cause.at)
    for name, values in values_set(asked, work.rule, work.facts()).items():
        record = work.values.get(name)
        if isinstance(record, Ref):
            _setters[record.kind](record, values, work, cause)


@effect("move")
def _move(asked: Effect, work: Work, cause: Cause) -> None:
    actions.move(work, asked.target, by=cause.by, at=cause.at)


@effect("assign")
def _assign(asked: Effect, work: Work, cause: Cause) -> None:
    """To the first of those meant who is on duty, or as the rule's way says. Nobody known: the work keeps its owner."""
    meant = people.meant(asked.for_, work, cause)
    if asked.way:
        found = _givers[work.chapter](asked.way, work, meant, cause)
    elif (found := people.first_on_duty(meant, work, cause)) is not None:
        actions.assign(work, found, by=cause.by, at=cause.at)
    if found is not None:
        people.tell([found], "work.assigned", work, {}, cause)


@effect("notify", recipients=lambda asked, work, cause: people.meant(asked.for_, work, cause))
def _notify(asked: Effect, work: Work, cause: Cause) -> None:
    if not cause.delivered:
        return  # whom it would have told is not worth asking
    kind = "work.reminded" if cause.key.startswith("step:") else "work.told"
    people.tell(people.meant(asked.for_, work, cause), kind, work, {}, cause)


@effect("escalate")
def _escalate(asked: Effect, work: Work, cause: Cause) -> None:
    """Make the superior answerable too. The same person twice gets one task; past the top, the top is told once."""
    if asked.for_ is None:
        return
    here = cause.organisation(work.department_id)
    up = escalation(asked.for_, work.facts(), here, work.rulebook.posts)
    if up.person is None:
        return
    person = int(up.person)
    if up.past_top:
        people.tell([person], "work.escalated", work, {}, cause)
        return
    if Escalation.objects.filter(
        work_kind=work.noun, work_id=work.pk, person_id=person, acknowledged_at=None
    ).exists():
        return
    task = Escalation(
        work_kind=work.noun,
        work_id=work.pk,
        department_id=work.department_id,
        person_id=person,
        at=cause.at,
        reason={"key": cause.key, "clauses": list(cause.clauses)},
        passed_over=[int(one) for one in up.passed_over],
    )
    insert([task])
    note(
        work,
        "escalated",
        by=cause.by,
        at=cause.at,
        data={"person": person, "passed_over": [int(one) for one in up.passed_over], "cause": cause.key},
    )
    people.tell([person], "work.escalated", work, {}, cause)


@effect("open")
def _open(asked: Effect, work: Work, cause: Cause) -> None:
    kind = work.rulebook.kinds[asked.target]
    behind = case_behind(work)  # a case that opens something is its origin
    facts = work.facts() | {
        "origin": Ref(behind.kind, str(behind.pk))
    }  # by its kind, as fields of forms name it
    opened = _openers[kind.chapter](asked, work, values_with(asked, work.rule, facts), cause)
    told = (
        [opened.owner_id] if opened.owner_id and opened.is_open else []
    )  # it may have been taken back at once
    people.tell(told, "work.assigned", opened, {}, cause)


def origin(work: Work) -> Ref:
    """The case that a piece of work belongs to in the end: a duty's case, a case itself."""
    return (
        Ref(work.parent_kind, str(work.parent_id))
        if work.chapter == "duties" and work.parent_kind
        else work.ref
    )


def case_behind(work: Work) -> Work:
    """The work named by `origin`."""
    return registry.find(origin(work)) or work
