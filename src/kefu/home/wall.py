"""Wallboards 大屏: addresses with a key that show figures without anybody signed in. Made and revoked by leaders."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger import record
from kefu.core.rulebook.model import Ref
from kefu.home.leading import led_by
from kefu.home.models import Wall
from kefu.staff import limits
from kefu.staff.models import Department, Person
from kefu.staff.secrets import digest, new_key


def departments_on_walls(person: Person, at: datetime) -> list[Department]:
    """Those the person leads in which cases are registered; the others have nothing to count."""
    return [one for one in led_by(person, at).departments if one.pack]


def walls_visible_to(person: Person, at: datetime) -> QuerySet[Wall]:
    """The working walls of the departments that the person leads; those of the organisation for who leads all of it."""
    led = led_by(person, at)
    open_ = Wall.objects.filter(revoked_at=None, expires_at__gt=at).select_related("department", "made_by")
    if led.company:
        return open_
    return open_.filter(department__in=[one.pk for one in led.departments])


def make_wall(
    *, name: str, department: Department | None, expires_at: datetime, by: Person, at: datetime
) -> tuple[Wall, str]:
    """Make a wall; the key of its address is given back only here.

    Raises Refused wall.not_yours, wall.expiry (at most 400 days ahead), line.missing, line.too_long.
    """
    with write():
        _require_leads(department, by, at)
        if not at < expires_at <= at + limits.TOKEN_LONGEST:
            raise Refused(
                "wall.expiry",
                zh=f"大屏有效期应在 {limits.TOKEN_LONGEST.days} 天以内。",
                en=f"A wallboard ends within {limits.TOKEN_LONGEST.days} days from now.",
            )
        key = new_key()
        wall = Wall.objects.create(
            name=inputs.line(name, "名称 / name", longest=80),
            department=department,
            digest=digest(key),
            made_by=by,
            made_at=at,
            expires_at=expires_at,
        )
        _record("wall.made", wall, by=by, at=at)
    return wall, key


def revoke_wall(wall: Wall, *, by: Person, at: datetime) -> Wall:
    """End a wall at once. Twice is once. Raises Refused wall.not_yours."""
    with write():
        _require_leads(wall.department, by, at)
        if Wall.objects.filter(pk=wall.pk, revoked_at=None).update(revoked_at=at):
            _record("wall.revoked", wall, by=by, at=at)
        wall.refresh_from_db()
    return wall


def wall_behind(key: str, at: datetime) -> Wall | None:
    """The working wall of an address; None for a key that is unknown, too old or revoked."""
    found = Wall.objects.filter(digest=digest(key), revoked_at=None, expires_at__gt=at)
    return found.select_related("department").first()


def _require_leads(department: Department | None, by: Person, at: datetime) -> None:
    led = led_by(by, at)
    if led.company or (department is not None and department in led.departments):
        return
    raise Refused(
        "wall.not_yours",
        zh="大屏由该部门有调派权的岗位开设和停用；全组织的大屏由统管全组织的人开设。",
        en="Wallboards are made and ended by posts that may reassign in the department; one of the whole organisation"
        " by who leads all of it.",
    )


def _record(kind: str, wall: Wall, *, by: Person, at: datetime) -> None:
    record(kind, Ref("wall", str(wall.pk)), by=by, at=at, department=wall.department_id)
