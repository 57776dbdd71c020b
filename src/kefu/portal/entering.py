"""How customers come in: by a one-time code, by number and phone, by the link of a confirmation."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from kefu.cases.models import Case
from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.jobs.actions import put
from kefu.core.ledger import Actor
from kefu.core.ledger.actions import record
from kefu.core.rulebook.model import Ref
from kefu.customers.models import ContactPoint
from kefu.portal import delivery, limits, links
from kefu.portal.guards import spend
from kefu.portal.models import Code, Submission, Visit
from kefu.portal.queries import case_found
from kefu.portal.visits import actor_of, customers_with
from kefu.staff.secrets import digest, new_key

VISITOR = Actor("visitor")  # nobody yet
SEND_CODE = "portal.send_code"


def ask_code(typed: str, *, address: str, at: datetime) -> str:
    """Have a code sent to a phone or mail address that is known here; returns the word that names it.

    The answer is the same for one that nobody has: only then nothing is sent. Raises Refused phone.*, mail.*,
    portal.no_delivery, portal.too_many.
    """
    channel, contact = contact_of(typed)
    delivery.require(channel)
    spend(
        {
            f"code:{contact}": limits.CODE_AGAIN,
            f"code_day:{contact}": limits.CODE_BY_CONTACT,
            f"code_by:{address}": limits.CODE_BY_ADDRESS,
        },
        at=at,
    )
    with write():
        Code.objects.filter(at__lt=at - limits.DAY).delete()
        code = Code.objects.create(channel=channel, contact=contact, nonce=secrets.token_urlsafe(16), at=at)
        if _is_known(channel, contact):
            put(SEND_CODE, at=at, arguments={"code": code.pk}, key=f"{SEND_CODE}:{code.pk}")
        _record("code_asked", Ref("code", str(code.pk)), by=VISITOR, at=at, data={"channel": channel})
    return links.asked_code(code.pk, at=at)


def enter_code(word: str, given: str, *, visit: Visit | None, address: str, at: datetime) -> str:
    """Start a signed-in visit, which keeps the cases opened before; returns the key for the cookie.

    Raises Refused portal.code for a wrong, used or old one alike; each wrong try is counted.
    """
    spend({f"enter:{address}": limits.ENTER_BY_ADDRESS}, at=at)
    pk = links.code_of(word, at=at)
    with write():
        code = Code.objects.select_for_update().filter(pk=pk or 0, used_at=None).first()
        if code is None or code.tries >= limits.CODE_TRIES or at >= code.at + limits.CODE_VALID:
            right = False
        else:
            right = constant_time_compare(digits_of(code), _digits(given))
            Code.objects.filter(pk=code.pk).update(tries=F("tries") + 1, used_at=at if right else None)
        if right and code is not None:
            key = _start(visit, code.channel, code.contact, at=at)
            for customer in sorted(customers_with(code.channel, code.contact)):
                subject = Ref("customer", str(customer))
                _record("signed_in", subject, by=Actor(f"customer:{customer}"), at=at)
            return key
    raise Refused(
        "portal.code",
        zh="验证码不对，或已过期、已用过。验证码 10 分钟内有效，最多试 5 次；可以重新获取。",
        en="The code is wrong, used or too old. It holds for 10 minutes and 5 tries; ask for a new one.",
    )


def look_up(number: str, phone: str, *, visit: Visit | None, address: str, at: datetime) -> tuple[Case, str]:
    """Open one case by its number and the phone given with it, whole or its last four digits.

    Returns the case and the key for the cookie. Raises Refused portal.not_found, the same for a wrong number and a
    wrong phone; portal.too_many.
    """
    number = inputs.searchable(number).strip().upper()[:40]
    spend(
        {
            f"look_up:{address}": limits.LOOK_UP_BY_ADDRESS,
            f"look_up_number:{number}": limits.LOOK_UP_BY_NUMBER,
        },
        at=at,
    )
    case = case_found(number, phone, at)
    if case is None:
        raise Refused(
            "portal.not_found",
            zh="没有找到：请核对编号和电话（登记时留下的电话，或其后四位）。",
            en="Not found: check the number and the phone (the one you gave, or its last four digits).",
        )
    with write():
        _record("looked_up", case.ref, by=actor_of(case), at=at, department=case.department_id)
        return case, open_case(case, visit, at=at)


def open_link(link: str, *, visit: Visit | None, at: datetime) -> tuple[Case, str]:
    """Open the one case of a link; returns it and the key for the cookie. Raises Refused portal.link."""
    case = Case.objects.get(pk=links.case_of(link, at=at))
    with write():
        _record("link_opened", case.ref, by=actor_of(case), at=at, department=case.department_id)
        return case, open_case(case, visit, at=at)


def open_case(case: Case, visit: Visit | None, *, at: datetime) -> str:
    """Let the browser see this case too, for as long as its visit lasts. A fresh key each time."""
    cases = [one for one in (visit.cases if visit else []) if one != case.pk]
    key = _start(visit, visit.channel if visit else "", visit.contact if visit else "", at=at)
    Visit.objects.filter(digest=digest(key)).update(cases=[*cases, case.pk][-limits.MOST_CASES :])
    return key


def sign_out(visit: Visit, *, at: datetime) -> None:
    """End the visit: what it opened is closed too."""
    with write():
        Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=at)
        for customer in sorted(customers_with(visit.channel, visit.contact)):
            subject = Ref("customer", str(customer))
            _record("signed_out", subject, by=Actor(f"customer:{customer}"), at=at)


def contact_of(typed: str) -> tuple[str, str]:
    """Phone or mail address in one spelling. Raises Refused phone.*, mail.*."""
    if "@" in typed or "＠" in typed:
        return ContactPoint.MAIL, inputs.mail(typed)
    return ContactPoint.PHONE, inputs.phone(typed)


def digits_of(code: Code) -> str:
    """The six digits, derived anew whenever they are needed."""
    made = salted_hmac("kefu.portal.code", f"{code.pk}:{code.nonce}", algorithm="sha256").digest()
    return f"{int.from_bytes(made, 'big') % 1_000_000:06d}"


def _digits(given: str) -> str:
    return "".join(str(int(one)) for one in given if one.isdecimal())[:12]


def _is_known(channel: str, contact: str) -> bool:
    return (
        ContactPoint.objects.filter(kind=channel, value=contact).exists()
        or Submission.objects.filter(**{channel: contact}).exists()
    )


def _start(visit: Visit | None, channel: str, contact: str, *, at: datetime) -> str:
    """A new row with a new key in place of the old one: a key known to somebody before is worth nothing after."""
    key = new_key()
    Visit.objects.filter(
        started_at__lte=at - limits.VISIT
    ).delete()  # over, and a contact is not kept for nothing
    if visit is not None:
        Visit.objects.filter(pk=visit.pk).update(ended_at=at)
    Visit.objects.create(
        digest=digest(key),
        channel=channel,
        contact=contact,
        cases=visit.cases if visit else [],
        started_at=at,
    )
    return key


def _record(
    verb: str,
    subject: Ref,
    *,
    by: Actor,
    at: datetime,
    department: int | None = None,
    data: dict[str, object] | None = None,
) -> None:
    record(f"portal.{verb}", subject, by=by, at=at, department=department, data=data)
