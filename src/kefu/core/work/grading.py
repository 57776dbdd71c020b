"""What the rulebook proposes as the grade of a piece of work, and what a person must say who chooses a lower one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.rulebook.grade import proposed_level
from kefu.core.work import counting
from kefu.core.work.models import Work
from kefu.core.work.recording import person_id


def proposed(
    work: Work, values: Mapping[str, object], current: str | None = None, *, at: datetime | None = None
) -> str | None:
    """The level that the rules give the work with `values` filled in; the heavier of it and `current`.

    at: when that is asked; without it as of the work's last change, which is what a page shows beforehand.
    """
    grades = work.rule.grades
    if grades is None:
        return None
    known = {name: value for name, value in (work.facts() | dict(values)).items() if name != grades.name}
    return proposed_level(
        grades,
        known | ({grades.name: current} if current else {}),
        current,
        set_by_person=False,
        calendar=work.rulebook.calendar,
        records=counting.records_of(work, at or work.changed_at),
    )


def lowered(
    work: Work, values: Mapping[str, object], *, by: By, at: datetime, reason: str
) -> dict[str, object]:
    """What the ledger says about a grade in `values` that is lower than proposed or than it was: `lowered_from`.

    Asked before `values` are stored. Raises Refused grade.reason when a person gives no reason for it.
    """
    grades = work.rule.grades
    if grades is None or person_id(by) is None or values.get(grades.name) not in grades.levels:
        return {}
    before = work.values.get(grades.name)
    level = proposed(work, values, str(before) if before in grades.levels else None, at=at)
    order, chosen = list(grades.levels), str(values[grades.name])
    if level is None or order.index(chosen) <= order.index(level):
        return {}
    if not reason.strip():
        heavier, lighter = grades.levels[level], grades.levels[chosen]
        said = [work.rulebook.clauses[one] for one in heavier.clauses if one in work.rulebook.clauses]
        zh = "".join(f"（{one.chapter.zh}：{one.statement.zh.rstrip('。')}）" for one in said)
        en = "".join(f" ({one.chapter.en}: {one.statement.en.rstrip('.')})" for one in said)
        raise Refused(
            "grade.reason",
            zh=f"制度建议「{heavier.title.zh}」{zh}；要定为较轻的「{lighter.title.zh}」，请填写原因。",
            en=f"The rulebook proposes “{heavier.title.en}”{en}; give a reason to choose “{lighter.title.en}”.",
            proposed=level,
            chosen=chosen,
        )
    return {"lowered_from": level}
