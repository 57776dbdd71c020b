"""The chain of an approval as a page shows it: who signed when, whose turn it is, who comes later, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kefu.approvals import chain
from kefu.approvals.models import Approval, Decision
from kefu.approvals.turns import is_asked
from kefu.core.ledger.models import Event
from kefu.core.rulebook.chain import Slot
from kefu.core.rulebook.wording import Wording
from kefu.staff.models import Person

Stands = Literal["signed", "refused", "returned", "now", "later", "never"]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of the chain: asked for in `who`, of `names`; `instead` says why of others than the rule names."""

    who: str
    names: list[str]
    stands: Stands
    decision: Decision | None
    instead: str


@dataclass(frozen=True, slots=True)
class LinkShown:
    """One link: several signatures stand in it together."""

    place: int
    stands: Stands
    signed: list[Signed]


def links_shown(approval: Approval, at: datetime, lang: str) -> list[LinkShown]:
    """While it is asked the chain as it stands at `at`, else as it stood when it was last decided."""
    decisions = list(approval.decisions.filter(round=approval.round).select_related("person"))
    asked = is_asked(approval)
    found = chain.links(approval, at if asked or not decisions else decisions[-1].at)
    by_person = {str(one.person_id): one for one in decisions}
    turn = {id(slot) for slot in chain.waiting(found, approval)} if asked else set()
    ids = {int(one) for link in found for slot in link for one in slot.people}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    words = Wording(approval.rulebook, approval.rule, lang)
    shown = []
    for place, link in enumerate(found, start=1):
        signed = [
            Signed(
                who=words.who(slot.who),
                names=[names[int(one)] for one in slot.people if int(one) in names],
                stands=_stands(slot, by_person, now=id(slot) in turn, asked=asked),
                decision=_decision(slot, by_person),
                instead=slot.instead,
            )
            for slot in link
        ]
        shown.append(LinkShown(place, _of_link(signed), signed))
    return shown


def _decision(slot: Slot, by_person: dict[str, Decision]) -> Decision | None:
    return next((by_person[one] for one in slot.people if one in by_person), None)


def _stands(slot: Slot, by_person: dict[str, Decision], *, now: bool, asked: bool) -> Stands:
    decision = _decision(slot, by_person)
    if decision is not None:
        return "signed" if decision.verdict == Decision.APPROVED else decision.verdict  # type: ignore[return-value]  # the two others
    if now:
        return "now"
    return "later" if asked else "never"


def _of_link(signed: list[Signed]) -> Stands:
    """What the whole link stands at: the word of the one that holds it up, else that of all."""
    for stands in ("refused", "returned", "now", "later", "never"):
        if any(one.stands == stands for one in signed):
            return stands
    return "signed"


def remarks(approval: Approval, events: list[Event]) -> dict[int, str]:
    """The remarks of the decisions by the number of the event that tells of each."""
    said = {(f"person:{one.person_id}", one.at): one.remark for one in approval.decisions.all() if one.remark}
    return {
        event.seq: said[event.actor, event.occurred_at]
        for event in events
        if event.kind in ("approval.signed", "approval.moved") and (event.actor, event.occurred_at) in said
    }
