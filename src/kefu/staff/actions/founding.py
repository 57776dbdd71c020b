"""The organisation and its departments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.core.rulebook import load_pack
from kefu.core.rulebook.model import Ref
from kefu.core.versions import actions as versions
from kefu.core.worktime import day_start
from kefu.staff.actions import guard, links, people, posts
from kefu.staff.models import Department, Organisation, Person


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """`parent`: code of a department named before it; `pack`: "" for one that only receives."""

    code: str
    name: str
    pack: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Founded:
    """What founding made; `link` is the owner's invitation and can be shown only now."""

    organisation: Organisation
    owner: Person
    link: str


def found(
    name: str,
    *,
    zone: str,
    owner_login: str,
    owner_name: str,
    departments: Sequence[NewDepartment],
    by: By,
    at: datetime,
) -> Founded:
    """Begin: departments, the packs they name put in force at `at`, the owner with the top post of the first
    department that has a pack, and an invitation for the owner. Nothing is kept when one part is refused.

    Raises Refused organisation.exists, organisation.no_department, organisation.zone_unknown, rulebook.refused, …
    """
    with write():
        if Organisation.objects.exists():
            raise Refused(
                "organisation.exists",
                zh="本系统中已建立组织；一套系统只管一个组织。",
                en="An organisation exists already; one installation holds one organisation.",
            )
        _known_zone(zone)
        if not departments:
            raise Refused(
                "organisation.no_department",
                zh="请至少设一个部门。",
                en="Name at least one department.",
            )
        made = [_make(department) for department in departments]
        home = next((department for department in made if department.pack), made[0])
        owner = people.new_person(home, login=owner_login, name=owner_name, at=at)
        organisation = Organisation.objects.create(
            name=inputs.line(name, "组织名称 / name", longest=120), zone=zone, owner=owner, founded_at=at
        )
        record(
            "organisation.founded",
            Ref("organisation", "1"),
            by=by,
            at=at,
            data={"owner": owner.pk, "zone": zone},
        )
        for department in made:
            _record_department(department, "department.added", by=by, at=at)
        people.record_added(owner, by=by, at=at)
        for pack in dict.fromkeys(department.pack for department in made if department.pack):
            since = _day_of_effect(pack, at)
            versions.publish(versions.pack_source(pack), by=by, at=at, in_force_from=since)
        if home.pack:
            top = next(post for post in load_pack(home.pack).posts.values() if post.reports_to is None)
            posts.give_post(owner, post=top.name, department=home, by=owner, at=at)
        return Founded(organisation, owner, links.issue_link(owner, purpose="invite", by=owner, at=at))


def add_department(
    code: str, *, name: str, pack: str = "", parent: Department | None = None, by: By, at: datetime
) -> Department:
    """Add a department. Its pack must have a version in force. By the owner.

    Raises Refused staff.not_owner, department.code_taken, department.code_form, rulebook.not_published.
    """
    with write():
        guard.require_owner(by)
        _published(pack, at)
        department = _make(NewDepartment(code, name, pack, parent.code if parent else ""))
        _record_department(department, "department.added", by=by, at=at)
        return department


def change_department(
    department: Department, *, name: str, pack: str, parent: Department | None, by: By, at: datetime
) -> Department:
    """Rename, move in the tree, or give another pack. Work keeps the version it was opened under. By the
    owner.

    Raises Refused staff.not_owner, department.circle, rulebook.not_published.
    """
    with write():
        guard.require_owner(by)
        _published(pack, at)
        above = parent
        while above is not None:
            if above.pk == department.pk:
                raise Refused(
                    "department.circle",
                    zh=f"「{department.name}」不能放在它自己的下级之下。",
                    en=f"“{department.name}” cannot stand below a department that stands below it.",
                )
            above = above.parent
        department.name = inputs.line(name, "部门名称 / name", longest=120)
        department.pack, department.parent = pack, parent
        department.save(update_fields=["name", "pack", "parent"])
        _record_department(department, "department.changed", by=by, at=at)
        return department


def change_owner(organisation: Organisation, *, to: Person, by: By, at: datetime) -> None:
    """Hand the organisation to another person. By the owner."""
    with write():
        guard.require_owner(by)
        guard.require_here(to)
        before = organisation.owner_id
        organisation.owner = to
        organisation.save(update_fields=["owner"])
        record(
            "organisation.owner_changed",
            Ref("organisation", "1"),
            by=by,
            at=at,
            data={"from": before, "to": to.pk},
        )


def _make(new: NewDepartment) -> Department:
    code = new.code.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", code):
        raise Refused(
            "department.code_form",
            zh=f"部门代码「{new.code[:40]}」应为小写字母、数字与下划线，以字母开头（例：service_centre）。",
            en=f"The department code “{new.code[:40]}” must be small letters, digits and _ (service_centre).",
            given=new.code[:40],
        )
    if Department.objects.filter(code=code).exists():
        raise Refused(
            "department.code_taken",
            zh=f"部门代码「{code}」已被使用。",
            en=f"The department code “{code}” is taken.",
            given=code,
        )
    parent = Department.objects.filter(code=new.parent).first() if new.parent else None
    if new.parent and parent is None:
        raise Refused(
            "department.parent_unknown",
            zh=f"上级部门「{new.parent[:40]}」不存在；请先列出上级部门。",
            en=f"There is no department “{new.parent[:40]}”; name the parent before its parts.",
        )
    name = inputs.line(new.name, "部门名称 / name", longest=120)
    return Department.objects.create(code=code, name=name, pack=new.pack, parent=parent)


def _record_department(department: Department, kind: str, *, by: By, at: datetime) -> None:
    data = {"code": department.code, "pack": department.pack, "parent": department.parent_id}
    record(kind, department.ref, by=by, at=at, department=department.pk, data=data)


def _published(pack: str, at: datetime) -> None:
    from kefu.core.versions import queries

    if pack:
        queries.in_force(pack, at)


def _day_of_effect(pack: str, at: datetime) -> datetime:
    """The first day of effect that the pack names, if it is past: a history read in is judged by it. Else `at`."""
    rulebook = load_pack(pack)
    if rulebook.in_force is None:
        return at
    return min(at, day_start(rulebook.calendar, rulebook.in_force))


def _known_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise Refused(
            "organisation.zone_unknown",
            zh=f"时区「{zone[:40]}」不存在（例：Asia/Shanghai）。",
            en=f"“{zone[:40]}” is not a time zone (write Asia/Shanghai).",
        ) from None
