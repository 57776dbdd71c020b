"""What customers see. `cases_shown_to` is the only question about which cases, `messages_shown` about which words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from kefu.cases.models import Attachment, Case, Message
from kefu.cases.queries import with_merged
from kefu.core import inputs
from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Branch, Who
from kefu.core.rulebook.model import Kind, Rulebook, Text
from kefu.core.rulebook.who import CUSTOMER
from kefu.core.versions import queries as versions
from kefu.customers.models import ContactPoint
from kefu.customers.queries import all_numbers, surviving
from kefu.portal.models import Submission
from kefu.portal.visits import Visitor
from kefu.staff.models import Department
from kefu.staff.secrets import digest


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind of case that customers may register with a department."""

    department: Department
    rulebook: Rulebook
    kind: Kind

    @property
    def title(self) -> Text:
        return self.kind.to_customer or self.kind.title


def offered(at: datetime) -> list[Offered]:
    """What customers may register, in the order of departments and of their rulebooks. One query and, per pack, what
    the version in force costs."""
    found = []
    for department in Department.objects.exclude(pack=""):
        try:
            rulebook = versions.in_force(department.pack, at)
        except Refused:  # not published yet: nothing is open there
            continue
        found += [
            Offered(department, rulebook, kind)
            for kind in rulebook.kinds.values()
            if kind.chapter == Case.chapter and for_customers(kind.by)
        ]
    return found


def for_customers(by: Iterable[Branch[tuple[Who, ...]]]) -> bool:
    return any(who.word == CUSTOMER for branch in by for who in branch.value)


def cases_shown_to(visitor: Visitor, at: datetime) -> QuerySet[Case]:
    """Cases of the kinds that are open to customers: of the customers whose contact the visitor proved, those sent in
    with that contact, and those opened one by one."""
    mine = Q(customer__in=visitor.customers) | Q(pk__in=visitor.cases)
    if visitor.visit is not None and visitor.signed_in:
        sent = Submission.objects.filter(**{visitor.visit.channel: visitor.visit.contact})
        mine |= Q(pk__in=sent.values("case_id"))
    return Case.objects.filter(mine, _open_kinds(at))


def case_shown(visitor: Visitor, number: str, at: datetime) -> Case:
    """The case by number. Raises Refused case.unknown, the same whether there is none or it is another's."""
    case = cases_shown_to(visitor, at).filter(number=number[:40]).first()
    if case is None:
        raise unknown(number)
    return case


def unknown(number: str) -> Refused:
    return Refused(
        "case.unknown",
        zh=f"没有找到申请「{number[:40]}」。请核对编号，或凭编号和电话查询。",
        en=f"There is no request “{number[:40]}”. Check the number, or look it up by number and phone.",
        number=number[:40],
    )


def case_found(number: str, phone: str, at: datetime) -> Case | None:
    """The case with that number, if `phone` (whole, or its last four digits) is one of its customer's, of its sender's
    or the one on its form."""
    case = Case.objects.filter(_open_kinds(at), number=number).first()
    given = _spelt(phone)
    if case is None or not given:
        return None
    whole = len(given) > 4
    return case if any(one == given if whole else one.endswith(given) for one in _phones_of(case)) else None


def messages_shown(case: Case) -> QuerySet[Message]:
    """What was said to the customer and by the customer, on this case and on those merged into it (they are of one
    customer); never what staff note for themselves."""
    said = Message.objects.filter(case__in=with_merged(case), public=True)
    return said.select_related("author").order_by("id")


def files_shown(case: Case) -> QuerySet[Attachment]:
    """Files of public messages, and those that a customer sent."""
    sent = Q(message__public=True) | Q(message=None, author=None, file__stored_by__startswith="customer:")
    return Attachment.objects.filter(sent, case__in=with_merged(case)).select_related("file").order_by("id")


def states_waited_in(case: Case) -> set[str]:
    """States in which a promise stands still: it is the customer's turn."""
    return {state for clock in case.rule.clocks.values() for state in clock.pauses}


def mark_of(case: Case) -> str:
    """Another one whenever the page of the case would show something new: a word, a file, a step, who has it, a time
    promised. What staff note for themselves leaves it as it is."""
    said = messages_shown(case).aggregate(last=Max("pk"))["last"]
    sent = files_shown(case).aggregate(last=Max("pk"))["last"]
    shown = (
        case.state,
        case.owner_id,
        case.due_at,
        case.closed_at,
        case.voided_at,
        case.merged_into_id,
        said,
        sent,
    )
    return digest(repr(shown))[:16]


def _open_kinds(at: datetime) -> Q:
    kinds: dict[int, list[str]] = {}
    for one in offered(at):
        kinds.setdefault(one.department.pk, []).append(one.kind.name)
    found = Q(pk=None)
    for department, names in kinds.items():
        found |= Q(department=department, kind__in=names)
    return found


def _spelt(phone: str) -> str:
    """A whole number in one spelling, exactly four digits as they are, else nothing."""
    try:
        return inputs.phone(phone)
    except Refused:
        digits = re.sub(r"\D", "", phone)
        return digits if len(digits) == 4 == len(phone.strip()) else ""


def _phones_of(case: Case) -> set[str]:
    """In one spelling; what is no number there cannot be asked for."""
    numbers = {str(case.values.get("telephone") or "")}
    numbers |= set(Submission.objects.filter(case=case).values_list("phone", flat=True))
    if case.customer is not None:
        ids = all_numbers(surviving(case.customer))
        points = ContactPoint.objects.filter(customer__in=ids, kind=ContactPoint.PHONE)
        numbers |= set(points.values_list("value", flat=True))
    found = set()
    for number in numbers:
        spelt = _spelt(number)
        if len(spelt) > 4:
            found.add(spelt.partition(";ext=")[0])
    return found
