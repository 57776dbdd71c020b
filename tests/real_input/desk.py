"""A service desk to take real logs in."""

from __future__ import annotations

from datetime import datetime

from kefu.core.ledger.actions import SYSTEM
from kefu.staff.actions import NewDepartment, found
from kefu.staff.models import Department


def found_desk(at: datetime) -> Department:
    """Found an organisation with one department that goes by the service desk's rulebook."""
    made = found(
        "服务台",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[NewDepartment("desk", "服务台", "servicedesk")],
        by=SYSTEM,
        at=at,
    )
    return made.owner.department
