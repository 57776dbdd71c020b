"""Values as everybody may see them: 138****1234, first 3 and last 4 of an id number, a***@example.com."""

from __future__ import annotations

import re

from kefu.core import inputs
from kefu.customers.models import ContactPoint


def mask_phone(value: str) -> str:
    """The first 3 and last 4 digits of a number as people write it; of a short one the last 2."""
    number, _, extension = value.partition(";ext=")
    digits = re.sub(r"[^\d+]", "", inputs.phone_written(number))
    shown = f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"
    return f"{shown}-***" if extension else shown


def mask_mail(value: str) -> str:
    name, at, domain = value.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if at else "***"


def mask_id_number(value: str) -> str:
    return value[:3] + "*" * (len(value) - 7) + value[-4:] if len(value) >= 11 else "*" * len(value)


def mask_wechat(value: str) -> str:
    return value[:1] + "***"


MASKS = {ContactPoint.PHONE: mask_phone, ContactPoint.MAIL: mask_mail, ContactPoint.WECHAT: mask_wechat}


def masked(point: ContactPoint) -> str:
    return MASKS[point.kind](point.value)
