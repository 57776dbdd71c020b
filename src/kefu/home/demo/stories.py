"""What happens to people: each story is a generator that acts and yields how long it waits before it goes on.

A story asks for the instant by receiving it back from the `yield`; it never reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.work.actions import acknowledge
from kefu.core.work.models import Escalation
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.home.demo.people import ZONE as TOWN_ZONE
from kefu.home.demo.people import Household, Town
from kefu.staff.actions import mark_read
from kefu.staff.models import Person

ZONE = ZoneInfo(TOWN_ZONE)
Story = Generator[timedelta, datetime, None]
Tell = Callable[[Town, datetime], Story]

FAULTS = (
    ("dripping_tap", "small", "厨房水龙头滴水", "更换阀芯，试水正常"),
    ("dripping_tap", "small", "卫生间水管接口渗水", "重新缠带并紧固，观察半小时无渗漏"),
    ("blocked_drain", "small", "地漏返水", "疏通地漏，清出毛发和泥沙"),
    ("blocked_drain", "medium", "厨房下水主管堵塞", "管道机疏通主管，排水顺畅"),
    ("lighting", "small", "楼道灯不亮", "更换声控开关和灯泡"),
    ("lighting", "small", "入户门口感应灯常亮", "调整感应器灵敏度"),
    ("door_or_lock", "small", "单元门禁刷卡没反应", "更换读卡头，重新授权"),
    ("door_or_lock", "small", "入户门锁打不开", "润滑锁芯，调整门扇"),
    ("lift", "medium", "电梯运行时有异响", "维保单位更换导靴，试运行正常"),
    ("burst_pipe", "small", "厨房水管爆了，水漫到客厅", "关总阀更换爆裂管段，协助清理积水"),
    ("vital_leak", "small", "配电间顶部漏水", "封堵漏点，烘干线槽"),
    ("power_failure", "small", "家里突然停电，邻居家有电", "更换跳闸空开，检测线路"),
    ("other_fault", "medium", "阳台护栏松动", "重新植筋加固护栏"),
)
EMERGENCIES = ("burst_pipe", "vital_leak", "power_failure")
COMPLAINTS = (
    ("service_faulty", "important", "保洁三天没有打扫楼道", "安排补扫并调整楼道保洁班次"),
    ("service_insufficient", "important", "夜间施工噪声影响休息", "已责令施工方停止夜间作业，并张贴通知"),
    ("facility_limits", "minor", "地下车库照明偏暗", "已增加两组灯具"),
    ("service_faulty", "important", "快递被代收后找不到", "核对监控后找回，致歉并完善登记"),
    ("other", "minor", "楼上装修敲墙没有提前通知", "上门协调，补贴施工公告"),
    ("service_insufficient", "important", "电梯停运两天没有人说明", "张贴停运说明，每日更新维修进度"),
    ("severe_deviation", "important", "承诺的绿化补种一直没做", "本周完成补种并请业主现场确认"),
)
QUESTIONS = (
    ("物业费可以按季度交吗", "可以，按季度或按年缴纳均可，请到前台或在线办理"),
    ("装修押金什么时候退", "验收合格满一个月后凭押金单到前台办理"),
    ("儿童游乐区几点开放", "每天 7:00 至 21:00 开放"),
    ("访客车辆怎么登记", "请提前致电客服中心报车牌，访客两小时内免费"),
    ("生活垃圾几点收", "每天早 7:30 和晚 18:30 各清运一次"),
    ("水费和物业费能一起交吗", "水费由自来水公司代收，前台可代查询欠费"),
    ("门禁卡丢了怎么补办", "业主本人带身份证到前台补办，工本费 20 元"),
)
PROGRESS = ("已约业主今晚面谈", "材料已到，明天上午施工", "已请维保单位现场查看", "等待业主确认方案")


def minutes(town: Town, least: float, most: float) -> timedelta:
    return timedelta(minutes=town.chance.uniform(least, most))


def by_day(town: Town, at: datetime, least: float, most: float) -> timedelta:
    """Like `minutes`, but nobody calls a customer at night: what would fall there waits for the morning."""
    pause = minutes(town, least, most)
    local = (at + pause).astimezone(ZONE)
    if 8 <= local.hour < 21:
        return pause
    morning = local.replace(hour=8, minute=0, second=0) + timedelta(days=local.hour >= 21)
    return morning - at + minutes(town, 5, 200)


def by_telephone(
    town: Town, kind: str, at: datetime, home: Household, subject: str, *, by: Person, **more: Any
) -> Case:
    """A case that the centre registers while the household is on the phone."""
    return cases.register(
        kind,
        department=town.centre,
        by=by,
        at=at,
        subject=subject,
        channel="telephone",
        customer=home.customer,
        site=home.site,
        **more,
    )


def enquiry(town: Town, at: datetime) -> Story:
    home, agent = town.household(), town.one("agent")
    question, answer = town.chance.choice(QUESTIONS)
    case = by_telephone(
        town, "enquiry", at, home, question, by=agent, body=f"{home.surname}先生/女士来电：{question}"
    )
    at = yield minutes(town, 1, 8)
    case = cases.move(case, "taken", by=agent, at=at)
    at = yield minutes(town, 2, 240)
    cases.add_message(case, by=agent, at=at, body=answer, public=True)
    case = cases.move(case, "answered", by=agent, at=at, values={"answer": answer})
    at = yield minutes(town, 10, 600)
    cases.move(case, "closed", by=agent, at=at)


def hotline(town: Town, at: datetime) -> Story:
    """A call that the centre logs; a repair or a complaint grows out of it by the rulebook."""
    home, agent = town.household(), town.one("agent")
    values = {"surname": home.surname, "telephone": home.telephone, "house_number": home.house_number}
    case = by_telephone(town, "hotline_call", at, home, f"{home.house_number} 来电", by=agent, values=values)
    at = yield minutes(town, 1, 6)
    logged = {"about": "enquiry", "content": town.chance.choice(QUESTIONS)[0], "service_quality": "good"}
    cases.move(case, "logged", by=agent, at=at, values=logged)


def repair(town: Town, at: datetime) -> Story:
    fault, size, content, done = town.chance.choice(FAULTS)
    home = town.household()
    case = reported(town, at, home, fault, content)
    yield from mended(town, case, fault, size, done)


def reported(town: Town, at: datetime, home: Household, fault: str, content: str) -> Case:
    return by_telephone(
        town,
        "repair",
        at,
        home,
        content,
        by=town.one("agent"),
        body=f"{home.house_number} {home.surname}先生/女士报修：{content}",
        values={
            "surname": home.surname,
            "telephone": home.telephone,
            "house_number": home.house_number,
            "content": content,
        },
    )


def mended(town: Town, case: Case, fault: str, size: str, done: str) -> Story:
    """From the report to the follow-up call. Some workers are late, some customers are out, some taps drip on."""
    operator, worker = town.one("duty_operator"), town.one("repair_worker")
    at = yield minutes(town, 0.5, 3)
    case = cases.move(case, "accepted", by=operator, at=at, values={"fault": fault, "size": size})
    at = yield minutes(town, 0.5, 4 if town.chance.random() < 0.95 else 30)
    medium = town.chance.choice(("radio", "telephone_call", "slip"))
    sent = {"worker": str(worker.pk), "medium": medium}
    case = cases.move(case, "dispatched", by=operator, at=at, values=sent)
    urgent = fault in EMERGENCIES
    at = yield minutes(town, 2, 6) if urgent else minutes(town, 8, 28)
    luck = town.chance.random()
    if not urgent and luck < 0.12:
        case = cases.move(case, "delay_told", by=worker, at=at, values={"delay_cause": "customer_side"})
        at = yield minutes(town, 2, 9)
        agreed = at + timedelta(hours=town.chance.uniform(3, 26))
        appointment = {"agreed_at": agreed.isoformat(), "remark": "业主外出，另约时间上门"}
        case = cases.move(case, "rescheduled", by=operator, at=at, values=appointment)
        _explained(case, town, at, agreed)
        at = yield agreed - at + minutes(town, 0, 20)
    elif not urgent and luck < 0.2:
        case = cases.move(case, "delay_told", by=worker, at=at, values={"delay_cause": "company"})
        at = yield minutes(town, 2, 9)
        case = cases.move(case, "company_delay", by=operator, at=at, values={"remark": "等待配件到货"})
        _explained(case, town, at, at + timedelta(hours=20))
        at = yield minutes(town, 120, 1500)
    case = cases.move(case, "arrived", by=worker, at=at)
    at = yield minutes(town, 20, 150 if size == "small" else 2400)
    finished = {"work_done": done, "customer_signature": case.values["surname"]}
    case = cases.move(case, "finished", by=worker, at=at, values=finished)
    yield from followed_up(town, case)


def _explained(case: Case, town: Town, at: datetime, agreed: datetime) -> None:
    told = {"explained": "已致电说明并致歉", "agreed_at": agreed.isoformat()}
    for duty in _open_duties(case, "explain_delay"):
        duties.move(duty, "done", by=_taker(duty, town.one("agent")), at=at, values=told)


def followed_up(town: Town, case: Case) -> Story:
    at = yield by_day(town, case.changed_at, 60, 1600)
    caller = town.one("agent")
    for duty in _open_duties(case, "repair_call"):
        remains = town.chance.random() < 0.05
        stars = {
            name: str(town.chance.choice((3, 4, 5, 5, 5)))
            for name in ("timeliness", "attitude", "quality", "charge", "dress")
        }
        found = "remains" if remains else "none_left"
        duties.move(duty, "done", by=_taker(duty, caller), at=at, values={**stars, "defect": found})
    at = yield minutes(town, 1, 20)
    case = cases.move(case, "closed", by=caller, at=at)
    at = yield by_day(town, at, 60, 300)
    for duty in _open_duties(case, "special_follow_up"):
        arranged = {"rework_arranged": "工程部主管安排当日返修"}
        duties.move(duty, "done", by=_taker(duty, caller), at=at, values=arranged)
    for rework in Case.objects.filter(parent_kind="case", parent_id=case.pk, state="reported"):
        yield from mended(town, rework, "other_fault", "small", "返修处理，复查无遗留")


def complaint(town: Town, at: datetime) -> Story:
    cause, severity, content, result = town.chance.choice(COMPLAINTS)
    home, agent = town.household(), town.one("agent")
    values = {"surname": home.surname, "telephone": home.telephone, "content": content}
    case = by_telephone(
        town,
        "complaint",
        at,
        home,
        content,
        by=agent,
        body=f"{home.house_number} {home.surname}先生/女士投诉：{content}",
        values=values,
    )
    at = yield minutes(town, 2, 15)
    valid = town.chance.random() < 0.88
    judged = {
        "house_number": home.house_number,
        "validity": "valid" if valid else "out_of_scope",
        "difficulty": town.chance.choice(("ordinary",) * 8 + ("difficult",)),
        "clarification": "已致歉并说明处理安排",
    }
    case = cases.move(case, "accepted", by=agent, at=at, values=judged)
    at = yield minutes(town, 2, 20)
    if not valid:
        explained = {"explanation": "该事项由市政部门负责，已向业主说明", "other_way": "拨打 12345 政务热线"}
        cases.move(case, "explained", by=agent, at=at, values=explained)
        return
    case = cases.move(case, "graded", by=agent, at=at, values={"cause": cause, "severity": severity})
    yield from handled(town, case, result)


def handled(town: Town, case: Case, result: str) -> Story:
    agent, head = town.one("agent"), town.posts["engineering_supervisor"][0]
    at = yield minutes(town, 1, 15)
    sent = {"handling_department": str(town.engineering.pk), "arrangement": "请工程部今日查看并联系业主"}
    case = cases.move(case, "dispatched", by=agent, at=at, values=sent)
    at = yield by_day(town, at, 10, 200)
    if case.values["difficulty"] == "difficult":
        returned = {"return_reason": "涉及多个部门，工程部不能单独处理"}
        case = cases.move(case, "returned", by=head, at=at, values=returned)
        at = yield by_day(town, at, 5, 40)
        slip = {"slip": "涉及多部门，请经理批示并指定处理人"}
        case = cases.move(case, "liaison_slip", by=town.one("supervisor"), at=at, values=slip)
        at = yield by_day(town, at, 10, 120)
        opinion = {"handling_opinion": "由工程部主管牵头，保洁配合", "handler": str(head.pk)}
        case = cases.move(case, "handler_named", by=town.one("manager"), at=at, values=opinion)
        at = yield by_day(town, at, 10, 60)
    else:
        case = cases.move(case, "taken_on", by=head, at=at)
        at = yield by_day(town, at, 15, 500)
    note = {"contact_note": "已电话联系业主，说明处理安排"}
    case = cases.move(case, "customer_contacted", by=head, at=at, values=note)
    at = yield by_day(town, at, 60, 3000)
    progress = {"progress": town.chance.choice(PROGRESS)}
    case = cases.move(case, "progress_told", by=head, at=at, values=progress)
    at = yield by_day(town, at, 60, 4000)
    case = cases.move(
        case, "resolved", by=head, at=at, values={"result": result, "department_signature": head.name}
    )
    at = yield by_day(town, at, 60, 1500)
    heard = {"follow_up_result": "业主表示满意"}
    case = cases.move(case, "followed_up", by=agent, at=at, values=heard)
    at = yield by_day(town, at, 5, 60)
    signed = {
        "centre_signature": agent.name,
        "management_fault": "work_not_in_place",
        "diary": "已记入工作日记",
    }
    cases.move(case, "closed", by=agent, at=at, values=signed)


def left_open(fault: str, size: str, content: str) -> Tell:
    """A repair that reaches the worker and stays there: what runs, is at risk or was missed when people look."""

    def story(town: Town, at: datetime) -> Story:
        case = reported(town, at, town.household(), fault, content)
        operator, worker = town.one("duty_operator"), town.one("repair_worker")
        at = yield timedelta(minutes=2)
        accepted = {"fault": fault, "size": size}
        case = cases.move(case, "accepted", by=operator, at=at, values=accepted)
        at = yield timedelta(minutes=2)
        sent = {"worker": str(worker.pk), "medium": "radio"}
        case = cases.move(case, "dispatched", by=operator, at=at, values=sent)
        at = yield timedelta(minutes=15)
        cases.move(case, "arrived", by=worker, at=at)

    return story


def asked(question: str) -> Tell:
    """An enquiry that somebody has taken and not yet answered."""

    def story(town: Town, at: datetime) -> Story:
        home, agent = town.household(), town.one("agent")
        case = by_telephone(
            town, "enquiry", at, home, question, by=agent, body=f"{home.surname}先生/女士来电：{question}"
        )
        at = yield timedelta(minutes=3)
        case = cases.move(case, "taken", by=agent, at=at)
        case = cases.assign(case, agent, by=agent, at=at)
        note = "已转财务核实，核实后回复业主"
        cases.add_message(case, by=agent, at=at, body=note, public=False)

    return story


def complained(content: str, cause: str, *, graded: bool) -> Tell:
    """A complaint that was accepted and waits to be graded or dispatched."""

    def story(town: Town, at: datetime) -> Story:
        home, agent = town.household(), town.one("agent")
        case = by_telephone(
            town,
            "complaint",
            at,
            home,
            content,
            by=agent,
            body=f"{home.house_number} {home.surname}先生/女士投诉：{content}",
            values={"surname": home.surname, "telephone": home.telephone, "content": content},
        )
        at = yield timedelta(minutes=6)
        judged = {
            "house_number": home.house_number,
            "validity": "valid",
            "difficulty": "ordinary",
            "clarification": "已致歉，说明今日内答复",
        }
        case = cases.move(case, "accepted", by=agent, at=at, values=judged)
        case = cases.assign(case, agent, by=agent, at=at)
        if graded:
            at = yield timedelta(minutes=5)
            grade = {"cause": cause, "severity": "important"}
            cases.move(case, "graded", by=agent, at=at, values=grade)

    return story


def _open_duties(case: Case, kind: str) -> list[Duty]:
    found = Duty.objects.filter(parent_kind="case", parent_id=case.pk, kind=kind, closed_at=None)
    return list(found.order_by("pk"))


def _taker(duty: Duty, caller: Person) -> Person:
    return duty.owner or caller


def caught_up(at: datetime) -> None:
    """People read their notices of yesterday; superiors acknowledge what was escalated two hours ago."""
    for person in Person.objects.filter(
        notices__read_at=None, notices__at__lt=at - timedelta(days=1)
    ).distinct():
        old = person.notices.filter(read_at=None, at__lt=at - timedelta(days=1))
        mark_read(person, notices=old.values_list("pk", flat=True), by=person, at=at)
    for escalation in Escalation.objects.filter(acknowledged_at=None, at__lt=at - timedelta(hours=2)):
        acknowledge(escalation, by=escalation.person, at=at)
