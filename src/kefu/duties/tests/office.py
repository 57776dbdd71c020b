"""A department that owes duties: its rulebook, published; a manager, a leader, three clerks, and another department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.clocks.sweep import sweep
from kefu.core.clocks.verify import differences
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.readers import advance, names
from kefu.core.rulebook import load_files, to_source
from kefu.core.versions.actions import publish
from kefu.customers import actions as customers
from kefu.customers.models import Customer
from kefu.duties.models import Duty
from kefu.duties.rounds import open_all
from kefu.staff.actions import NewDepartment, add_person, found, give_post
from kefu.staff.models import Department, Person
from tests.cast import local

FOUNDED = local("2026-09-14 09:00")  # a Monday

PACK = "name: office\ntitle: {zh: 客服部, en: office}\n"
RULES = """
posts:
  chief: {title: {zh: 总监, en: chief}, sees: company, may: [reassign, publish]}
  manager: {title: {zh: 经理, en: manager}, reports_to: chief, sees: department, may: [reassign, roster]}
  leader: {title: {zh: 班长, en: leader}, reports_to: manager, sees: department, may: [reassign]}
  clerk: {title: {zh: 专员, en: clerk}, reports_to: leader}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-12:00 13:30-18:00}, holidays: china,
    working_day: 8 hours, at_once: 10 minutes}
clauses:
  one: {chapter: {zh: 第一章, en: chapter 1}, statement: {zh: 按时完成, en: do it in time}}
flows:
  project:
    states:
      planned: {title: {zh: 未开工, en: planned}}
      building: {title: {zh: 施工中, en: building}}
      completed: {title: {zh: 已竣工, en: completed}}
    moves:
      commenced: {title: {zh: 开工, en: commence}, from: planned, to: building, by: clerk}
      completed: {title: {zh: 竣工, en: complete}, from: building, to: completed, by: clerk}
  signed_sheet:
    states:
      draft: {title: {zh: 草稿, en: draft}}
      filed: {title: {zh: 已归档, en: filed}}
    moves:
      filed: {title: {zh: 签字归档, en: sign}, from: draft, to: filed, by: author, fill: [customer_signature]}
forms:
  project:
    title: {zh: 项目, en: project}
    fields:
      remark: {title: {zh: 备注, en: remark}, type: text}
  note:
    title: {zh: 记录, en: note}
    fields:
      said: {title: {zh: 内容, en: said}, type: text}
      satisfied: {title: {zh: 满意, en: satisfied}, type: choice,
        options: {very: {zh: 非常满意, en: very}, fairly: {zh: 满意, en: fairly}, no: {zh: 不满意, en: no}}}
  order:
    title: {zh: 临时任务, en: order}
    fields:
      task: {title: {zh: 任务, en: task}, type: text, required: true}
      wanted_by: {title: {zh: 完成时间, en: wanted by}, type: instant, required: true}
cases:
  project: {title: {zh: 项目, en: project}, by: clerk, form: project, flow: project}
"""


@dataclass(frozen=True)
class Office:
    department: Department
    other: Department
    chief: Person
    manager: Person
    leader: Person
    clerks: tuple[Person, ...]
    stranger: Person  # of the other department, under the same rulebook

    @property
    def clerk(self) -> Person:
        return self.clerks[0]

    def project(self, at: datetime, *, customer: Customer | None = None) -> Case:
        return cases.register(
            "project", department=self.department, by=self.clerk, at=at, subject="阳光花园", customer=customer
        )

    def customer(self, name: str, at: datetime = FOUNDED) -> Customer:
        known = Customer.objects.filter(name=name).first()
        phone = [("phone", "13800138000")]
        return known or customers.add_customer(
            self.department, kind="natural", name=name, contacts=phone, by=SYSTEM, at=at
        )


def office(duties: str, *, at: datetime = FOUNDED, forms: str = "", extra: str = "") -> Office:
    """Found it with these duties (YAML below `duties:`, `clause: one` and a title are added) and further forms."""
    found(
        "云庭物业",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[NewDepartment("office", "客服部"), NewDepartment("other", "工程部")],
        by=SYSTEM,
        at=at,
    )
    publish_duties(duties, at=at, forms=forms, extra=extra)
    Department.objects.update(pack="office")
    home, other = Department.objects.order_by("pk")
    people = [
        _person(login, name, unit, post, at)
        for login, name, unit, post in (
            ("gu", "顾青", home, "chief"),
            ("li", "李强", home, "manager"),
            ("zhao", "赵敏", home, "leader"),
            ("chen", "陈静", home, "clerk"),
            ("liu", "刘洋", home, "clerk"),
            ("sun", "孙磊", home, "clerk"),
            ("hu", "胡杰", other, "clerk"),
        )
    ]
    chief, manager, leader, *clerks, stranger = people
    return Office(home, other, chief, manager, leader, tuple(clerks), stranger)


def publish_duties(duties: str, *, at: datetime, forms: str = "", extra: str = "") -> None:
    """Let these duties hold from `at` on."""
    text = duties.replace("title: ", "clause: [one], title: ")
    lines = "".join(f"  {line}\n" for line in text.strip().splitlines())
    rules = RULES.replace("cases:\n", f"{forms}cases:\n") + (f"duties:\n{lines}" if lines else "") + extra
    files = {"office/pack.yaml": PACK.encode(), "office/rules.yaml": rules.encode()}
    publish(to_source(load_files("office", files)), by=SYSTEM, at=at, in_force_from=at)


def _person(login: str, name: str, unit: Department, post: str, at: datetime) -> Person:
    person = add_person(unit, login=login, name=name, by=SYSTEM, at=at)
    give_post(person, post=post, department=unit, by=SYSTEM, at=at)
    return person


def live_until(at: datetime) -> None:
    """Everything that the worker does, once: openings, what falls due, what follows."""
    catch_up()
    open_all(at=at)
    while sweep(at=at).steps:  # at its due instant a clock is looked at, and goes on
        pass
    catch_up()


def catch_up() -> None:
    for name in names():
        while advance(name):
            pass


def day_by_day(first: str, last: str) -> None:
    """The worker at work from one day to the other, every hour."""
    at, end = local(f"{first} 00:00"), local(f"{last} 23:59")
    while at <= end:
        live_until(at)
        at += timedelta(hours=1)


def clocks_are_right(at: datetime) -> bool:
    return not list(differences(at=at))


def opened(department: Department | None = None, **filters: Any) -> list[tuple[str, str]]:
    """(period or item, due on the wall) of all duties, in order of opening."""
    rows = Duty.objects.filter(**filters).order_by("opened_at", "pk")
    if department:
        rows = rows.filter(department=department)
    zone = local("2026-09-01 00:00").tzinfo
    return [
        (
            duty.period or str(duty.item or ""),
            f"{duty.due_at.astimezone(zone):%m-%d %H:%M}" if duty.due_at else "",
        )
        for duty in rows
    ]
