"""What the property manual leaves to the company, and the papers and tables that it names."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from kefu.cases import actions as cases
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.rulebook import load_pack, load_source, to_source
from kefu.core.versions import actions, queries
from tests.cast import Cast, local

SUMMER = datetime(2026, 6, 1, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)
THURSDAY = local("2026-09-24 15:00")


def changed(*, at: str, to: object) -> str:
    """The source of the property pack with the value at a path replaced, as the company would publish it."""
    source: dict[str, Any] = json.loads(to_source(load_pack("property")))
    *steps, last = at.split("/")
    place = source
    for step in steps:
        place = place[step]
    place[last] = to
    return to_source(load_source(json.dumps(source, ensure_ascii=False)))


@pytest.mark.db
@pytest.mark.django_db
def test_duties_of_a_post_change_from_their_date_of_effect_and_the_old_ones_are_kept() -> None:
    new_duties = "Also leads the handover to the new tenants' committee."
    actions.publish(to_source(load_pack("property")), by=SYSTEM, at=SUMMER, in_force_from=SUMMER)

    actions.publish(
        changed(at="posts/supervisor/profile", to=new_duties), by=SYSTEM, at=SUMMER, in_force_from=AUTUMN
    )

    before = queries.in_force("property", AUTUMN.replace(day=1, month=9))
    after = queries.in_force("property", AUTUMN)
    assert before.posts["supervisor"].profile == load_pack("property").posts["supervisor"].profile
    assert after.posts["supervisor"].profile == new_duties
    assert queries.by_hash(before.version).posts["supervisor"].profile != new_duties
    assert Event.objects.filter(kind="rulebook.published").count() == 2


@pytest.mark.db
@pytest.mark.django_db
def test_a_chapter_listed_but_not_printed_is_filled_in_by_the_company() -> None:
    statement = {"zh": "物品放行须有业主签字的放行条。", "en": "Goods leave with a pass signed by the owner."}
    actions.publish(to_source(load_pack("property")), by=SYSTEM, at=SUMMER, in_force_from=SUMMER)

    actions.publish(
        changed(at="clauses/organisation.chapters.goods/statement", to=statement),
        by=SYSTEM,
        at=SUMMER,
        in_force_from=AUTUMN,
    )

    clauses = queries.in_force("property", AUTUMN).clauses
    assert clauses["organisation.chapters.goods"].statement.en == statement["en"]
    empty = [
        clause for clause in load_pack("property").clauses if clause.startswith("organisation.chapters.")
    ]
    assert len(empty) == 6
    assert queries.in_force("property", SUMMER).clauses.keys() == clauses.keys()


@pytest.mark.db
@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["letter", "visit", "phone"])
def test_a_complaint_keeps_the_channel_it_came_by(cast: Cast, channel: str) -> None:
    case = cases.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=THURSDAY,
        subject="路灯不亮",
        channel=channel,
        values={"surname": "钱", "telephone": "8000002", "content": "三号楼前路灯不亮"},
    )

    case.refresh_from_db()
    assert case.channel == channel


# The manual's named papers, by their Chinese names, and where each of their columns stands in the rulebook. What the
# work itself knows (its number, when it was opened, its moves, who signed the chain) is not a field of the paper.
PAPERS = {
    "客户服务登记表": "house_number surname telephone content matter validity handling_department wanted_by progress "
    "result department_signature centre_signature remark",
    "热线电话记录": "house_number about content service_quality",
    "维修安排与质量跟踪单": "slip_number surname house_number accepted_at size worker agreed_at arrived_at finished_at "
    "material amount_charged timeliness attitude quality charge dress follow_up_result",
    "纠正预防措施表": "problem root_cause measures measure_owner measure_due verification",
    "工作联系单": "from_unit to_unit matter urgency superiors_opinion handler result",
    "沟通记录表": "customer house_number held_at visit_form content opinions customer_signature visitor",
    "客户满意度调查表": "items scale sample response_rate analysis",
    "上门回访计划": "visits visits.household visits.reason visits.visitor visits.visit_on visits.finished",
    "物业管理费收费通知单": "house_number items fee_period amount pay_by paid_on",
    "有偿服务登记表": "house_number service price service_worker paid_on satisfaction",
    "用户档案": "owner_name residents house_number area contracts vehicles fees",
    "客户/房态统计报表": "units.unit units.unit_state units.unit_customer changes unit_total",
    "值班日志": "shift_name staff_on events cases_noted instructions equipment unfinished signature second_signature",
    "交接班记录": "matters.matter matters.cause matters.course matters.matter_result matters.handled instructions "
    "goods signature second_signature standard_time",
    "工作交接记录表": "handed_items.item handed_items.item_quantity handed_items.item_state signature second_signature",
    "工作日志": "log_day shift_name events cases_noted equipment instructions unfinished written_by",
    "周工作汇报": "past_week plan_items.item plan_items.item_owner plan_items.item_due",
    "月工作总结": "results problems next_month",
    "座谈会纪要": "attendance opinions_heard opinions_heard.response review published_where",
    "季度沟通记录": "finance work help_needed result",
    "业委会申报文件": "submitted matter course_of_it budget company_opinion signed_copy",
    "业委会通报": "subject text measures signed_copy",
    "物业管理服务报告": "services finances complaints plans",
    "年度工作汇报": "work finances next_year",
    "收费价目表": "company prices.payer prices.content prices.standard prices.method valid_from prices.item "
    "prices.price prices.price_form prices.basis price_hotline agency_charges",
    "员工公示栏": "staff_shown.photo staff_shown.staff_number staff_shown.staff_name staff_shown.post_held",
    "暂停服务通知": "outage area begins_at ends_at reason contact",
    "采购申请单": "purchases.purchase purchases.quantity purchases.enquired_price approver",
    "饮料盘点表": "drinks.drink drinks.opening drinks.used drinks.closing drinks.to_order",
    "物质放行条": "holder goods house_number leaves_at checked_at_gate",
    "会议记录": "meeting held_at attendance.attendee attendance.attendee_signature points decisions",
}
LISTS = {
    "服务中心月度工作统计表": {"complaint", "service_request", "enquiry", "repair_call"},
    "客户问询/投诉/意见统计表": {"complaint", "enquiry", "opinion"},
    "客户/房态统计报表": {"occupant_file"},
    "业委会往来函件档案": {"committee_submission", "committee_bulletin", "committee_question"},
}


@pytest.mark.parametrize("title", PAPERS)
def test_a_named_paper_has_every_column_that_the_manual_gives_it(title: str) -> None:
    forms = [form for form in load_pack("property").forms.values() if form.title.zh == title]
    columns = {
        column
        for form in forms
        for name, field in form.fields.items()
        for column in (name, *(f"{name}.{inner}" for inner in field.fields))
    }

    assert set(PAPERS[title].split()) <= columns


@pytest.mark.parametrize("title", LISTS)
def test_a_named_table_is_a_view_of_what_is_on_record(title: str) -> None:
    registers = {register.title.zh: register for register in load_pack("property").registers.values()}

    assert set(registers[title].of) == LISTS[title]


def test_papers_for_the_owners_committee_are_kept_for_ever() -> None:
    forms = load_pack("property").forms

    for name in ("submission", "bulletin", "committee_query", "committee_contact", "special_meeting_request"):
        assert forms[name].keep == "forever", name
