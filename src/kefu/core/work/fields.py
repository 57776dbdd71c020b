"""What people type, read into typed values by the form of the rulebook.

Every wrong value is named at once: `Refused("form.invalid")` carries `errors`, a list of
{field, code, zh, en}; nothing is stored then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from kefu.core import inputs, masks
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Field, Kind, Ref, Text
from kefu.core.work.computing import follow

LONGEST_TEXT = 20_000  # characters; a longer text belongs into a file
LONGEST_SIGNATURE = 80
MOST_LINES = 100  # of a field of rows; a longer list belongs into a file
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－：／", "0123456789.-:/")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Wrong(Exception):
    """One value that cannot be read: a code and the sentence in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def fields_of(kind: Kind) -> Mapping[str, Field]:
    """What can be filled in on work of `kind`: the fields of its form, and its grade as a choice."""
    grades = kind.grades
    if grades is None or grades.name in kind.form.fields:
        return kind.form.fields
    levels = {name: level.title for name, level in grades.levels.items()}
    grade = Field(name=grades.name, title=grades.title, clauses=grades.clauses, type="choice", options=levels)
    return {**kind.form.fields, grades.name: grade}


def required_of(kind: Kind) -> list[str]:
    """The fields of its form that somebody has to fill in."""
    return [name for name, field in fields_of(kind).items() if field.required and field.computed is None]


