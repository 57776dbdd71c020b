"""The caller, colleagues, departments, notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja import Router, Schema

from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import Given
from kefu.api.tokens import caller
from kefu.core.errors import Refused
from kefu.staff.actions import mark_read
from kefu.staff.models import Department, Notice, Person
from kefu.staff.queries import departments_visible_to, notices_of, posts_of, staff_visible_to, text_of

router = Router(tags=["staff"])


class PersonOut(Schema):
    id: int
    name: str
    department: int
    joined_at: datetime
    left_at: datetime | None
    away_since: datetime | None


class PostOut(Schema):
    post: str
    department: int
    standing_in_for: int | None


class Me(PersonOut):
    login: str
    language: str
    posts: list[PostOut]


class DepartmentOut(Schema):
    id: int
    name: str
    code: str
    parent: int | None
    rulebook: str


class NoticeOut(Schema):
    id: int
    at: datetime
    kind: str
    text: str
    subject_kind: str
    subject_id: str
    read_at: datetime | None


class Read(Given):
    """`notices`: ids; null means all."""

    notices: list[int] | None = None


class ReadCount(Schema):
    read: int


@router.get("/me", response=Me, url_name="staff_me")
def me(request: HttpRequest) -> Me:
    who = caller(request)
    posts = [
        PostOut(post=held.post, department=held.department.pk, standing_in_for=held.standing_in_for)
        for held in posts_of(who.person, who.at)
    ]
    return Me(**_person(who.person), login=who.person.login, language=who.person.language, posts=posts)


@router.get("/staff", response=Page[PersonOut], url_name="staff_list")
def list_staff(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Colleagues in the departments the caller sees, those who left included."""
    who = caller(request)
    return page(staff_visible_to(who.person, who.at), _shown, cursor=cursor, limit=limit)


@router.get("/staff/{int:person}", response=PersonOut, url_name="staff_person")
def get_person(request: HttpRequest, person: int) -> PersonOut:
    who = caller(request)
    found = staff_visible_to(who.person, who.at).filter(pk=person).first() if person < 2**63 else None
    if found is None:
        raise Refused("person.unknown", zh="没有这位员工。", en="There is no such person.")
    return _shown(found)


@router.get("/departments", response=list[DepartmentOut], url_name="staff_departments")
def list_departments(request: HttpRequest) -> list[DepartmentOut]:
    who = caller(request)
    return [_department(one) for one in departments_visible_to(who.person, who.at)]


@router.get("/notices", response=Page[NoticeOut], url_name="staff_notices")
def list_notices(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, unread: bool = False) -> Any:
    rows = notices_of(caller(request).person)
    return page(rows.filter(read_at=None) if unread else rows, _notice, cursor=cursor, limit=limit)


@router.post("/notices/read", response=ReadCount, url_name="staff_read_notices")
def read_notices(request: HttpRequest, read: Read) -> ReadCount:
    who = caller(request)
    return ReadCount(read=mark_read(who.person, notices=read.notices, by=who.person, at=who.at))


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "name": person.name,
        "department": person.department_id,
        "joined_at": person.joined_at,
        "left_at": person.left_at,
        "away_since": person.away_since,
    }


def _shown(person: Person) -> PersonOut:
    return PersonOut(**_person(person))


def _department(department: Department) -> DepartmentOut:
    return DepartmentOut(
        id=department.pk,
        name=department.name,
        code=department.code,
        parent=department.parent_id,
        rulebook=department.pack,
    )


def _notice(notice: Notice) -> NoticeOut:
    return NoticeOut(
        id=notice.pk,
        at=notice.at,
        kind=notice.kind,
        text=text_of(notice, translation.get_language() or "zh-hans"),
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        read_at=notice.read_at,
    )
