"""What can be done with any piece of work. Capabilities call these from their own verbs.

Each action runs in one transaction: it locks the row, changes it, carries out the effects that belong to the
change, records the events and brings the clocks up to date by replaying the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from kefu.core.clocks import facts_json
from kefu.core.clocks.actions import refresh
from kefu.core.db import insert, update, write
from kefu.core.effects import organisation
from kefu.core.effects.registry import Cause, perform
from kefu.core.errors import Refused
from kefu.core.flow import check_move
from kefu.core.flow.moves import chosen
from kefu.core.flow.refusals import Words
from kefu.core.ledger import SYSTEM, Actor, By
from kefu.core.rulebook.grade import proposed_level
from kefu.core.rulebook.model import Field, Ref, Rulebook
from kefu.core.rulebook.who import CUSTOMER, resolve
from kefu.core.rulebook.wording import Wording
from kefu.core.search.actions import learn, relearn
from kefu.core.work import counting, registry
from kefu.core.work.fields import fields_of, read_values, required_of
from kefu.core.work.grading import lowered
from kefu.core.work.models import Escalation, Work
from kefu.core.work.naming import require_known
from kefu.core.work.numbers import next_number
from kefu.core.work.recording import asking_as, locked, note, person_id, require_not_void, save

AnyWork = TypeVar("AnyWork", bound=Work)


def open_work(
    model: type[AnyWork],
    kind: str,
    *,
    department: Any,
    rulebook: Rulebook,
    by: By,
    at: datetime,
    values: Mapping[str, object],
    parent: Work | None = None,
    owner_id: int | None = None,
    told: Mapping[str, object] | None = None,
    draft: bool = False,
    **columns: Any,
) -> AnyWork:
    """Open a piece of work of `kind` under `rulebook`, the one in force for the department at `at`.

    values: raw field values. told: typed facts that nobody fills in (`each`, `period`, `planned`). draft: what is
    required may be filled in later, of a duty when it is done. columns: further columns of `model`.
    Raises Refused work.unknown_kind, form.invalid, form.unknown_record, form.missing.
    """
    rule = rulebook.kinds.get(kind)
    if rule is None or rule.chapter != model.chapter:
        raise Refused(
            "work.unknown_kind",
            zh=f"制度中没有「{kind}」这一类；可用：{_titles(rulebook, model, 'zh')}",
            en=f"the rulebook has no kind “{kind}” here; it has: {_titles(rulebook, model, 'en')}",
            kind=kind,
        )
    fields = fields_of(rule)
    typed = _filled(read_values(fields, values, zone=rulebook.calendar.zone))
    require_known(fields, values, by=by, at=at, department=department.pk)
    if not draft:
        require_filled(fields, required_of(rule), typed)
    typed |= told or {}
    with write():
        work = model(
            number=next_number(rule.number, at=at, zone=rulebook.calendar.zone),
            kind=kind,
            department=department,
            owner_id=owner_id,
            author_id=person_id(by),
            state=rule.flow.start,
            fields=facts_json.dump(typed),
            parent_kind=parent.noun if parent else "",
            parent_id=parent.pk if parent else None,
            opened_at=at,
            changed_at=at,
            version=rulebook.version,
            **columns,
        )
        insert([work])
        work.in_force = rulebook
        lowered(work, typed, by=by, at=at, reason="")
        note(work, "opened", by=by, at=at, name="opened", values=typed)
        _regrade(work, typed, by=by, at=at)
        refresh(work, at=at, new=True)
        learn(work)
    return work


def move(
    work: AnyWork,
    name: str,
    *,
    by: By,
    at: datetime,
    values: Mapping[str, object] | None = None,
    reason: str = "",
    revision: int | None = None,
) -> AnyWork:
    """Make the move `name`. `reason` passes soft needs. `revision`: the one the person saw.

    A duty is done when what its form requires is filled in: it may have been opened by a rule, which fills in nothing.
    Raises Refused work.changed, work.over, form.invalid, form.unknown_record, form.missing, flow.*; nothing is
    changed then.
    """
    with write():
        work = locked(work, revision=revision)
        require_not_void(work)
        rule, rulebook = work.rule, work.rulebook
        typed = _read(work, values or {}, by=by, at=at)
        passed = check_move(
            rule.flow,
            name,
            work.state,
            work.facts(),
            asking_as(by),
            organisation.at(at, work.department_id),
            calendar=rulebook.calendar,
            records=counting.records_of(work, at),
            filled=typed,
            reason=reason,
            proofs=rule.needs,
            words=Words.of(rulebook, rule),
        )
        if rule.chapter == "duties" and rule.flow.proves(passed.move):
            require_filled(fields_of(rule), required_of(rule), work.values | typed)
        _require_ahead(work, name, typed, at=at)
        acting = Actor(by.actor_id, passed.post)
        told = lowered(work, typed, by=by, at=at, reason=reason) | _excuse(reason)
        before, work.state = work.state, passed.move.to
        work.fields = facts_json.dump(_filled(work.values | typed))
        work.made = work.made | facts_json.dump({name: at})
        over = work.state in rule.flow.ends()
        work.closed_at = (work.closed_at or at) if over else None
        save(work, at=at)
        _relearn(work, typed)
        note(work, "moved", by=acting, at=at, name=name, values=typed, data={"from": before} | told)
        for index, effect in enumerate(passed.move.then):
            cause = Cause(
                by=acting,
                at=at,
                key=f"move:{work.noun}:{work.pk}:{work.revision}:{index}",
                clauses=passed.move.clauses,
                delivered=not by.actor_id.startswith("import"),
            )
            perform(effect, work, cause)
            work = locked(work)
        _regrade(work, typed, by=by, at=at)
        refresh(work, at=at)
    return work


def set_values(
    work: AnyWork,
    values: Mapping[str, object],
    *,
    by: By,
    at: datetime,
    revision: int | None = None,
) -> AnyWork:
    """Change fields without a move. Raises Refused work.changed, work.voided, form.invalid, form.unknown_record."""
    with write():
        work = locked(work, revision=revision)
        require_not_void(work)
        typed = _read(work, values, by=by, at=at)
        lowered(work, typed, by=by, at=at, reason="")
        changed = {name: value for name, value in typed.items() if work.values.get(name) != value}
        if changed:
            work.fields = facts_json.dump(_filled(work.values | changed))
            save(work, at=at)
            _relearn(work, changed)
            note(work, "set", by=by, at=at, name="set", values=changed)
            _regrade(work, changed, by=by, at=at)
            refresh(work, at=at)
    return work


def assign(
    work: AnyWork, to: int | None, *, by: By, at: datetime, because: Mapping[str, object] | None = None
) -> AnyWork:
    """Make the person `to` (id) the owner, or nobody. Assigning the same owner again changes nothing.

    because: why this one, kept with the event.
    """
    with write():
        work = locked(work)
        require_not_void(work)
        if work.owner_id != to:
            before, work.owner_id = work.owner_id, to
            save(work, at=at)
            owner = Ref("person", str(to)) if to is not None else None
            told = {"before": before, **(because or {})}
            note(work, "assigned", by=by, at=at, name="set", values={"owner": owner}, data=told)
            refresh(work, at=at)
    return work


def void(work: AnyWork, *, by: By, at: datetime, reason: str, revision: int | None = None) -> AnyWork:
    """Declare the work opened by mistake: it stays readable, its clocks end without being met or missed."""
    with write():
        work = locked(work, revision=revision)
        require_not_void(work)
        work.voided_at = at
        work.void_reason = reason
        save(work, at=at)
        note(work, "voided", by=by, at=at, name="voided", values={"voided": "true"})
        refresh(work, at=at)
    return work


def hand_back(person: Any, *, by: By, at: datetime) -> int:
    """Take all open work from a person who leaves: it goes to the leader, or to nobody. Returns how many."""
    count = 0
    with write():
        for model in registry.models():
            for work in model._default_manager.filter(
                owner_id=person.pk, closed_at=None, voided_at=None
            ).order_by("pk"):
                leaders = organisation.at(at, work.department_id).leader_of(str(person.pk))
                assign(work, int(leaders[0]) if leaders else None, by=by, at=at)
                count += 1
    return count


def acknowledge(escalation: Escalation, *, by: By, at: datetime) -> None:
    """The person made answerable says: I know. Saying it twice changes nothing."""
    with write():
        if Escalation.objects.filter(pk=escalation.pk, acknowledged_at=None).update(acknowledged_at=at):
            work = registry.find(Ref(escalation.work_kind, str(escalation.work_id)))
            if work is not None:
                note(work, "acknowledged", by=by, at=at, data={"person": escalation.person_id})


# --- what they require ----------------------------------------------------------------------------------


def require_opener(rulebook: Rulebook, kind: str, department: int, *, by: By, at: datetime) -> None:
    """Raises Refused work.opener for people whom the rulebook does not let open work of `kind`.

    A kind without `by` is open to all staff, and to customers only where `by` says so.
    """
    asking = asking_as(by)
    rule = rulebook.kinds.get(kind)
    if rule is None or asking is None or not (rule.by or asking == CUSTOMER):
        return
    author = {"author": Ref("person", asking)} if asking != CUSTOMER else {}
    facts = {**author, "department": Ref("unit", str(department))}
    allowed = chosen(rule.by, facts, rulebook.calendar, lambda count, asked: 0)
    if asking != CUSTOMER and any(who.word == "anyone" for who in allowed):
        return
    here = organisation.at(at, department)
    if not any(asking in resolve(who, facts, here) for who in allowed):
        zh, en = (
            ", ".join(Wording(rulebook, rule, lang).who(who) for who in allowed) for lang in ("zh", "en")
        )
        raise Refused(
            "work.opener",
            zh=f"您不能登记「{rule.title.zh}」；可登记者：{zh or '员工'}",
            en=f"You may not register “{rule.title.en}”; it is for: {en or 'staff'}",
            kind=kind,
        )


def _read(work: Work, raw: Mapping[str, object], *, by: By, at: datetime) -> dict[str, object]:
    """What was typed over what the work holds. Raises Refused form.invalid, form.unknown_record."""
    fields, stored = fields_of(work.rule), work.values
    typed = read_values(fields, raw, zone=work.rulebook.calendar.zone, stored=stored)
    require_known(fields, raw, by=by, at=at, department=work.department_id, stored=stored)
    return typed


def _relearn(work: Work, changed: Mapping[str, object]) -> None:
    """Let search know of changed texts; other values find nothing."""
    fields = fields_of(work.rule)
    if any(fields[name].type == "text" for name in changed):
        relearn(work)


def _require_ahead(work: Work, move: str, typed: Mapping[str, object], *, at: datetime) -> None:
    """A promise that starts again at an agreed time starts then, not before now: it would be missed as it is made."""
    for clock in work.rule.clocks.values():
        agreed = typed.get(clock.restarts.get(move, ""))
        if isinstance(agreed, datetime) and agreed < at:
            title = fields_of(work.rule)[clock.restarts[move]].title
            raise Refused(
                "work.agreed_past",
                zh=f"「{title.zh}」已经过去，请填写将来的时间。",
                en=f"“{title.en}” lies in the past; give a time to come.",
                field=clock.restarts[move],
            )


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _excuse(reason: str) -> dict[str, object]:
    """That a reason was given stands in the ledger; its words stand in the work's own row of messages."""
    return {"reasoned": True} if reason.strip() else {}


