"""What people type about people, brought into one spelling or refused: lines, phone numbers, mail
addresses, ids.

Pure. Used wherever such a value comes in (staff, customers, channels), so that equal things are found equal.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kefu.core.errors import Refused

REGION = "CN"  # of numbers written without a country code

# Control characters break exports and mail headers; bidirectional marks make one name look like another.
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # half characters come out of JSON escapes
_SPACES = re.compile(r"\s+")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def line(text: str, what: str, *, longest: int, required: bool = True) -> str:
    """One line without control or invisible characters, inner blanks single; other characters as typed.

    what: the field's name for the refusal, `主题 / subject`. Raises Refused line.missing, line.too_long (longest in
    characters).
    """
    made = _INVISIBLE.sub("", _SPACES.sub(" ", text)).strip()
    if not made and required:
        zh, en = _named(what)
        raise Refused("line.missing", zh=f"请填写「{zh}」。", en=f"Please fill in “{en}”.", field=en)
    if len(made) > longest:
        raise _too_long(made, what, longest)
    return made


def paragraph(text: str, what: str, *, longest: int) -> str:
    """Several lines as typed, without the characters no database keeps; may be empty. Raises line.too_long."""
    made = _UNSTORABLE.sub("", text.replace("\r\n", "\n")).strip()
    if len(made) > longest:
        raise _too_long(made, what, longest)
    return made


def searchable(text: str) -> str:
    """What somebody looks for, safe to ask a database for."""
    return _UNSTORABLE.sub("\ufffd", text)


def phone(text: str) -> str:
    """E.164 (`+8613812345678`, with `;ext=` when an extension is given). Full-width digits and dashes are
    read.

    Raises Refused phone.letters (a letter is a typing mistake, not a vanity number) or phone.not_valid.
    """
    shown = text[:30]
    given = unicodedata.normalize("NFKC", text)
    number, _, extension = re.sub(r"(?i)\s*(?:转|分机|ext\.?|x)\s*", "#", given).partition("#")
    if any(char.isalpha() for char in number + extension):
        raise Refused(
            "phone.letters",
            zh=f"电话「{shown}」中有字母或汉字，请只写数字（例：138 1234 5678、0571-8888 6666 转 12）。",
            en=f"The phone number “{shown}” contains letters; write digits only (0571-8888 6666 ext 12).",
            given=shown,
        )
    try:
        parsed = phonenumbers.parse(number, REGION) if len(given) <= 40 else None
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed) or not re.fullmatch(r"\d{0,6}", extension):
        raise Refused(
            "phone.not_valid",
            zh=f"电话「{shown}」不是有效号码；手机号写 11 位，固定电话写区号，境外号码以 + 开头。",
            en=f"“{shown}” is not a valid phone number; give 11 digits for a mobile, the area code for a"
            " fixed line, + and country code abroad.",
            given=shown,
        )
    canonical = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{canonical};ext={extension}" if extension else canonical


def phone_written(canonical: str) -> str:
    """A number of `phone` as people here write it: `138 1234 5678`, `0571 8888 6666 x12`, `+1
    650-253-0000`."""
    number, _, extension = canonical.partition(";ext=")
    parsed = phonenumbers.parse(number, REGION)
    home = parsed.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form) + (f" x{extension}" if extension else "")


def mail(text: str) -> str:
    """Lower-case address. Raises Refused mail.not_valid."""
    made = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        if len(made) > 254 or _INVISIBLE.search(made):
            raise ValidationError("unusable")
        validate_email(made)
    except ValidationError:
        raise Refused(
            "mail.not_valid",
            zh=f"「{text[:60]}」不是邮箱地址（例：name@example.com）。",
            en=f"“{text[:60]}” is not a mail address (write name@example.com).",
            given=text[:60],
        ) from None
    return made


def id_number(text: str) -> str:
    """A citizen's number of 18 places with right check digit, a unified social credit code, or another
    document of 5 to 30 letters and digits. Upper case. Raises Refused id_number.not_valid."""
    made = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    wrong = not re.fullmatch(r"[0-9A-Z()]{5,30}", made)
    if not wrong and re.fullmatch(r"\d{17}[\dX]", made):
        rest = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, made, strict=False)) % 11
        wrong = "10X98765432"[rest] != made[17]
    if wrong:
        raise Refused(
            "id_number.not_valid",
            zh="证件号码不正确：请核对位数与校验码。",
            en="The id number is not right: check its length and check digit.",
        )
    return made


def _too_long(made: str, what: str, longest: int) -> Refused:
    zh, en = _named(what)
    return Refused(
        "line.too_long",
        zh=f"「{zh}」有 {len(made)} 个字，最多 {longest} 个，请缩短。",
        en=f"“{en}” has {len(made)} characters, at most {longest} are allowed; shorten it.",
        field=en,
        longest=longest,
    )


def _named(what: str) -> tuple[str, str]:
    """A field's name in Chinese and English."""
    zh, _, en = what.partition(" / ")
    return zh, en or zh
