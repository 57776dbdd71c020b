"""Tasks down the line: a leader gives one to somebody below; between departments only the managers ask each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kefu.core.effects import organisation
from kefu.core.effects.registry import Cause
from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Instant, Matcher
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Kind, Ref, Rulebook
from kefu.core.work import people
from kefu.core.work.counting import records_of
from kefu.core.work.fields import fields_of
from kefu.documents.consent import consent_asked_by
from kefu.documents.models import Document
from kefu.duties import actions
from kefu.duties.models import Duty
from kefu.staff.models import Department, Person
from kefu.staff.organisation import LiveOrganisation
from kefu.staff.rights import rulebook_of


def kinds_to_give(rulebook: Rulebook) -> list[Kind]:
    """Duties whose deadline whoever gives them sets: those due at an instant of their own form, which no rule opens
    but for somebody who was named."""
    ruled = _opened_by_rules(rulebook)
    return [
        kind
        for kind in rulebook.kinds.values()
        if kind.chapter == "duties"
        and not (kind.every or kind.plan or kind.starts or kind.name in ruled)
        and _set_by_hand(kind)
    ]


def _opened_by_rules(rulebook: Rulebook) -> set[str]:
    effects = [effect for reaction in rulebook.reactions.values() for effect in reaction.do]
    for kind in rulebook.kinds.values():
        effects += [effect for move in kind.flow.moves.values() for effect in move.then]
        effects += [effect for clock in kind.clocks.values() for step in clock.steps for effect in step.do]
    named = ("owner", "author", "each")
    return {
        effect.target
        for effect in effects
        if effect.word == "open"
        and (effect.for_ is None or effect.for_.word != "field" or effect.for_.name in named)
    }


def give(kind: str, *, to: Person, values: Mapping[str, object], by: Person, at: datetime) -> Duty:
    """Give a task. Raises Refused task.not_below, task.other_department naming who may; task.kind; form.*."""
    require_may_give(by, to, at)
    department = _department(to)
    rulebook = rulebook_of(department, at)
    if kind not in {one.name for one in kinds_to_give(rulebook)}:
        titles = [one.title for one in kinds_to_give(rulebook)]
        raise Refused(
            "task.kind",
            zh=f"这一类任务不能直接交办；可交办：{'、'.join(one.zh for one in titles) or '无'}。",
            en=f"Such a duty is not given by hand; these are: {', '.join(one.en for one in titles) or 'none'}.",
        )
    duty = actions.opened(
        kind,
        department=department,
        rulebook=rulebook,
        by=by,
        at=at,
        values=values,
        owner_id=to.pk,
        draft=False,
    )
    cause = Cause(by=by, at=at, key=f"given:{duty.pk}")
    people.tell([to.pk] if to != by else [], "work.assigned", duty, {}, cause)
    return duty


def require_may_give(by: Person, to: Person, at: datetime) -> None:
    """Down the own line, to oneself, and from head to head of two departments."""
    here = LiveOrganisation(at, to.department_id)
    line = {one for level in here.reporting_line(str(to.pk)) for one in level}
    if by == to or str(by.pk) in line:
        return
    ours, theirs = _heads(by.department_id, at), _heads(to.department_id, at)
    if by.department_id == to.department_id:
        leaders = _names(here.leader_of(str(to.pk)))
        raise Refused(
            "task.not_below",
            zh=f"任务由上级向下级交办；{to.name} 的上级是 {leaders or '（未设）'}，请由其交办，或书面提出建议。",
            en=f"Tasks go down the line; the leader of {to.name} is {leaders or 'nobody'}: let them give it, "
            "or write a suggestion.",
            leaders=leaders,
        )
    if str(by.pk) in ours and str(to.pk) in theirs:
        return
    mine, other = _names(ours), _names(theirs)
    raise Refused(
        "task.other_department",
        zh=f"部门之间的工作须经双方负责人同意：请由本部门 {mine or '（未设）'} 向对方 {other or '（未设）'} 提出。",
        en=f"Work between departments goes through both managers: let {mine or 'your manager'} ask "
        f"{other or 'theirs'}.",
        ours=mine,
        theirs=other,
    )


@consent_asked_by
def require_may_order(paper: Document, move: str, by: Person, at: datetime) -> None:
    """A paper whose filing gives somebody a task goes the way of the task. Raises as `require_may_give`."""
    rulebook, facts = paper.rulebook, paper.facts()
    given = {kind.name for kind in kinds_to_give(rulebook)}
    for reaction in rulebook.reactions.values():
        if reaction.after != f"{paper.kind}.{move}" or not _holds(reaction.when, paper, at):
            continue
        for effect in reaction.do:
            to = facts.get(effect.for_.name) if effect.for_ and effect.for_.word == "field" else None
            if (
                effect.word == "open"
                and effect.target in given
                and isinstance(to, Ref)
                and to.kind == "person"
            ):
                require_may_give(by, Person.objects.get(pk=to.id), at)


def _holds(when: Matcher | None, paper: Document, at: datetime) -> bool:
    records = records_of(paper, at)
    return when is None or holds(when, paper.facts(), calendar=paper.rulebook.calendar, records=records).ok


def people_to_give_to(person: Person, at: datetime) -> list[Person]:
    """Everybody below, nearest first, and for a head the heads of the other departments."""
    here = LiveOrganisation(at, person.department_id)
    found: list[str] = []
    level = here.team_of(str(person.pk))
    while level:
        found += level
        level = tuple(dict.fromkeys(one for up in level for one in here.team_of(up) if one not in found))
    if str(person.pk) in _heads(person.department_id, at):
        others = Department.objects.exclude(pk=person.department_id).values_list("pk", flat=True)
        found += [one for pk in others for one in _heads(pk, at)]
    by_id = Person.objects.in_bulk([int(one) for one in dict.fromkeys(found)])
    return [by_id[int(one)] for one in dict.fromkeys(found) if int(one) in by_id and int(one) != person.pk]


def _set_by_hand(kind: Kind) -> bool:
    due = kind.clocks.get("due")
    fields = fields_of(kind)
    return due is not None and any(
        isinstance(branch.value, Instant) and branch.value.anchor in fields for branch in due.due
    )


def _heads(department: int, at: datetime) -> tuple[str, ...]:
    return organisation.at(at, department).leader_of_unit(str(department))


def _names(ids: tuple[str, ...]) -> str:
    rows = Person.objects.filter(pk__in=[int(one) for one in ids]).order_by("pk")
    return "、".join(rows.values_list("name", flat=True))


def _department(person: Person) -> Department:
    """The nearest department of the person's line that lives by a rulebook of its own, else the person's."""
    current: Department | None = person.department
    while current is not None and not current.pack:
        current = current.parent
    return current or person.department
