"""What is sent to customers, after the commit: a one-time code, the confirmation of a case.

A confirmation holds nothing that the sender typed, and goes to one contact at most three times a day: who gives a
stranger's address can neither speak to them through us nor flood them.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from kefu.cases.models import Case
from kefu.core.errors import in_language
from kefu.core.jobs.actions import put
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.portal import delivery, limits, links
from kefu.portal.entering import SEND_CODE, digits_of
from kefu.portal.guards import spend, spent
from kefu.portal.models import Code, Submission
from kefu.staff.queries import organisation

SEND_CONFIRMATION = "portal.send_confirmation"


def confirm(case: Case, *, base: str, at: datetime) -> None:
    """Have the confirmation of a case sent, in the caller's transaction. base: `https://kefu.example.org`."""
    arguments = {"case": case.pk, "base": base, "language": translation.get_language() or "zh-hans"}
    put(SEND_CONFIRMATION, at=at, arguments=arguments, key=f"{SEND_CONFIRMATION}:{case.pk}")


@handler(SEND_CODE)
def send_code(run: Run, at: datetime) -> str:
    code = Code.objects.filter(pk=_number(run, "code"), used_at=None).first()
    way = delivery.way_of(code.channel) if code else None
    if code is None or way is None or at >= code.at + limits.CODE_VALID:
        return "too late"
    digits, name = digits_of(code), _organisation()
    body = f"【{name}】验证码 {digits}，10 分钟内有效。请勿告诉他人。Your code is {digits}, for 10 minutes."
    way(delivery.Text(code.contact, f"{name}：{digits}", body, f"{SEND_CODE}:{code.pk}"))
    return "sent"


@handler(SEND_CONFIRMATION)
def send_confirmation(run: Run, at: datetime) -> str:
    """To the mail address if one was given, else to the phone, where that can be reached."""
    case = Case.objects.get(pk=_number(run, "case"))
    given = Submission.objects.get(case=case)
    contacts = {"mail": given.mail, "phone": given.phone}
    channel = next((one for one in ("mail", "phone") if contacts[one] and delivery.way_of(one)), "")
    way = delivery.way_of(channel) if channel else None
    if way is None:
        return "no way"
    counted = f"confirmation:{contacts[channel]}"
    if spent(counted, limits.CONFIRMATIONS, at=at):
        return "enough today"
    name, lang = _organisation(), str(run.arguments["language"])
    address = f"{run.arguments['base']}/portal/open/{links.link_of(case.pk, at=at)}/"
    body = in_language(
        lang,
        f"【{name}】已收到一份申请，编号 {case.number}。查看进度（30 天内有效）：{address}\n如非您本人提交，请忽略。",
        f"{name}: a request was received, number {case.number}. See how it goes (for 30 days): {address}\n"
        "If it was not you, ignore this message.",
    )
    key = f"{SEND_CONFIRMATION}:{case.pk}"
    way(delivery.Text(contacts[channel], f"{name} {case.number}", body, key))
    spend({counted: limits.CONFIRMATIONS}, at=at)  # what failed is tried again and counts once
    return "sent"


def _number(run: Run, name: str) -> int:
    return int(str(run.arguments[name]))


def _organisation() -> str:
    found = organisation()
    return found.name if found else "Kefu"
