"""What every action of work is made of: its row locked, required, saved, and what happened on record.

Capabilities build their own verbs from these. `actions` holds the verbs that all work has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from kefu.core import ledger
from kefu.core.clocks import facts_json
from kefu.core.db import select, update
from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.rulebook.model import Field, Ref, Rulebook
from kefu.core.rulebook.who import CUSTOMER
from kefu.core.versions import queries as versions
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work

AnyWork = TypeVar("AnyWork", bound=Work)
FILLED = "filled"  # stands for a text: rules may ask whether there is one, the ledger does not keep it
_KEPT = ("number", "choice", "day", "instant", "span", "record", "file")


def locked(work: AnyWork, *, revision: int | None = None) -> AnyWork:
    """The row as it is now, kept from others until the transaction ends. Raises Refused work.changed."""
    (fresh,) = select(type(work), "id = %s", [work.pk], lock=True)
    if revision is not None and fresh.revision != revision:
        raise Refused(
            "work.changed",
            zh=f"{fresh.number} 已被他人更新，您看到的不是最新内容。请刷新后再操作，您填写的内容不会丢失。",
            en=f"{fresh.number} was changed by someone else meanwhile. Reload and try again; your input is kept.",
            number=fresh.number,
            revision=fresh.revision,
        )
    return fresh


def require_not_void(work: Work) -> None:
    if work.voided_at is not None:
        raise Refused(
            "work.voided",
            zh=f"{work.number} 已作废，不能再操作。",
            en=f"{work.number} is void; nothing more can be done with it.",
            number=work.number,
        )


def save(work: Work, *, at: datetime) -> None:
    """Store the row as changed at `at`: people who look at it see that it is another revision."""
    work.changed_at = max(at, work.changed_at)
    work.revision += 1
    update(work)


def note(
    work: Work,
    verb: str,
    *,
    by: By,
    at: datetime,
    name: str = "",
    values: Mapping[str, object] | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Record `<noun>.<verb>`. `name` makes it a step of the work's history that clocks replay."""
    told: dict[str, object] = dict(data or {})
    if name:
        told |= {
            "name": name,
            "kind": work.kind,
            "state": work.state,
            "facts": facts_json.dump(for_ledger(fields_of(work.rule), values or {})),
        }
    ledger.record(
        f"{work.noun}.{verb}",
        work.ref,
        root=Ref(work.parent_kind, str(work.parent_id)) if work.parent_kind else work.ref,
        by=by,
        at=at,
        department=work.department_id,
        data=told,
        rulebook_version=_in_force(work, at).version,
    )


def _in_force(work: Work, at: datetime) -> Rulebook:
    """The version in force for the work's department, asked once in an action."""
    if work.in_force is None:
        work.in_force = versions.in_force(work.rulebook.name, at)
    return work.in_force


def asking_as(by: By) -> str | None:
    """The id under which the rulebook is asked who may: a person's own, the customer's; None for the system."""
    if by.actor_id.startswith("customer:"):
        return CUSTOMER
    person = person_id(by)
    return None if person is None else str(person)


def customer_id(by: By) -> int | None:
    """The id of the customer who acts; None for everybody else, and for one whom nobody named yet."""
    kind, _, number = by.actor_id.partition(":")
    return int(number) if kind == "customer" and number.isdecimal() else None


def person_id(by: By) -> int | None:
    """The id of the person who acts; None for the system and for customers."""
    kind, _, number = by.actor_id.partition(":")
    return int(number) if kind == "person" else None


def for_ledger(fields: Mapping[str, Field], values: Mapping[str, object]) -> dict[str, object]:
    """The values as the ledger keeps them. Names that are no field (owner) are kept as they are."""
    kept: dict[str, object] = {}
    for name, value in values.items():
        field = fields.get(name)
        text = field is not None and field.type not in _KEPT
        kept[name] = FILLED if text and value is not None else value
    return kept
