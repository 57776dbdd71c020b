"""How a short text reaches a phone or a mail address. Two ways ship; others are named by their dotted path.

KEFU_DELIVER_PHONE and KEFU_DELIVER_MAIL say which: `console`, `smtp` (mail only), or `package.module.function` of the
same shape as the ways below. Where none is set, that kind of contact is not offered.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from kefu.core.errors import Refused


class Text(NamedTuple):
    """What is sent. `key` is fixed before the first try, so that a receiver knows a repetition."""

    contact: str  # E.164 or mail address
    subject: str
    body: str
    key: str


Way = Callable[[Text], None]


def console(text: Text) -> None:
    """Print it: for trying out, and for tests."""
    sys.stdout.write(f"[{text.key}] {text.contact}: {text.subject}\n{text.body}\n")
    sys.stdout.flush()


def smtp(text: Text) -> None:
    """Mail it by the server of KEFU_SMTP. Raises OSError or SMTPException, then it is tried again."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    headers = {"Message-ID": f"<{text.key.replace(':', '.')}@{domain}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(text.subject, text.body, to=[text.contact], headers=headers).send()


WAYS: dict[str, Way] = {"console": console, "smtp": smtp}


def way_of(channel: str) -> Way | None:
    """The way for `phone` or `mail`; None where the installation has none."""
    name = settings.KEFU_DELIVER[channel]
    return (WAYS.get(name) or import_string(name)) if name else None


def channels() -> list[str]:
    """Kinds of contact that something can be sent to."""
    return [channel for channel, name in settings.KEFU_DELIVER.items() if name]


def require(channel: str) -> None:
    """Raises Refused portal.no_delivery."""
    if way_of(channel) is None:
        zh, en = ("短信", "text messages") if channel == "phone" else ("邮件", "mail")
        raise Refused(
            "portal.no_delivery",
            zh=f"这里还不能发送{zh}。请换一种联系方式，或凭编号和电话查询。",
            en=f"No {en} can be sent from here yet. Use another contact, or look up by number and phone.",
        )
