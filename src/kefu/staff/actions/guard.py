"""Who may change staff: the organisation's owner everything, the head of a department what is in it."""

from __future__ import annotations

from datetime import datetime

from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM, By
from kefu.staff import rights
from kefu.staff.models import Person


def require_head(by: By, at: datetime, department_id: int) -> None:
    """Raises Refused staff.not_head unless `by` leads the department or one above it, or owns the
    organisation."""
    if by is SYSTEM or (isinstance(by, Person) and rights.heads(by, department_id, at)):
        return
    raise Refused(
        "staff.not_head",
        zh="只有组织负责人或该部门的负责人可以这样做，请向他们提出。",
        en="Only the owner of the organisation or the head of this department may do this; ask one of them.",
        department=department_id,
    )


def require_owner(by: By) -> None:
    """Raises Refused staff.not_owner."""
    if by is SYSTEM or (isinstance(by, Person) and rights.owns_organisation(by)):
        return
    raise Refused(
        "staff.not_owner",
        zh="只有组织负责人可以这样做。",
        en="Only the owner of the organisation may do this.",
    )


def require_self_or_head(by: By, at: datetime, person: Person) -> None:
    if not is_self(by, person):
        require_head(by, at, person.department_id)


def require_self(by: By, person: Person) -> None:
    """Raises Refused staff.not_yours: a password, a token, a second factor are made by their owner alone."""
    if not is_self(by, person):
        raise Refused(
            "staff.not_yours",
            zh="这只能由本人操作。",
            en="Only the person concerned may do this.",
        )


def is_self(by: By, person: Person) -> bool:
    return isinstance(by, Person) and by.pk == person.pk and by.is_active


def require_here(person: Person) -> None:
    """Raises Refused staff.left for a person who has left the company."""
    if not person.is_active:
        raise Refused(
            "staff.left",
            zh="该员工已离职，不能再安排岗位、代理或登录。",
            en="This person has left the company; no post, stand-in or sign-in can be arranged.",
            person=person.pk,
        )
