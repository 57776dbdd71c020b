"""The papers of a duty: what was filled in for it, what proves it, and how one gets there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kefu.cases import actions as cases
from kefu.core.rulebook.model import Ref
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.duties.papers import papers_of
from kefu.staff.models import Person
from tests.cast import browse, local

from .office import FOUNDED, Office, catch_up, live_until, office

pytestmark = pytest.mark.db

FORMS = """  sheet:
    title: {zh: 回访单, en: visit sheet}
    by: clerk
    fields:
      said: {title: {zh: 内容, en: said}, type: text}
"""
DUTIES = """
visit: {title: {zh: 上门回访, en: visit}, starts: project.commenced, by: clerk,
  needs: [{that: {count: {of: sheet, where: {state: filed}, at_least: 1}}, say: {zh: 请填写回访单, en: file a sheet}}]}
three: {title: {zh: 每月三户, en: three a month}, every: month, by: manager, needs: [{say: {zh: 不足三户, en: fewer},
  that: {count: {of: sheet, where: {state: filed}, during: month, at_least: 3}}}]}
"""
NOON = local("2026-09-15 12:00")


@pytest.fixture
def desk(db: None) -> Office:
    made = office(DUTIES, forms=FORMS)
    live_until(FOUNDED)
    cases.move(made.project(NOON), "commenced", by=made.clerk, at=NOON)
    catch_up()
    return made


def sheet(desk: Office, by: Person, *, origin: Ref | None = None) -> Document:
    paper = documents.begin("sheet", department=desk.department, by=by, at=NOON, origin=origin)
    return documents.move(paper, "filed", by=by, at=NOON)


def duty(desk: Office, kind: str) -> Duty:
    return Duty.objects.get(kind=kind, department=desk.department)


def test_the_form_that_proves_it_is_offered_to_who_may_fill_it_in(desk: Office) -> None:
    visit = duty(desk, "visit")

    offered = papers_of(visit, desk.clerk, NOON).missing

    address = reverse("documents:new_for", args=[desk.department.pk, "sheet", "duty", visit.pk])
    assert [(title.zh, url) for title, url in offered] == [("回访单", address)]
    assert papers_of(visit, desk.leader, NOON).missing == ()


def test_what_was_filled_in_for_it_stands_there_and_proves_it(desk: Office) -> None:
    visit = duty(desk, "visit")
    draft = documents.begin("sheet", department=desk.department, by=desk.clerk, at=NOON, origin=visit.ref)
    begun = papers_of(visit, desk.clerk, NOON)
    assert ([one.document for one in begun.there], begun.missing, begun.filed) == ([draft], (), ())

    documents.move(draft, "filed", by=desk.clerk, at=NOON)
    assert papers_of(visit, desk.clerk, NOON).missing == ()
    done = duties.move(visit, "done", by=desk.clerk, at=NOON)

    found = papers_of(done, desk.clerk, NOON)
    assert (found.filed, found.missing) == ((draft.number,), ())


def test_a_quota_shows_the_papers_of_its_period_to_who_may_see_them(desk: Office) -> None:
    for clerk in desk.clerks[:2]:
        sheet(desk, clerk)

    three = duty(desk, "three")

    assert len(papers_of(three, desk.manager, NOON).filed) == 2
    assert len(papers_of(three, desk.clerk, NOON).missing) == 1
    assert papers_of(three, desk.stranger, NOON).filed == ()


def test_the_page_links_them_and_prints_them(client: Client, desk: Office) -> None:
    one = sheet(desk, desk.clerk, origin=duty(desk, "visit").ref)
    two = sheet(desk, desk.clerks[1])

    def shown(kind: str) -> str:
        number = duty(desk, kind).number
        return browse(client, desk.manager).get(reverse("duties:show", args=[number])).content.decode()

    assert reverse("documents:paper", args=[one.number]) in shown("visit")
    assert two.number not in shown("visit")
    assert "所属工单" in shown("visit")
    assert f"{reverse('documents:papers')}?n={two.number}&amp;n={one.number}" in shown("three")
    assert "所属工单" not in shown("three")  # it hangs on no case
