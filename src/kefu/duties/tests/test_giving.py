"""Tasks go down the line; between departments only through both managers, and the refusal names them."""

from __future__ import annotations

import pytest

from kefu.core.errors import Refused
from kefu.core.ledger import SYSTEM
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.duties.giving import give, kinds_to_give, people_to_give_to
from kefu.duties.models import Duty
from kefu.staff.actions import add_person, give_post
from kefu.staff.models import Department, Notice, Person
from kefu.staff.rights import rulebook_of
from tests.cast import local, refuses

from .office import FOUNDED, Office, catch_up, office

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


ORDER = """  work_order:
    title: {zh: 任务单, en: work order}
    by: [leader, manager]
    fields:
      assigned_to: {title: {zh: 承办人, en: for whom}, type: record, of: person, required: true}
      task: {title: {zh: 任务, en: task}, type: text}
      wanted_by: {title: {zh: 完成时间, en: wanted by}, type: instant}
"""
FOLLOWS = """reactions:
  order_becomes_task: {after: work_order.filed, clause: [one],
    do: [{open: task, for: assigned_to, with: {task: task, wanted_by: wanted_by}}]}
"""


def test_a_filed_order_goes_the_way_of_the_task_it_opens(db: None) -> None:
    desk = office(TASKS, forms=ORDER, extra=FOLLOWS)
    Department.objects.filter(pk=desk.other.pk).update(pack="")  # its people may be named by ours
    head, helper = (
        add_person(desk.other, login=login, name=name, by=SYSTEM, at=FOUNDED)
        for login, name in (("he", "何涛"), ("wu", "吴刚"))
    )
    give_post(head, post="manager", department=desk.other, by=SYSTEM, at=FOUNDED)

    def order(by: Person, to: Person) -> Document:
        values = VALUES | {"assigned_to": str(to.pk)}
        paper = documents.begin("work_order", department=desk.department, by=by, at=FOUNDED, values=values)
        return documents.move(paper, "filed", by=by, at=FOUNDED)

    order(desk.leader, desk.clerk)
    with pytest.raises(Refused) as refused:
        order(desk.leader, head)
    with refuses("task.other_department"):
        order(desk.manager, helper)
    with refuses("task.not_below"):
        order(desk.leader, desk.manager)
    catch_up()

    assert (refused.value.code, "何涛" in refused.value.zh) == ("task.other_department", True)
    drafts = Document.objects.filter(state="draft").order_by("pk")
    assert list(drafts.values_list("author__name", flat=True)) == ["赵敏", "李强", "赵敏"]
    assert [one.owner_id for one in Duty.objects.all()] == [desk.clerk.pk]


def test_those_below_are_offered_nearest_first(db: None) -> None:
    desk = desk_with_tasks()

    assert people_to_give_to(desk.manager, FOUNDED) == [desk.leader, *desk.clerks]
    assert people_to_give_to(desk.clerk, FOUNDED) == []
