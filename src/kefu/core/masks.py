"""Numbers of people as everybody may see them: 138****1234, first 3 and last 4 of an id number, a***@example.com.

Pure. A masked value is told from a real one by its stars, so that nobody stores one by mistake.
"""

from __future__ import annotations

import re

from kefu.core import inputs
from kefu.core.errors import Refused

_MASKED = re.compile(r"\+?\d{0,3}\*{4,}[0-9A-Z]{0,4}(-\*{3})?", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dX]|\d{15})(?!\d)", re.IGNORECASE
)  # written into a sentence
_ID_NUMBER = re.compile(r"\d{15}|\d{17}[\dX]", re.IGNORECASE)


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


def mask(text: str, privacy: str) -> str:
    """The value of a form's field by its privacy class.

    `phone` and `id_number` are always masked; `personal` (a name, an address) where a number was written into it;
    without a class the text stands.
    """
    if not privacy or is_masked(text):
        return text
    if privacy == "id_number":
        return mask_id_number(text)
    try:
        return mask_phone(inputs.phone(text))
    except Refused:
        number = re.sub(r"[\s-]", "", text)
    if _ID_NUMBER.fullmatch(number):
        return mask_id_number(number)
    if privacy == "phone" and any(char.isdigit() for char in text):
        return f"****{re.sub(r'[^0-9]', '', text)[-2:]}"
    return text


def mask_within(text: str) -> str:
    """A text in which somebody's telephone or identity number stands, with the number masked."""
    return _NUMBERS.sub(
        lambda found: mask_id_number(found[0]) if len(found[0]) > 11 else mask_phone(found[0]), text
    )


def is_masked(text: str) -> bool:
    """Whether the whole text is a number with its middle hidden."""
    return bool(_MASKED.fullmatch(text.strip()))