def require_filled(fields: Mapping[str, Field], names: Iterable[str], values: Mapping[str, object]) -> None:
    """Raises Refused form.missing naming all of `names` that have no value."""
    missing = [fields[name].title for name in names if values.get(name) in (None, "", [])]
    if missing:
        raise Refused(
            "form.missing",
            zh=f"请填写：{'、'.join(title.zh for title in missing)}",
            en=f"Please fill in: {', '.join(title.en for title in missing)}",
            fields=[name for name in names if values.get(name) in (None, "", [])],
        )


def _regrade(work: Work, changed: Mapping[str, object], *, by: By, at: datetime) -> None:
    """Let the rulebook raise the grade when a fact changed. A grade that a person chose stands until then."""
    grades = work.rule.grades
    if grades is None:
        return
    was_chosen = work.graded_by_person
    by_person = grades.name in changed and person_id(by) is not None
    if by_person or set(changed) - {grades.name}:
        work.graded_by_person = by_person
    values = work.values
    current = values.get(grades.name)
    level = proposed_level(
        grades,
        work.facts(),
        str(current) if current else None,
        set_by_person=work.graded_by_person,
        calendar=work.rulebook.calendar,
        records=counting.records_of(work, at),
    )
    raised = level is not None and level != current
    if raised:
        work.fields = facts_json.dump(values | {grades.name: level})
        note(work, "set", by=SYSTEM, at=at, name="set", values={grades.name: level})
    if raised or work.graded_by_person != was_chosen:
        update(work, ["fields", "graded_by_person"])


def _titles(rulebook: Rulebook, model: type[Work], lang: str) -> str:
    titles = [kind.title.text(lang) for kind in rulebook.kinds.values() if kind.chapter == model.chapter]
    return ("、" if lang == "zh" else ", ").join(titles)
