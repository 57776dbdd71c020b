"""A report finds its figures and the words of customers already there when it is opened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from kefu.cases.tests.desk import desk_of, page_of
from kefu.core.ledger.models import Event
from kefu.core.work.fields import fields_of
from kefu.core.work.reactions import react
from kefu.documents import actions
from kefu.documents.figures import figures, of_work
from kefu.documents.models import Document
from tests.cast import local
from tests.every_form import Office, complete, make_office

pytestmark = [pytest.mark.db, pytest.mark.django_db]
AT = local("2026-09-24 10:00")
HEARD = (
    {"satisfied": "yes", "company_rating": "5", "suggestion": "打 13812345678 找我"},
    {"satisfied": "no", "company_rating": "2", "result": "还在漏水", "own_defect": "没有回电"},
)


def campaign_called(office: Office) -> Document:
    """A campaign of three customers, two of whom were reached; its summary is asked for."""
    supervisor, specialist = office.people["supervisor"], office.people["customer_specialist"]
    customer = str(office.customer.pk)
    campaign = actions.begin(
        "follow_up_campaign",
        department=office.department,
        by=supervisor,
        at=AT,
        values={"customer_type": "key", "topic": "冬季供暖", "planned_on": "2026-09-24"},
    )

    def move(name: str, **values: object) -> None:
        by = specialist if name in ("called", "recorded") else supervisor
        actions.move(campaign, name, by=by, at=AT, values=values)

    move("compiled", customers=[{"customer": customer}] * 3)
    move("assigned")
    for heard in HEARD:
        move("called", called_customer=customer, called_by=str(specialist.pk))
        record = Document.objects.filter(kind="customer_follow_up").latest("pk")
        said = {"contacted_at": "2026-09-24 10:00", "channel": "telephone", "result": "已联系", **heard}
        record = actions.fill(record, said, by=specialist, at=AT)
        actions.move(record, "filed", by=specialist, at=AT)
        react(Event.objects.filter(subject_id=str(record.pk), subject_kind="document").latest("seq"))
    move("recorded")
    move("analysed", analysis="总体满意")
    move("summarised")
    return campaign


def test_a_summary_report_is_drafted_with_figures_and_the_words_of_customers(db: None) -> None:
    office = make_office("general", AT)
    campaign = campaign_called(office)
    report = Document.objects.get(kind="follow_up_summary")
    supervisor = office.people["supervisor"]

    found = of_work(report, supervisor, AT)

    assert (report.values["topic"], report.values["target"]) == ("冬季供暖", Decimal(3))
    assert report.values["results"] == "总体满意"
    assert (found["reached"], found["dissatisfied"]) == (Decimal(2), Decimal(1))
    rows = found["by_result"]
    assert isinstance(rows, list)
    assert {(one["channel"], one["satisfied"], one["count"]) for one in rows} == {
        ("电话", "满意", Decimal(1)),
        ("电话", "不满意", Decimal(1)),
    }
    assert found["actions_taken"] == [{"kind": "改进工作缺陷", "count": Decimal(1), "in_time": Decimal(0)}]
    assert "没有回电" in str(found["problems"])
    voices = found["voices"]
    assert isinstance(voices, list)
    assert [one.get("suggestion") or one["result"] for one in voices] == ["打 138****5678 找我", "还在漏水"]
    assert all(str(one["number"]).startswith("HJ") for one in voices)

    page = page_of(desk_of(supervisor).get(reverse("documents:show", args=[report.number])))
    assert "还在漏水" in page
    assert "13812345678" not in page

    kept = {name: value for name, value in found.items() if name in fields_of(report.rule)}
    actions.fill(report, {**kept, "proposals": "冬季前回访"}, by=supervisor, at=AT)
    filed = actions.move(report, "filed", by=supervisor, at=AT)
    assert (filed.values["not_reached"], filed.values["reached"]) == (Decimal(1), Decimal(2))
    assert of_work(filed, supervisor, AT) == {}, "what is filled in is not looked up again"
    assert campaign.number


def test_a_report_of_a_period_counts_what_lies_in_it(db: None) -> None:
    office = make_office("decoration", AT)
    for number, satisfied in enumerate(("yes", "no", "yes")):
        at = AT + timedelta(days=number)
        record = complete(office, "site_follow_up", at)
        Document.objects.filter(pk=record.pk).update(fields={**record.fields, "satisfied": satisfied})
    rulebook = office.rulebook
    week = (local("2026-09-24 00:00"), local("2026-09-26 00:00"))

    found = figures(
        rulebook.kinds["weekly_follow_up"],
        rulebook,
        {"week": week},
        department=office.department,
        origin=None,
        person=office.people["manager"],
        at=AT + timedelta(days=3),
    )

    assert (found["reached"], found["satisfied_count"]) == (Decimal(2), Decimal(1))
