"""The chain of one approval as it stands at an instant: who has signed, whose turn it is, who comes later."""

from __future__ import annotations

from datetime import datetime

from kefu.approvals.models import Approval, Asked, Decision
from kefu.core.effects import organisation
from kefu.core.rulebook import chain as rules
from kefu.core.rulebook.chain import Links, Slot
from kefu.core.work import counting


def links(approval: Approval, at: datetime) -> Links:
    """The chain of its rulebook, resolved to the people who are there at `at`. Somebody whom a field names and who
    has left signs nothing."""
    rulebook, here = approval.rulebook, organisation.at(at, approval.department_id)
    found = rules.links(
        approval.rule,
        approval.facts(),
        str(approval.applicant_id or ""),
        here,
        rulebook.posts,
        calendar=rulebook.calendar,
        records=counting.records_of(approval, at),
    )
    working = set(here.everyone())
    return tuple(
        tuple(one._replace(people=tuple(who for who in one.people if who in working)) for one in link)
        for link in found
    )


def signed(approval: Approval) -> dict[str, Decision]:
    """Who agreed since it was last asked, by id of the person."""
    found = approval.decisions.filter(round=approval.round, verdict=Decision.APPROVED)
    return {str(decision.person_id): decision for decision in found.select_related("person")}


def waiting(chain: Links, approval: Approval) -> tuple[Slot, ...]:
    """The signatures whose turn it is; () when all have agreed."""
    return rules.open_slots(chain, signed(approval))


def ends_with(slot: Slot, chain: Links, approval: Approval) -> bool:
    """Whether nobody is asked any more once the signature `slot` is given."""
    return not rules.open_slots(chain, {*signed(approval), *slot.people})


def people(slots: tuple[Slot, ...]) -> list[int]:
    return [int(one) for one in dict.fromkeys(one for slot in slots for one in slot.people)]


def post_of(slot: Slot) -> str:
    """The post in which somebody signs there, "" where the chain names a person."""
    return slot.who.name if slot.who.word in ("post", "on duty") and not slot.instead else ""


def keep(approval: Approval, chain: Links, turn: list[int]) -> None:
    """Write down whom the chain names and whose turn it is, for lists and rights."""
    wanted = {
        (place, int(person)): int(person) in turn
        for place, link in enumerate(chain)
        for slot in link
        for person in slot.people
    }
    now_at = next((place for place, link in enumerate(chain) if _is_turn(link, turn)), -1)
    rows = {(row.place, row.person_id): row for row in approval.asked.all()}
    for key, row in rows.items():
        if key not in wanted:
            row.delete()
    for (place, person), has_turn in wanted.items():
        now = has_turn and place == now_at
        known = rows.get((place, person))
        if known is None:
            Asked.objects.create(approval=approval, place=place, person_id=person, now=now)
        elif known.now != now:
            Asked.objects.filter(pk=known.pk).update(now=now)


def _is_turn(link: tuple[Slot, ...], turn: list[int]) -> bool:
    return bool(turn) and set(turn) <= {int(one) for slot in link for one in slot.people}
