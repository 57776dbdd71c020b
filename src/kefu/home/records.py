"""Who reads the records of the whole organisation: the ledger, the rulebooks, the state of the system."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from kefu.core.errors import Refused
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Rulebook
from kefu.core.versions import queries as versions
from kefu.staff.models import Department, Person
from kefu.staff.queries import may, owns_organisation


def reads_ledger(person: Person) -> bool:
    """Auditors, and the owner of the organisation."""
    return person.is_active and (person.audits or owns_organisation(person))


def events_visible_to(person: Person) -> QuerySet[Event]:
    """The whole ledger. Raises Refused ledger.not_yours for everybody else."""
    if not reads_ledger(person):
        raise Refused(
            "ledger.not_yours",
            zh="台账只向审计人员和组织负责人开放；需要查阅请联系他们。",
            en="The ledger is open to auditors and the owner of the organisation; ask one of them.",
        )
    return Event.objects.all()


def runs_system(person: Person, at: datetime) -> bool:
    """Whoever may change the rulebook, and the owner."""
    return owns_organisation(person) or may(person, "manage_rulebook", at)


def require_runs_system(person: Person, at: datetime) -> None:
    """Raises Refused system.not_yours."""
    if not runs_system(person, at):
        raise Refused(
            "system.not_yours",
            zh="系统状态只向组织负责人和可管理制度的岗位开放。",
            en="The state of the system is open to the owner and to posts that may manage the rulebook.",
        )


def rulebooks_in_use(at: datetime) -> list[Rulebook]:
    """The version in force of every pack that a department works by: every member of staff may read them."""
    packs = dict.fromkeys(Department.objects.exclude(pack="").values_list("pack", flat=True))
    return [versions.in_force(pack, at) for pack in packs]


def rulebook_in_use(name: str, at: datetime) -> Rulebook:
    """Raises Refused rulebook.unknown."""
    if not Department.objects.filter(pack=name[:60]).exclude(pack="").exists():
        raise Refused("rulebook.unknown", zh="没有这部制度。", en="There is no such rulebook.")
    return versions.in_force(name, at)
