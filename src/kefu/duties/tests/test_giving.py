"""Tasks go down the line; between departments only through both managers, and the refusal names them."""

from __future__ import annotations

import pytest

from kefu.core.errors import Refused
from kefu.core.ledger import SYSTEM
from kefu.duties.giving import give, kinds_to_give, people_to_give_to
from kefu.duties.models import Duty
from kefu.staff.actions import give_post
from kefu.staff.models import Notice
from kefu.staff.rights import rulebook_of
from tests.cast import local, refuses

from .office import FOUNDED, Office, office

pytestmark = pytest.mark.db

TASKS = """
task: {title: {zh: 临时任务, en: task}, by: clerk, form: order, due: wanted_by}
check: {title: {zh: 巡查, en: check}, every: working day, by: clerk}
"""
VALUES = {"task": "盘点物资", "wanted_by": "2026-09-18 18:00"}


def desk_with_tasks() -> Office:
    return office(TASKS)


def test_a_leader_gives_a_task_with_its_own_time(db: None) -> None:
    desk = desk_with_tasks()

    duty = give("task", to=desk.clerk, values=VALUES, by=desk.leader, at=FOUNDED)

    assert (duty.owner_id, duty.author_id, duty.due_at) == (
        desk.clerk.pk,
        desk.leader.pk,
        local("2026-09-18 18:00"),
    )
    assert Notice.objects.filter(person=desk.clerk, kind="work.assigned").exists()


def test_everybody_above_may_and_nobody_beside_or_below(db: None) -> None:
    desk = desk_with_tasks()

    give("task", to=desk.clerk, values=VALUES, by=desk.manager, at=FOUNDED)
    give("task", to=desk.clerk, values=VALUES, by=desk.clerk, at=FOUNDED)
    for by, to in ((desk.clerks[1], desk.clerk), (desk.clerk, desk.leader)):
        with refuses("task.not_below"):
            give("task", to=to, values=VALUES, by=by, at=FOUNDED)


def test_the_refusal_names_who_may(db: None) -> None:
    desk = desk_with_tasks()

    with pytest.raises(Refused) as refused:
        give("task", to=desk.clerk, values=VALUES, by=desk.clerks[1], at=FOUNDED)

    assert "赵敏" in refused.value.zh
    assert "赵敏" in refused.value.en


def test_between_departments_the_managers_ask_each_other(db: None) -> None:
    desk = desk_with_tasks()
    chief = desk.stranger
    give_post(chief, post="manager", department=desk.other, by=SYSTEM, at=FOUNDED)

    with pytest.raises(Refused) as refused:
        give("task", to=chief, values=VALUES, by=desk.leader, at=FOUNDED)
    assert refused.value.code == "task.other_department"
    assert "胡杰" in refused.value.zh

    give("task", to=chief, values=VALUES, by=desk.chief, at=FOUNDED)
    assert Duty.objects.get().owner_id == chief.pk
    assert chief in people_to_give_to(desk.chief, FOUNDED)
    assert chief not in people_to_give_to(desk.leader, FOUNDED)


def test_only_duties_whose_time_the_giver_sets_are_given(db: None) -> None:
    desk = desk_with_tasks()

    assert [kind.name for kind in kinds_to_give(rulebook_of(desk.department, FOUNDED))] == ["task"]
    with refuses("task.kind"):
        give("check", to=desk.clerk, values={}, by=desk.leader, at=FOUNDED)


def test_those_below_are_offered_nearest_first(db: None) -> None:
    desk = desk_with_tasks()

    assert people_to_give_to(desk.manager, FOUNDED) == [desk.leader, *desk.clerks]
    assert people_to_give_to(desk.clerk, FOUNDED) == []
