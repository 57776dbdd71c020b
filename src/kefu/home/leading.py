"""Whom the boards are for: posts that may reassign, each for its department and those below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kefu.staff.models import Department, Person
from kefu.staff.rights import Tree, owns_organisation, posts_of


@dataclass(frozen=True, slots=True)
class Led:
    """The departments that somebody leads, in order of founding. `company`: all there are or will be."""

    company: bool
    departments: tuple[Department, ...]

    def __bool__(self) -> bool:
        return bool(self.departments)

    def below(self, department: Department | None) -> tuple[Department, ...]:
        """Those among them that belong to `department`; all of them for None."""
        if department is None:
            return self.departments
        ids = Tree().with_descendants(department.pk)
        return tuple(one for one in self.departments if one.pk in ids)


def led_by(person: Person, at: datetime) -> Led:
    """What `person` leads: the owner of the organisation and posts that see the company lead everything."""
    tree = Tree()
    held = [one for one in posts_of(person, at, tree) if one.rule is not None and "reassign" in one.rule.may]
    if owns_organisation(person) or any(one.rule is not None and one.rule.sees == "company" for one in held):
        return Led(True, tuple(tree.by_id.values()))
    ids = {pk for one in held for pk in tree.with_descendants(one.department.pk)}
    return Led(False, tuple(one for pk, one in tree.by_id.items() if pk in ids))
