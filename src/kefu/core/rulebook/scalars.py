"""The typed texts of the vocabulary: numbers, dates, durations, instants, who-expressions, paths, events."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from kefu.core.errors import Refused
from kefu.core.rulebook import words
from kefu.core.rulebook.entries import Reading, mapping, reason, word
from kefu.core.rulebook.expressions import Bound, Instant, Mark, Share, Special, Who
from kefu.core.rulebook.mistakes import wrong
from kefu.core.rulebook.model import Text
from kefu.core.rulebook.yaml_text import Node
from kefu.core.worktime import Amount, Period, Recurrence, Unit, parse_amount

MOST_STEPS_UP: Final = 8  # of `leader of leader of …`; a longer line is hostile text, not a manual
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%")
_AMOUNT = re.compile(r"\d\S* (minutes?|hours?|days?|months?|weeks?|years?|working (hours?|days?))")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?|registers(\.[a-z][a-z0-9_]*){2}")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_EVENT = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
_NUMBER_PATTERN = re.compile(r"[A-Z0-9-]*(\{yyyymmdd\}|\{yyyymm\}|\{yyyy\})?[A-Z0-9-]*\{seq:[1-9]\}")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_MONTH: Final = 31
RECURRENCES: Final = (
    "week on friday",
    "month on day 22",
    "month on last day",
    "month on friday on or before day 25",
)
_RECURRENCE: Final = re.compile(
    rf"(?P<period>{'|'.join(sorted(words.PERIODS, key=len, reverse=True))})"
    rf"(?: on (?:(?P<weekday>{'|'.join(WEEKDAYS)})(?: on or before day (?P<before>\d{{1,2}}))?"
    r"|day (?P<on>\d{1,2})|(?P<last>last day)))?"
    r"(?: at (?P<at>\d\d:\d\d))?"
)
_PERIOD_LENGTHS: Final = {
    "week": Amount(Decimal(7), Unit.DAYS),
    "month": Amount(Decimal(1), Unit.MONTHS),
    "quarter": Amount(Decimal(3), Unit.MONTHS),
    "half year": Amount(Decimal(6), Unit.MONTHS),
    "year": Amount(Decimal(12), Unit.MONTHS),
}
_INSTANT: Final = re.compile(
    r"(?:(?P<amount>.+?) (?P<side>before|after) )?"
    r"(?:(?P<edge>start of|end of) )?"
    rf"(?P<anchor>{'|'.join(sorted(words.PERIODS, key=len, reverse=True))}|[a-z][a-z0-9_]*(?:\.[a-z_0-9]+)?)"
    r"(?: at (?P<at>\d\d:\d\d))?"
)


def text(node: Node) -> Text:
    """`{zh, en}`, both filled."""
    keys = mapping(node) if isinstance(node.value, dict) else {}
    if set(keys) != {"zh", "en"}:
        raise wrong("text_both_languages", node.mark, allowed=("{zh: …, en: …}",))
    return Text(word(keys["zh"]), word(keys["en"]))


def number(node: Node) -> Decimal:
    value = word(node)
    if not _NUMBER.fullmatch(value):
        raise wrong("number_form", node.mark, value=value)
    return Decimal(value)


def whole_number(node: Node) -> int:
    value = word(node)
    if not value.isascii() or not value.isdigit() or not int(value[:9]) > 0 or len(value) > 9:
        raise wrong("whole_number_form", node.mark, value=value)
    return int(value)


def bound(node: Node) -> Decimal | Special:
    """A number, or `to_be_set`."""
    return Special.TO_BE_SET if node.value == Special.TO_BE_SET else number(node)


def bound_of_count(node: Node) -> Bound:
    """A number, a share of all, `80%`, or `to_be_set`."""
    part = share(node.value) if isinstance(node.value, str) else None
    return bound(node) if part is None else Share(part)


def day(node: Node) -> date:
    value = word(node)
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass  # said below with the place
    raise wrong("day_form", node.mark, value=value)


def moment(node: Node) -> str:
    """A local time as written, `2026-09-24T16:00` or `…T24:00`, checked and kept as text."""
    value = word(node)
    found = _MOMENT.fullmatch(value)
    try:
        if found:
            date.fromisoformat(found[1])
            if found[2] != "24:00":
                time.fromisoformat(found[2])
            return value
    except ValueError:
        pass  # said below with the place
    raise wrong("moment_form", node.mark, value=value)


def share(value: str) -> Decimal | None:
    """`75%` -> 0.75, anything else None."""
    found = _SHARE.fullmatch(value)
    return Decimal(found[1]) / 100 if found else None


def amount(node: Node) -> Amount:
    value = word(node)
    try:
        return parse_amount(value)
    except Refused as error:
        raise reason(error, node.mark, "duration_form", value) from error


def looks_like_amount(value: str) -> bool:
    return value == "at_once" or bool(_AMOUNT.fullmatch(value)) or bool(re.match(r"\d+ ", value))


def instant(node: Node) -> Instant:
    """`[duration before|after] [start of|end of] anchor [at HH:MM]`."""
    value = word(node)
    found = _INSTANT.fullmatch(value)
    if not found:
        raise wrong("instant_form", node.mark, value=value)
    at = found["at"]
    end_of_day = at == "24:00"
    try:
        clock = time.fromisoformat(at) if at and not end_of_day else None
    except ValueError as error:
        raise wrong("instant_form", node.mark, value=value) from error
    return Instant(
        anchor=found["anchor"],
        edge=found["edge"] or "",  # type: ignore[arg-type]  # the pattern allows these words only
        amount=amount(Node(found["amount"], node.mark)) if found["amount"] else None,
        side=found["side"] or "",  # type: ignore[arg-type]  # the pattern allows these words only
        at=clock,
        end_of_day=end_of_day,
    )


def due(node: Node) -> Amount | Instant | Special:
    """A duration, an instant, or `to_be_set`."""
    value = word(node)
    if value == Special.TO_BE_SET:
        return Special.TO_BE_SET
    if re.search(r" (before|after) ", value) or not looks_like_amount(value):
        return instant(node)
    return amount(node)


def recurrence(node: Node) -> Recurrence:
    """`PERIOD [on WEEKDAY | on day N | on last day | on WEEKDAY on or before day N] [at HH:MM]`."""
    value = word(node)
    found = _RECURRENCE.fullmatch(value)
    if not found:
        raise wrong("recurrence_form", node.mark, allowed=RECURRENCES, value=value)
    period, weekday, day_, at = (
        Period(found["period"]),
        found["weekday"],
        found["before"] or found["on"],
        found["at"],
    )
    try:
        clock = time.fromisoformat(at) if at and at != "24:00" else None
    except ValueError as error:
        raise wrong("recurrence_form", node.mark, allowed=RECURRENCES, value=value) from error
    _fitting(period, weekday, int(day_) if day_ else None, value, node.mark)
    return Recurrence(
        period,
        WEEKDAYS.index(weekday) if weekday else None,
        int(day_) if day_ else None,
        bool(found["last"]),
        clock,
    )


def _fitting(period: Period, weekday: str | None, day_: int | None, value: str, mark: Mark) -> None:
    """A weekday alone belongs to a week, a day of the month to a month or more, nothing to a single day."""
    alone = weekday is not None and day_ is None
    if period in (Period.DAY, Period.WORKING_DAY) and (weekday or day_ or " on last day" in value):
        raise wrong("recurrence_day", mark, value=value)
    if (period is Period.WEEK) != alone and (alone or day_ is not None):
        raise wrong("recurrence_day", mark, value=value)
    if day_ is not None and not 1 <= day_ <= LONGEST_MONTH:
        raise wrong("recurrence_day", mark, value=value)


def stage_length(node: Node) -> Amount:
    """A duration in days or months, or a period: `7 days`, `month`, `quarter`."""
    value = word(node)
    if value in _PERIOD_LENGTHS:
        return _PERIOD_LENGTHS[value]
    found = amount(node)
    if found.unit not in (Unit.DAYS, Unit.MONTHS):
        raise wrong("stage_length", node.mark, allowed=("7 days", *_PERIOD_LENGTHS), value=value)
    return found


def path(value: str, mark: Mark) -> str:
    if not _PATH.fullmatch(value):
        raise wrong("path_form", mark, value=value)
    return value


def event(node: Node) -> str:
    value = word(node)
    if not _EVENT.fullmatch(value):
        raise wrong("event_form", node.mark, value=value)
    return value


def number_pattern(node: Node) -> str:
    value = word(node)
    if not _NUMBER_PATTERN.fullmatch(value):
        raise wrong("number_pattern", node.mark, allowed=("TS{yyyymmdd}-{seq:4}",), value=value)
    return value


def who(reading: Reading, node: Node) -> Who:
    return _who(reading, word(node), node.mark)


def is_who_phrase(value: str) -> bool:
    """True for who-expressions of more than one word, which nothing else looks like."""
    return value.startswith(("leader of ", "team of ", "line of ", "on duty "))


def _who(reading: Reading, value: str, mark: Mark) -> Who:
    """Read a who-expression; a word that is both a post and a field is refused, not guessed."""
    if value.count(" of ") >= MOST_STEPS_UP:
        raise wrong("who_form", mark, allowed=tuple(words.WHO), value=value)
    if value in ("anyone", "customer"):
        return Who(value)  # type: ignore[arg-type]  # one of the words
    for word_ in ("leader of", "team of"):
        if value.startswith(f"{word_} "):
            return Who(word_, of=_who(reading, value.removeprefix(f"{word_} "), mark))
    if value.startswith("line of ") and " to " in value:
        inner, _, top = value.removeprefix("line of ").rpartition(" to ")
        return Who("line of", _post(reading, top, mark), _who(reading, inner, mark))
    if value.startswith("on duty "):
        return Who("on duty", _post(reading, value.removeprefix("on duty "), mark))
    if not _WORD.fullmatch(value):
        raise wrong("who_form", mark, allowed=tuple(words.WHO), value=value)
    if value in reading.posts:
        if value in reading.people:
            raise wrong("word_twofold", mark, name=value, first="a post 岗位", second="a field 字段")
        return Who("post", value)
    if value in reading.people:
        return Who("field", value)
    raise wrong("post_unknown", mark, allowed=sorted(reading.posts | reading.people), name=value)


def post(reading: Reading, node: Node) -> str:
    """The name of a post that there is."""
    return _post(reading, word(node), node.mark)


def _post(reading: Reading, name: str, mark: Mark) -> str:
    if name not in reading.posts:
        raise wrong("post_unknown", mark, allowed=sorted(reading.posts), name=name)
    return name


def local(value: str) -> datetime:
    """Return the naive local time of a checked `moment`; 24:00 is midnight of the day after."""
    if value.endswith("T24:00"):
        return datetime.fromisoformat(value.removesuffix("T24:00")) + timedelta(days=1)
    return datetime.fromisoformat(value)
