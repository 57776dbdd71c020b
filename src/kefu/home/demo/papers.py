"""Papers that are filled in, signed and filed, and what is asked of superiors and decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kefu.approvals import actions as approvals
from kefu.approvals.models import Approval
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind
from kefu.core.rulebook.who import resolve
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import actions as documents
from kefu.home.demo.acting import in_hours, minutes, step, way
from kefu.home.demo.people import Household, Town
from kefu.home.demo.stories import Story, Tell
from kefu.home.demo.words import filled
from kefu.staff.models import Person

MOST_ASKED = 6
LEFT = 0.15  # share of papers that stop on the way: drafts, and those that wait for a signature
Given = Mapping[str, object]
NOTHING: Given = {}
ENDS = ("approved", "completed", "waiting", "refused", "returned")
REMARKS = {"approved": "同意", "refused": "理由不充分，暂不同意", "returned": "请补充说明依据和金额构成"}


def paper(
    kind: str, number: int, *, by: Person | None = None, of: Work | None = None, given: Given = NOTHING
) -> Tell:
    """The `number`th paper of its kind: begun by somebody who may (`by`), filled in, signed by whom it names, filed.

    of: the work for which it is filled in; such a paper is always filed. given: what must stand in it.
    """

    def story(town: Town, at: datetime) -> Story:
        rule = town.rulebook.kinds[kind]
        home = town.households[number * 7 % len(town.households)]
        moved = {name for move in rule.flow.moves.values() for name in move.fill}
        fields = {
            name: field for name, field in fields_of(rule).items() if name not in moved or field.required
        }
        typed = {
            name: field
            for name, field in fields.items()
            if not (field.type == "signature" and name in moved) and not (of is not None and field.prefill)
        }
        for person in [by] if by is not None else _who(town, rule, at, of):
            values = filled(town, rule, typed, by=person, home=home, at=at)
            try:
                document = documents.begin(
                    kind,
                    department=town.centre,
                    by=person,
                    at=at,
                    values={**values, **given},
                    origin=of.ref if of is not None else None,
                    prefill=True,
                )
            except Refused as refused:
                town.refused[f"{kind}: {refused.en}"] += 1
                continue
            for move in way(document.flow, document.state):
                at = yield in_hours(town, rule, at + minutes(town, 2, 300)) - at
                left = of is None and town.chance.random() < LEFT
                if left or not step(town, document, move, home=home, at=at):
                    return
            return

    return story


def asked(kind: str, number: int) -> Tell:
    """The `number`th request of its kind: agreed to, at once or completed, refused, sent back, or still waiting."""

    def story(town: Town, at: datetime) -> Story:
        rule = town.rulebook.kinds[kind]
        approval = _asked(town, rule, number, at)
        if approval is None or (end := end_of(kind, number)) == "waiting":
            return
        if end == "completed":
            at = yield in_hours(town, rule, at + minutes(town, 30, 400)) - at
            _decide(town, approval, "returned", at)
            at = yield in_hours(town, rule, at + minutes(town, 60, 700)) - at
            approval.refresh_from_db()
            if approval.applicant is not None and approval.state == "returned":
                approvals.resubmit(approval, by=approval.applicant, at=at, reason="已补充依据")
            end = "approved"
        for _ in range(6):
            at = yield in_hours(town, rule, at + minutes(town, 30, 600)) - at
            if not _decide(town, approval, end, at):
                return

    return story


def end_of(kind: str, number: int) -> str:
    """How the `number`th request of its kind ends, a word of `ENDS`."""
    return ENDS[(number + len(kind)) % len(ENDS)]


def _asked(town: Town, rule: Kind, number: int, at: datetime) -> Approval | None:
    moved = {name for move in rule.flow.moves.values() for name in move.fill}
    fields = {name: one for name, one in fields_of(rule).items() if name not in moved}
    for turn, person in enumerate(_who(town, rule, at) * 2):
        home: Household = town.households[(number * 5 + turn * 11 + 3) % len(town.households)]
        values = filled(town, rule, fields, by=person, home=home, at=at)
        try:
            return approvals.ask(
                rule.name, department=town.centre, by=person, at=at, values=values, reason="按制度办理"
            )
        except Refused as refused:
            town.refused[f"{rule.name}: {refused.en}"] += 1
    return None


def _decide(town: Town, approval: Approval, verdict: str, at: datetime) -> bool:
    """Whoever's turn it is decides; whether it goes on."""
    approval.refresh_from_db()
    by_id = {person.pk: person for person in town.people.values()}
    turn = [by_id[one] for one in approval.turn if one in by_id]
    if not approval.is_open or not turn:
        return False
    try:
        approvals.move(approval, verdict, by=turn[0], at=at, reason=REMARKS[verdict])
    except Refused as refused:
        town.refused[f"{approval.kind}.{verdict}: {refused.en}"] += 1
        return False
    return verdict == "approved"


def _who(town: Town, rule: Kind, at: datetime, of: Work | None = None) -> list[Person]:
    """Those who may open it for that work, else two of them; of `anyone`, people of the department."""
    here, by_id = organisation.at(at, town.centre.pk), {one.pk: one for one in town.people.values()}
    meant = [
        int(one)
        for branch in rule.by
        for who in branch.value
        for one in resolve(who, {"department": town.centre.ref}, here)
        if one.isdecimal()
    ]
    found = [by_id[one] for one in dict.fromkeys(meant) if one in by_id]
    ours = [one for one in found if one.department_id == town.centre.pk] or found
    return town.chance.sample(ours, min(2 if of is None else MOST_ASKED, len(ours)))
