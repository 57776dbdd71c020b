"""What is owed for each site of the decoration department: the paper knows its site, and finishes the duty."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from django.test import Client

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.readers import advance, names
from kefu.core.rulebook.model import Ref
from kefu.customers.actions import add_customer
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.duties.rounds import open_all
from kefu.staff.actions import NewDepartment, add_person, found, give_post
from kefu.staff.models import Department
from tests.cast import browse, local, refuses
from tests.every_form import Office, complete, make_office, mover

pytestmark = [pytest.mark.db, pytest.mark.django_db]
AT = local("2026-09-15 10:00")
MONDAY = local("2026-09-21 09:00")
# the duty, its paper, and what is written on it
ROUNDS = [
    ("construction_call", "site_follow_up", {"answers": "一切正常", "satisfied": "yes"}),
    ("site_patrol", "patrol_report", {"findings": "符合要求", "problem": "no"}),
    ("site_progress_check", "site_progress", {"progress": "瓷砖完成一半"}),
]


@pytest.fixture
def office(db: None) -> Office:
    return make_office("decoration", AT)


@pytest.fixture
def site(office: Office) -> Case:
    """A site under construction, and another one beside it."""
    villa, _tower = _site(office, "阳光花园 3-1201"), _site(office, "云庭苑 5-602")
    open_all(at=AT)
    open_all(at=MONDAY)
    return villa


def _site(office: Office, address: str) -> Case:
    case = cases.register(
        "project",
        department=office.department,
        by=office.people["agent"],
        at=AT,
        subject=address,
        customer=office.customer,
        values={"site_address": address},
    )
    complete(office, "commencement_notice", AT, origin=case.ref)
    agent = office.people["agent"]
    return cases.move(case, "commenced", by=agent, at=AT, values={"starts_on": "2026-09-15"})


@pytest.mark.parametrize(("kind", "form", "answers"), ROUNDS)
def test_a_duty_of_each_site_is_finished_by_the_paper_of_its_site(
    office: Office, site: Case, kind: str, form: str, answers: dict[str, object]
) -> None:
    mine = _latest(Duty.objects.filter(kind=kind, each_id=str(site.pk)))
    other = _latest(Duty.objects.filter(kind=kind).exclude(each_id=str(site.pk)))
    writer = mine.owner or office.people[mine.post]
    with refuses("flow.need"):
        duties.move(mine, "done", by=writer, at=MONDAY)

    paper = documents.begin(
        form,
        department=office.department,
        by=writer,
        at=MONDAY,
        values=answers,
        origin=mine.ref,
        prefill=True,
    )
    assert paper.values["site"] == Ref("project", str(site.pk))
    _filed(office, paper)

    assert duties.move(mine, "done", by=writer, at=MONDAY).closed_at == MONDAY
    with refuses("flow.need"):  # which was of the other site
        duties.move(other, "done", by=writer, at=MONDAY)


def test_the_customer_of_a_site_is_known_on_the_paper_of_its_round(office: Office, site: Case) -> None:
    call = _latest(Duty.objects.filter(kind="construction_call", each_id=str(site.pk)))
    agent, here = office.people["agent"], office.department

    paper = documents.begin(
        "site_follow_up", department=here, by=agent, at=MONDAY, origin=call.ref, prefill=True
    )

    assert paper.values["customer"] == office.customer.ref


def test_a_paper_for_a_control_point_knows_the_site_that_the_call_hangs_on(
    office: Office, site: Case
) -> None:
    manager, agent = office.people["project_manager"], office.people["agent"]
    cases.move(site, "materials_arrived", by=manager, at=MONDAY, values={"materials_note": "瓷砖到场"})
    for name in names():
        while advance(name):
            pass
    call = Duty.objects.get(kind="control_point_call")

    paper = documents.begin(
        "site_follow_up", department=office.department, by=agent, at=MONDAY, origin=call.ref, prefill=True
    )

    assert paper.values["site"] == Ref("project", str(site.pk))


def test_a_project_that_the_desk_registers_reaches_engineering_who_sends_the_notice(
    db: None, client: Client
) -> None:
    departments = [NewDepartment("service", "客服部", "decoration"), NewDepartment("engineering", "工程部")]
    found(
        "云庭装饰",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=departments,
        by=SYSTEM,
        at=AT,
    )
    desk, engineering = (Department.objects.get(code=one.code) for one in departments)
    people = {}
    for post, unit in (("agent", desk), ("engineering_head", engineering)):
        people[post] = add_person(unit, login=post.replace("_", ""), name=post, by=SYSTEM, at=AT)
        give_post(people[post], post=post, department=unit, by=SYSTEM, at=AT)
    customer = add_customer(desk, kind="natural", name="何敏", by=SYSTEM, at=AT)
    case = cases.register(
        "project",
        department=desk,
        by=people["agent"],
        at=AT,
        subject="云庭苑 5-602",
        customer=customer,
        values={"site_address": "云庭苑 5-602"},
    )
    while advance("reactions"):
        pass

    head = people["engineering_head"]
    page = browse(client, head)
    address = f"/documents/new/{desk.pk}/commencement_notice/case/{case.pk}/"
    assert f"{customer.name} {customer.number}" in page.get(address).content.decode()
    written = {
        "fill.customer": f"{customer.name} {customer.number}",  # as it was shown, though the archive is not theirs
        "fill.site_address": "云庭苑 5-602",
        "fill.starts_on": "2026-09-15",
        "filed.signature": head.name,
    }
    assert page.post(address, written | {"do": "filed"}).status_code == 302

    assert Document.objects.get().values["customer"] == customer.ref
    begun = cases.move(case, "commenced", by=head, at=AT, values={"starts_on": "2026-09-15"})
    assert (begun.state, begun.owner) == ("under_construction", head)


def _latest(duties: QuerySet[Duty]) -> Duty:
    return duties.order_by("opened_at", "pk").reverse()[0]


def _filed(office: Office, paper: Document) -> None:
    for move in paper.flow.moves.values():
        if paper.state in move.from_ and paper.is_open:
            values = dict.fromkeys(move.fill, "张三")
            person = mover(paper, move, office)
            paper = documents.move(paper, move.name, by=person, at=MONDAY, values=values)
    assert paper.state == "filed"
