"""Plans of duties that an event begins: item after item, counted from the event, until the last or an end."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from kefu.core.db import write
from kefu.core.effects import organisation
from kefu.core.ledger import SYSTEM, By
from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.model import Kind, Ref, Rulebook
from kefu.core.rulebook.plans import plan_item
from kefu.core.versions import queries as versions
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.duties import actions
from kefu.duties.holders import holder, named
from kefu.duties.models import Duty, Series
from kefu.duties.records import still_holds
from kefu.duties.withdrawing import withdraw


def begin(
    kind: Kind, parent: Work, *, values: dict[str, object], who: Who | None, by: By, at: datetime
) -> Duty:
    """Begin the plan of `kind` for `parent` and open its first item."""
    each = _each(kind, parent)
    with write():
        row = Series.objects.create(
            kind=kind.name,
            department=parent.department,
            parent_kind=parent.noun,
            parent_id=parent.pk,
            each_kind=each.kind if each else "",
            each_id=each.id if each else "",
            began_at=at,
        )
        return _open(row, parent, versions.in_force(parent.rulebook.name, at), values=values, who=who, by=by)[
            0
        ]


def open_due(came: Counter[int], *, at: datetime) -> int:
    """Open the items whose time has come, each dated at its instant; end the plans whose record is gone."""
    number = 0
    while (row := Series.objects.filter(next_at__lte=at).order_by("next_at", "pk").first()) is not None:
        with write():
            row = Series.objects.select_for_update().get(pk=row.pk)
            if row.next_at is None or row.next_at > at:
                continue  # another worker was quicker
            parent = registry.find(Ref(row.parent_kind, str(row.parent_id)))
            rulebook = (
                versions.in_force(row.department.pack or parent.rulebook.name, row.next_at)
                if parent
                else None
            )
            if parent is None or rulebook is None or not _goes_on(row, parent, rulebook, row.next_at):
                end(row, by=SYSTEM, at=row.next_at)
                continue
            _, people = _open(row, parent, rulebook, values={}, who=None, by=SYSTEM)
            came.update(people)
            number += 1
    return number


def check(parent: Ref, *, at: datetime) -> None:
    """End the plans about this record that does not match any more."""
    about = Series.objects.filter(ended_at=None)
    found = list(about.filter(parent_kind=parent.kind, parent_id=parent.id)) if parent.id.isdecimal() else []
    for row in found:
        source = registry.find(parent)
        if source is None or not _goes_on(row, source, source.rulebook, at):
            with write():
                end(row, by=SYSTEM, at=at)


def end(row: Series, *, by: By, at: datetime, reason: str = "") -> None:
    """Nothing more opens; what stands open is withdrawn with the reason."""
    said = reason or "后续计划的条件不再成立 / what the plan is for no longer holds"
    row.next_at, row.ended_at = None, at
    row.save(update_fields=["next_at", "ended_at"])
    for duty in row.duties.filter(closed_at=None, voided_at=None).order_by("pk"):
        withdraw(duty, by=by, at=at, reason=said)


def _open(
    row: Series,
    parent: Work,
    rulebook: Rulebook,
    *,
    values: dict[str, object],
    who: Who | None,
    by: By,
) -> tuple[Duty, list[int]]:
    """The next item, and who is to hear of it. The rulebook in force decides, so a plan changes at its next item."""
    kind = rulebook.kinds[row.kind]
    item = plan_item(kind, rulebook.calendar, row.began_at, row.item + 1)
    if item is None:
        raise ValueError(f"{row} has no item {row.item + 1}")
    facts: dict[str, Any] = parent.facts() | {"origin": parent.ref, "department": row.department.ref}
    told: dict[str, object] = {"planned": item.planned, "item": item.number}
    if row.each:
        facts["each"] = told["each"] = row.each
    whose = holder(who or named(kind, facts, rulebook), facts, organisation.at(item.opens, row.department_id))
    duty = actions.opened(
        kind.name,
        department=row.department,
        rulebook=rulebook,
        by=by,
        at=item.opens,
        values=values,
        owner_id=whose.owner,
        parent=parent,
        told=told,
        post=whose.post,
        each_kind=row.each_kind,
        each_id=row.each_id,
        series=row,
        item=item.number,
    )
    after = plan_item(kind, rulebook.calendar, row.began_at, item.number + 1)
    row.item, row.next_at = item.number, after.opens if after else None
    if after is None:
        row.ended_at = item.opens
    row.save(update_fields=["item", "next_at", "ended_at"])
    return duty, [whose.owner] if whose.owner else list(whose.people)


def _goes_on(row: Series, parent: Work, rulebook: Rulebook, at: datetime) -> bool:
    """Not for a void source, by a rule that is gone, or for a record that does not match any more."""
    kind = rulebook.kinds.get(row.kind)
    if kind is None or not kind.plan or parent.voided_at is not None:
        return False
    if kind.each is None or row.each is None:
        return plan_item(kind, rulebook.calendar, row.began_at, row.item + 1) is not None
    return still_holds(kind.each, row.each, rulebook, at)


def _each(kind: Kind, parent: Work) -> Ref | None:
    """The record a plan is about: the work whose event began it, its customer, or a record it names. Work is named by
    its kind, as in fields of forms."""
    if kind.each is None:
        return None
    if kind.each.of == parent.kind:
        return Ref(parent.kind, str(parent.pk))
    customer = getattr(parent, "customer_id", None)
    if kind.each.of == "customer" and customer is not None:
        return Ref("customer", str(customer))
    found = (value for value in parent.facts().values() if isinstance(value, Ref))
    return next((ref for ref in found if ref.kind == kind.each.of), None)