def read_values(
    fields: Mapping[str, Field],
    raw: Mapping[str, object],
    *,
    zone: str,
    stored: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Read `raw` (strings from a page, JSON from the API, cells of a sheet) by `fields`.

    stored: the values so far; a masked number that comes back as it was shown means that the stored one stays.

    zone: that of local times without an offset. Empty strings and None clear a field (value None). Fields that follow
    from others come computed.
    Raises Refused "form.invalid"; an unknown field is an error, never dropped.
    """
    values: dict[str, object] = {}
    errors: list[dict[str, str]] = []
    for name, given in raw.items():
        field = fields.get(name)
        try:
            if field is None:
                allowed = "、".join(fields)
                raise Wrong(
                    "field.unknown", f"没有这个字段；可用：{allowed}", f"unknown field; allowed: {allowed}"
                )
            values[name] = read_value(field, _unmasked(field, given, (stored or {}).get(name)), zone=zone)
        except Wrong as wrong:
            title = field.title if field else None
            errors.append(_said(name, title, wrong))
    if not errors:
        followed, errors = _followed(fields, values, stored or {})
        values |= followed
    if errors:
        raise Refused(
            "form.invalid",
            zh="；".join(error["zh"] for error in errors),
            en="; ".join(error["en"] for error in errors),
            errors=errors,
        )
    return values


def _followed(
    fields: Mapping[str, Field], typed: Mapping[str, object], stored: Mapping[str, object]
) -> tuple[dict[str, object], list[dict[str, str]]]:
    """What follows from `typed` over `stored`, as far as it is new; and what was typed that contradicts it."""
    known = {**stored, **typed}
    found, errors = follow(fields, known), []
    for name, value in typed.items():
        try:
            if fields[name].type == "rows":
                _require_lines_agree(fields[name], value, found[name])
            elif value != stored.get(name):  # a total as it was shown: nobody typed it
                _require_agrees(value, found[name])
        except Wrong as wrong:
            errors.append(_said(name, fields[name].title, wrong))
    new = {name: value for name, value in found.items() if name in typed or value != stored.get(name)}
    return new, errors


def _require_lines_agree(field: Field, typed: object, found: object) -> None:
    wrongs = []
    if isinstance(typed, list) and isinstance(found, list):
        for number, (line, lawful) in enumerate(zip(typed, found, strict=True), start=1):
            for name, value in line.items():
                try:
                    _require_agrees(value, lawful[name])
                except Wrong as wrong:
                    title = field.fields[name].title
                    zh, en = (
                        f"第 {number} 行，{title.zh}：{wrong.zh}",
                        f"row {number}, {title.en}: {wrong.en}",
                    )
                    wrongs.append(Wrong(wrong.code, zh, en))
    if wrongs:
        raise _together(wrongs)


def _said(name: str, title: Text | None, wrong: Wrong) -> dict[str, str]:
    return {
        "field": name,
        "code": wrong.code,
        "zh": f"{title.zh if title else name}：{wrong.zh}",
        "en": f"{title.en if title else name}: {wrong.en}",
    }


def _require_agrees(typed: object, found: object) -> None:
    """What was typed must be what follows from the other fields. Raises Wrong naming both."""
    if typed is None or typed == found:
        return
    told = f"{found.normalize():f}" if isinstance(found, Decimal) else ""
    raise Wrong(
        "field.contradicts",
        f"填写的是 {typed}，按其他栏目算出的是 {told or '空'}；请核对各栏，或留空由系统计算",
        f"it says {typed}, while the other fields make {told or 'nothing'}; check them, or leave it empty",
    )


def read_value(field: Field, given: object, *, zone: str) -> object:
    """Read one value. Raises Wrong."""
    if given is None or given == "" or given == []:
        return None
    if field.type == "rows":
        return _rows(field, given, zone=zone)
    if field.many:
        if not isinstance(given, list | tuple):
            given = [given]
        return [_single(field, one, zone=zone) for one in given]
    return _single(field, given, zone=zone)


def _unmasked(field: Field, given: object, stored: object) -> object:
    """What was typed; the stored value where its own mask came back."""
    if isinstance(given, list) and isinstance(stored, list):
        parts = [*stored, *([None] * (len(given) - len(stored)))]
        return [_unmasked(field, one, part) for one, part in zip(given, parts, strict=False)]
    if isinstance(given, Mapping) and isinstance(stored, Mapping):
        return {
            name: _unmasked(field.fields[name], one, stored.get(name)) if name in field.fields else one
            for name, one in given.items()
        }
    if isinstance(given, str) and isinstance(stored, str) and masks.is_masked(given):
        return stored if given.strip() == masks.mask(stored, field.privacy) else given
    return given


def _single(field: Field, given: object, *, zone: str) -> object:
    if field.type in ("record", "file") and isinstance(given, Ref):
        return given
    if isinstance(given, datetime) and field.type == "instant":
        return _aware(given, zone)
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal | date):
        raise Wrong("field.type", "类型不对", "wrong type of value")
    text = str(given).strip()
    return _READERS[field.type](field, text, zone)


def _text(field: Field, text: str, zone: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Wrong(
            "field.too_long",
            f"太长：{len(text)} 字，最多 {LONGEST_TEXT} 字；较长内容请作为附件",
            f"too long: {len(text)} characters, at most {LONGEST_TEXT}; attach longer texts as a file",
        )
    if masks.is_masked(text):
        raise Wrong(
            "field.masked",
            f"「{text[:40]}」是隐去部分数字的号码，请填写完整号码",
            f"“{text[:40]}” is a number with its middle hidden; write it in full",
        )
    if field.privacy == "phone" and any(char.isdigit() for char in text):
        _require_digits(text)
    return _CONTROL.sub("", text)


def _require_digits(text: str) -> None:
    """Numbers without an area code and inner ones are taken as they are; a letter among digits is a slip."""
    try:
        inputs.phone(text)
    except Refused as refused:
        if refused.code == "phone.letters":
            raise Wrong(refused.code, refused.zh.rstrip("。"), refused.en.rstrip(".")) from None


def _number(field: Field, text: str, zone: str) -> Decimal:
    try:
        number = Decimal(text.translate(_FULL_WIDTH))
    except InvalidOperation:
        raise Wrong("field.number", f"「{text[:40]}」不是数字", f"“{text[:40]}” is not a number") from None
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise Wrong("field.number", "数字超出范围", "the number is out of range")
    if field.points is not None and not 0 <= number <= field.points:
        raise Wrong(
            "field.points", f"应在 0 到 {field.points} 之间", f"must lie between 0 and {field.points}"
        )
    return number


def _choice(field: Field, text: str, zone: str) -> str:
    if text not in field.options:
        allowed_zh = "、".join(option.zh for option in field.options.values())
        raise Wrong(
            "field.choice",
            f"「{text[:40]}」不在选项内；可选：{allowed_zh}",
            f"“{text[:40]}” is not an option; allowed: {', '.join(field.options)}",
        )
    return text


def _day(field: Field, text: str, zone: str) -> date:
    try:
        return date.fromisoformat(text.translate(_FULL_WIDTH).replace("/", "-"))
    except ValueError:
        raise Wrong(
            "field.day",
            f"「{text[:40]}」不是日期（例：2026-02-28）",
            f"“{text[:40]}” is not a day (write 2026-02-28)",
        ) from None


def _instant(field: Field, text: str, zone: str) -> datetime:
    try:
        return _aware(datetime.fromisoformat(text.translate(_FULL_WIDTH).replace("/", "-")), zone)
    except ValueError:
        raise Wrong(
            "field.instant",
            f"「{text[:40]}」不是时间（例：2026-02-28 14:30）",
            f"“{text[:40]}” is not a time (write 2026-02-28 14:30)",
        ) from None


def _aware(moment: datetime, zone: str) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _span(field: Field, text: str, zone: str) -> tuple[datetime, datetime]:
    start, _, end = (part.strip() for part in text.partition("/"))
    if not start or not end:
        zh, en = ("开始", "beginning") if not start else ("结束", "end")
        raise Wrong("field.span", f"请填写{zh}时间", f"please fill in its {en}")
    span = _instant(field, start, zone), _instant(field, end, zone)
    if span[1] < span[0]:
        raise Wrong("field.span", "结束早于开始", "it ends before it starts")
    return span


def _record(field: Field, text: str, zone: str) -> Ref:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text):
        raise Wrong("field.record", f"「{text[:40]}」不是编号", f"“{text[:40]}” is not an id")
    return Ref(field.of or field.type, text)


def _signature(field: Field, text: str, zone: str) -> str:
    """The name of who signs. Who was signed in when it was given stands in the ledger."""
    if len(text) > LONGEST_SIGNATURE:
        raise Wrong("field.too_long", "签名太长，请只写姓名", "too long for a signature; write the name only")
    return _CONTROL.sub("", text)


_READERS: Mapping[str, Any] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "day": _day,
    "instant": _instant,
    "span": _span,
    "record": _record,
    "file": _record,
    "signature": _signature,
}


def _rows(field: Field, given: object, *, zone: str) -> list[dict[str, object]] | None:
    """Lines in which something stands; every wrong cell is named by its line and column."""
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise Wrong("field.rows", "应为若干行", "must be a list of rows")
    if len(given) > MOST_LINES:
        raise Wrong(
            "field.too_many",
            f"共 {len(given)} 行，最多 {MOST_LINES} 行；更长的清单请作为附件",
            f"{len(given)} rows, at most {MOST_LINES}; attach a longer list as a file",
        )
    read, wrongs = [], []
    for number, row in enumerate(given, start=1):
        try:
            line = _line(field.fields, row, zone=zone)
        except Wrong as wrong:
            wrongs.append(Wrong(wrong.code, f"第 {number} 行，{wrong.zh}", f"row {number}, {wrong.en}"))
            continue
        if line:
            read.append(line)
    if wrongs:
        raise _together(wrongs)
    return read or None


def _line(columns: Mapping[str, Field], row: Mapping[str, object], *, zone: str) -> dict[str, object]:
    """One line of a field of rows, {} when nothing stands in it."""
    wrongs = [
        Wrong("field.unknown", f"没有「{name}」这一列", f"there is no column “{name}”")
        for name in row
        if name not in columns
    ]
    line: dict[str, object] = {}
    for name, column in columns.items():
        try:
            line[name] = read_value(column, row.get(name), zone=zone)
        except Wrong as wrong:
            said = f"{column.title.zh}：{wrong.zh}", f"{column.title.en}: {wrong.en}"
            wrongs.append(Wrong(wrong.code, *said))
    if not wrongs and all(value is None for value in line.values()):
        return {}
    wrongs += [
        Wrong("field.missing", f"{column.title.zh}：请填写", f"{column.title.en}: please fill this in")
        for name, column in columns.items()
        if column.required and column.computed is None and name in line and line[name] is None
    ]
    if wrongs:
        raise _together(wrongs)
    return line


def _together(wrongs: list[Wrong]) -> Wrong:
    """Several slips of one field said at once, under the code of the first."""
    zh, en = "；".join(one.zh for one in wrongs), "; ".join(one.en for one in wrongs)
    return Wrong(wrongs[0].code, zh, en)
