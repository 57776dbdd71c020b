"""Staff from a sheet: each row goes through the same actions as the page."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from kefu.core.errors import Refused
from kefu.core.ledger.actions import By
from kefu.core.sheets import Column, Outcome, Progress, read_table, to_the_end
from kefu.core.sheets.carrying import carry_in
from kefu.staff import actions
from kefu.staff.models import Department, Person, Team
from kefu.staff.rights import Tree

COLUMNS = (
    Column("login", "登录名", "Login", required=True),
    Column("name", "姓名", "Name", required=True),
    Column("department", "部门代码", "Department code", required=True),
    Column("post", "岗位", "Post"),
    Column("team", "班组", "Team"),
    Column("phone", "电话", "Phone"),
    Column("mail", "邮箱", "Mail"),
    Column(
        "language",
        "语言",
        "Language",
        options={"中文": "zh-hans", "zh-hans": "zh-hans", "english": "en", "en": "en"},
    ),
)


def import_staff(
    file: BinaryIO, *, dry: bool, by: By, at: datetime, progress: Progress = to_the_end
) -> Outcome:
    """Add the people of a sheet, with post and team. `dry` says what would happen and changes nothing.

    Invitations are not made here: their keys are shown once, to the head, one by one.
    """

    def add(row: dict[str, str]) -> Person:
        return _add(row, by=by, at=at)

    rows = read_table(file, COLUMNS)
    # who may not add people must not learn whom somebody else has added
    return carry_in(rows, COLUMNS, add, into=f"staff:{by.actor_id}", dry=dry, progress=progress)


def _add(row: dict[str, str], *, by: By, at: datetime) -> Person:
    department = _department(row["department"])
    person = actions.add_person(
        department,
        login=row["login"],
        name=row["name"],
        phone=row["phone"],
        mail=row["mail"],
        language=row["language"],
        by=by,
        at=at,
    )
    if row["post"]:
        post = _post(department, row["post"], at)
        actions.give_post(person, post=post, department=department, by=by, at=at)
    if row["team"]:
        actions.join_team(person, team=_team(department, row["team"]), by=by, at=at)
    return person


def _department(code: str) -> Department:
    found = Department.objects.filter(code=code.lower()).first()
    if found is None:
        raise Refused(
            "department.unknown",
            zh=f"没有代码为「{code[:40]}」的部门；可用：{'、'.join(_codes())}。",
            en=f"There is no department with the code “{code[:40]}”; there are: {', '.join(_codes())}.",
        )
    return found


def _codes() -> list[str]:
    return list(Department.objects.values_list("code", flat=True))


def _post(department: Department, written: str, at: datetime) -> str:
    """The post by its name or title; what is not known is left for `give_post` to refuse."""
    rulebook = Tree().rulebook_of(department.pk, at)
    posts = rulebook.posts if rulebook else {}
    return next(
        (name for name, post in posts.items() if written in (name, post.title.zh, post.title.en)), written
    )


def _team(department: Department, name: str) -> Team:
    found = Team.objects.filter(department=department, name=name).first()
    if found is None:
        raise Refused(
            "team.unknown",
            zh=f"本部门没有班组「{name[:40]}」，请先建立。",
            en=f"The department has no team “{name[:40]}”; make it first.",
        )
    return found
