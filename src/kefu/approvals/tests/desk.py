"""A department that asks before it acts: its rulebook, published, and five people in it, one elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kefu.approvals import actions
from kefu.approvals.models import Approval
from kefu.core.ledger import SYSTEM
from kefu.core.rulebook import load_files, to_source
from kefu.core.versions.actions import publish
from kefu.staff.actions import NewDepartment, add_person, found, give_post
from kefu.staff.models import Department, Person
from tests.cast import local

FOUNDED = local("2026-09-14 09:00")  # a Monday
AT = local("2026-09-15 10:00")

PACK = "name: office\ntitle: {zh: 客服部, en: office}\n"
RULES = """
posts:
  director: {title: {zh: 总监, en: director}, sees: department}
  manager: {title: {zh: 经理, en: manager}, reports_to: director, sees: department}
  cashier: {title: {zh: 出纳, en: cashier}, reports_to: manager}
  auditor: {title: {zh: 审核, en: auditor}, reports_to: manager}
  clerk: {title: {zh: 专员, en: clerk}, reports_to: manager}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-12:00 13:30-18:00}, holidays: china,
    working_day: 8 hours, at_once: 10 minutes}
clauses:
  money: {chapter: {zh: 退款, en: refunds}, statement: {zh: 退款须经审批, en: a refund needs approval}}
forms:
  refund:
    title: {zh: 退款单, en: refund slip}
    fields:
      amount: {title: {zh: 金额, en: amount}, type: number, required: true, unit: 元}
      reason: {title: {zh: 理由, en: reason}, type: text, required: true}
      receipt: {title: {zh: 收据, en: receipt}, type: choice,
        options: {kept: {zh: 已收, en: kept}, lost: {zh: 遗失, en: lost}}}
      telephone: {title: {zh: 客户电话, en: telephone}, type: text, privacy: phone}
      items: {title: {zh: 明细, en: items}, type: text}
      payee: {title: {zh: 收款人, en: payee}, type: record, of: person}
      picture: {title: {zh: 收据照片, en: picture}, type: file, many: true}
      consent: {title: {zh: 客户签字, en: customer's signature}, type: signature}
approvals:
  refund:
    title: {zh: 退款, en: refund}
    clause: money
    by: [clerk, manager, director, cashier]
    CHAIN
    EXTRA
    clocks:
      decided: {title: {zh: 审批时限, en: decision}, clause: money, starts: opened,
        stops: [approved, refused, withdrawn], due: 2 working days, pauses: [returned]}
"""
STEPS = """chain:
      - {when: {amount: {at_most: 500}}, is: [leader of author]}
      - {is: [leader of author, [cashier, auditor], director]}"""


@dataclass(frozen=True)
class Desk:
    department: Department
    other: Department
    director: Person
    manager: Person
    cashier: Person
    auditor: Person
    clerk: Person
    stranger: Person

    def ask(
        self, amount: int = 400, *, by: Person | None = None, at: datetime = AT, **values: object
    ) -> Approval:
        return actions.ask(
            "refund",
            department=self.department,
            by=by or self.clerk,
            at=at,
            values={"amount": str(amount), "reason": "重复扣款", **values},
        )


def desk(chain: str = STEPS, extra: str = "", *, more: str = "") -> Desk:
    found(
        "云庭物业",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[NewDepartment("office", "客服部"), NewDepartment("other", "工程部")],
        by=SYSTEM,
        at=FOUNDED,
    )
    rules(chain, extra, at=FOUNDED, more=more)
    home, other = Department.objects.order_by("pk")
    Department.objects.filter(pk=home.pk).update(pack="office")
    people = [
        person(login, name, unit, post)
        for login, name, unit, post in (
            ("gu", "顾青", home, "director"),
            ("li", "李强", home, "manager"),
            ("qian", "钱敏", home, "cashier"),
            ("shen", "沈洁", home, "auditor"),
            ("chen", "陈静", home, "clerk"),
            ("hu", "胡杰", other, "clerk"),
        )
    ]
    return Desk(Department.objects.get(pk=home.pk), other, *people)


def rules(chain: str, extra: str = "", *, at: datetime, more: str = "") -> None:
    text = RULES.replace("CHAIN", chain).replace("    EXTRA\n", f"    {extra}\n" if extra else "") + more
    files = {"office/pack.yaml": PACK.encode(), "office/rules.yaml": text.encode()}
    publish(to_source(load_files("office", files)), by=SYSTEM, at=at, in_force_from=at)


def person(login: str, name: str, unit: Department, post: str) -> Person:
    added = add_person(unit, login=login, name=name, by=SYSTEM, at=FOUNDED)
    give_post(added, post=post, department=unit, by=SYSTEM, at=FOUNDED)
    return added


def turn(approval: Approval) -> list[str]:
    """Names of those whose turn it is, sorted."""
    asked = Approval.objects.get(pk=approval.pk).turn
    return sorted(Person.objects.filter(pk__in=asked).values_list("name", flat=True))
