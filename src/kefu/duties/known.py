"""What a duty starts with: what is on record is not typed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.work.fields import fields_of
from kefu.documents.prefilling import laid_over, prefilled
from kefu.staff.models import Department, Person

_OF_THE_OWNER = ("author", "owner")


def known(
    kind: str,
    rulebook: Rulebook,
    *,
    department: Department,
    owner: int | None,
    origin: Ref | None,
    at: datetime,
    typed: Mapping[str, object],
    told: Mapping[str, object],
) -> dict[str, object]:
    """Raw values of the duty's form: those typed, over what its fields say they are known from.

    told: facts of the duty itself (`each`, `period`). A duty that nobody has yet knows nothing of its owner.
    """
    rule = rulebook.kinds.get(kind)
    asked = {name: field.prefill for name, field in fields_of(rule).items() if field.prefill} if rule else {}
    if rule is None or not asked:
        return dict(typed)
    each = told.get("each")
    person = Person.objects.filter(pk=owner).first() if owner else None
    found = prefilled(
        kind,
        rulebook,
        origin=origin or (each if isinstance(each, Ref) else None),
        author=person or Person(pk=0),
        department=department,
        at=at,
        typed=typed,
        told=told,
    )
    if person is None:
        found = {name: value for name, value in found.items() if asked[name] not in _OF_THE_OWNER}
    return laid_over(fields_of(rule), found, typed)
