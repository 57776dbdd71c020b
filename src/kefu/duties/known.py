"""What a duty starts with: what is on record is not typed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.work.fields import fields_of
from kefu.documents.prefilling import laid_over, prefilled
from kefu.documents.records import facts_of
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
    )
    for name, path in asked.items():
        if person is None and path in _OF_THE_OWNER:
            found.pop(name, None)
        if (value := _told(path, told, rule.form.fields[name].type)) is not None:
            found[name] = value
    return laid_over(fields_of(rule), found, typed)


def _told(path: str, told: Mapping[str, object], type_: str) -> object:
    """A fact of the duty itself, or of the record it is owed for, as a value of a field."""
    first, _, second = path.partition(".")
    fact = told.get(first)
    if second and isinstance(fact, Ref):
        fact = facts_of(fact).get(second)
        return fact if isinstance(fact, Ref | str) else None
    if type_ == "span" and isinstance(fact, tuple):
        return "/".join(one.isoformat() for one in fact)
    return fact if type_ == "record" and isinstance(fact, Ref) else None
