"""What is sent to customers, after the commit: a one-time code, the confirmation of a case, that there is news of it.

What nobody asked for holds nothing that anybody typed, and goes to one contact at most three times a day, whatever it
is about: who gives a stranger's address can neither speak to them through us nor flood them.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from kefu.cases.models import Case
from kefu.core.errors import in_language
from kefu.core.jobs.actions import put
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.portal import delivery, limits, links
from kefu.portal.entering import SEND_CODE, digits_of
from kefu.portal.guards import spend, wait_for
from kefu.portal.models import Code, Submission
from kefu.staff.queries import organisation

SEND_CONFIRMATION = "portal.send_confirmation"


class Contact(NamedTuple):
    """Where the sender of a case is reached. channel: phone or mail."""

    channel: str
    value: str

    @property
    def counted(self) -> str:
        """Under this name `limits.UNASKED` counts."""
        return f"unasked:{self.value}"


def confirm(case: Case, *, at: datetime) -> None:
    """Have the confirmation of a case sent to its sender, in the caller's transaction."""
    put(SEND_CONFIRMATION, at=at, arguments={"case": case.pk}, key=f"{SEND_CONFIRMATION}:{case.pk}")


def contact_of(given: Submission) -> Contact | None:
    """The mail address if one was given, else the phone, where that can be reached."""
    found = (Contact("mail", given.mail), Contact("phone", given.phone))
    return next((one for one in found if one.value and delivery.way_of(one.channel)), None)


def send(given: Submission, zh: str, en: str, *, key: str, at: datetime) -> None:
    """Send a sentence about the case, with a link that opens it alone. zh and en hold `{number}` and nothing that
    anybody typed. Raises what the way raises; then it is tried again with the same key."""
    contact = contact_of(given)
    way = delivery.way_of(contact.channel) if contact else None
    if contact is None or way is None:
        return
    name, number = organisation_name(), given.case.number
    address = f"{settings.KEFU_URL or given.base}/portal/open/{links.link_of(given.case_id, at=at)}/"
    body = in_language(
        given.language,
        f"【{name}】{zh.format(number=number)}查看进度（30 天内有效）：{address}\n如非您本人提交，请忽略。",
        f"{name}: {en.format(number=number)} See how it goes (for 30 days): {address}\n"
        "If it was not you, ignore this message.",
    )
    way(delivery.Text(contact.value, f"{name} {number}", body, key))


@handler(SEND_CODE)
def send_code(run: Run, at: datetime) -> str:
    code = Code.objects.filter(pk=int(str(run.arguments["code"])), used_at=None).first()
    way = delivery.way_of(code.channel) if code else None
    if code is None or way is None or at >= code.at + limits.CODE_VALID:
        return "too late"
    digits, name = digits_of(code), organisation_name()
    body = f"【{name}】验证码 {digits}，10 分钟内有效。请勿告诉他人。Your code is {digits}, for 10 minutes."
    way(delivery.Text(code.contact, f"{name}：{digits}", body, f"{SEND_CODE}:{code.pk}"))
    return "sent"


@handler(SEND_CONFIRMATION)
def send_confirmation(run: Run, at: datetime) -> str:
    given = Submission.objects.select_related("case").get(case=int(str(run.arguments["case"])))
    contact = contact_of(given)
    if contact is None:
        return "no way"
    if wait_for(contact.counted, limits.UNASKED, at=at):
        return "enough today"
    zh, en = "已收到一份申请，编号 {number}。", "a request was received, number {number}."
    send(given, zh, en, key=f"{SEND_CONFIRMATION}:{given.case_id}", at=at)
    spend({contact.counted: limits.UNASKED}, at=at)  # what failed is tried again and counts once
    return "sent"


def organisation_name() -> str:
    found = organisation()
    return found.name if found else "Kefu"
