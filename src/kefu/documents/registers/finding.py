"""Which registers a person may open: those of the rulebooks by which departments of theirs work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Register, Rulebook
from kefu.core.versions import queries as versions
from kefu.staff.models import Department, Person
from kefu.staff.rights import Tree, department_scope, posts_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A register, the rulebook it is of, and the departments working by it whose records it may show."""

    rulebook: Rulebook
    register: Register
    departments: tuple[Department, ...]


def registers_for(person: Person, at: datetime) -> list[Listed]:
    """In the order of the rulebooks, each under its departments."""
    found = []
    for pack, departments in _packs(person, at).items():
        rulebook = versions.in_force(pack, at)
        found += [Listed(rulebook, register, departments) for register in rulebook.registers.values()]
    return found


def listed(person: Person, pack: str, name: str, at: datetime) -> Listed:
    """Raises Refused register.unknown, the same whether there is none or the person works by another rulebook."""
    departments = _packs(person, at).get(pack)
    rulebook = versions.in_force(pack, at) if departments else None
    register = rulebook.registers.get(name) if rulebook else None
    if rulebook is None or register is None or departments is None:
        raise Refused(
            "register.unknown",
            zh=f"没有登记表「{name[:40]}」，请从登记表目录中选择。",
            en=f"There is no register “{name[:40]}”; choose one from the list of registers.",
            name=name[:40],
        )
    return Listed(rulebook, register, departments)


def _packs(person: Person, at: datetime) -> dict[str, tuple[Department, ...]]:
    """The departments where one works or whose work one sees, by the pack they work by."""
    tree = Tree()
    places = {person.department_id, *department_scope(person, at)}
    places |= {held.department.pk for held in posts_of(person, at, tree)}
    found: dict[str, list[Department]] = {}
    for pk, department in tree.by_id.items():
        if pk in places and (pack := tree.pack_of(pk)):
            found.setdefault(pack, []).append(department)
    return {pack: tuple(departments) for pack, departments in found.items()}
