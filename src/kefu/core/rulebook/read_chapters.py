"""Posts, calendars, forms, grades, reactions and clauses from their entries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from kefu.core.errors import Refused
from kefu.core.rulebook import scalars, words
from kefu.core.rulebook.entries import (
    Entry,
    Reading,
    check_name,
    flag,
    items,
    mapping,
    one_of,
    reason,
    some_of,
    word,
    words_of,
)
from kefu.core.rulebook.expressions import Special
from kefu.core.rulebook.mistakes import Wrong, wrong
from kefu.core.rulebook.model import (
    Clause,
    Computed,
    Field,
    Form,
    Grades,
    Layout,
    Level,
    Post,
    Reaction,
    Register,
    Text,
)
from kefu.core.rulebook.read_matcher import effect, matcher, needs, whos
from kefu.core.rulebook.read_work import rule
from kefu.core.rulebook.yaml_text import Node
from kefu.core.worktime import Amount, Calendar, Unit, WeeklyHours, parse_day_hours, parse_hours


def post(reading: Reading, name: str, node: Node) -> Post:
    entry = Entry(reading, node, "post")
    parts = rule(entry, name)
    return Post(
        **parts,
        code=entry.get("code", word, ""),
        headcount=entry.get("headcount", scalars.whole_number, None),
        reports_to=entry.get("reports_to", lambda inner: scalars.post(reading, inner), None),
        stands_in=entry.each("stands_in", lambda inner: scalars.post(reading, inner)),
        leads=entry.get("leads", word, None),
        sees=entry.get("sees", one_of(words.SCOPES), "own"),  # type: ignore[arg-type]  # one of the scopes
        may=entry.get("may", some_of(words.RIGHTS), ()),
        profile=entry.get("profile", word, ""),
        needs=needs(reading, entry, name, parts["title"]),
    )


def calendar(reading: Reading, name: str, node: Node) -> Calendar:
    """Raises Wrong where the calendar as a whole does not hold."""
    before = len(reading.mistakes)
    entry = Entry(reading, node, "calendar")
    hours: dict[str, WeeklyHours] = entry.named("hours", lambda _, inner: _hours(inner))
    for key in ("zone", "hours"):
        if key not in entry:
            raise wrong("key_missing", node.mark, name=key)
    zone = entry.get("zone", word, "UTC")
    holidays = entry.get("holidays", one_of(("china", "none")), "china")
    working_day = entry.get("working_day", scalars.amount, Amount(Decimal(8), Unit.HOURS))
    at_once = entry.get("at_once", scalars.amount, None)
    overrides = entry.get("overrides", _overrides, {})
    named_days = entry.get("named_days", _named_days, {})
    holiday = entry.get("holiday", one_of(tuple(words.HOLIDAY_RULES)), "forward")
    if len(reading.mistakes) > before:  # the parts are wrong: nothing is to be said about the whole
        raise Wrong(reading.mistakes.pop())
    try:
        return Calendar(
            name=name,
            zone=zone,
            hours=hours,
            holidays=holidays,  # type: ignore[arg-type]  # one of both
            working_day=working_day,
            at_once=at_once,
            overrides=overrides,
            named_days=named_days,
            holiday=holiday,  # type: ignore[arg-type]  # one of the rules
        )
    except Refused as error:
        raise reason(error, node.mark, "calendar_wrong", name) from error


def _hours(node: Node) -> WeeklyHours:
    value = word(node)
    try:
        return parse_hours(value)
    except Refused as error:
        raise reason(error, node.mark, "hours_form", value) from error


def _overrides(node: Node) -> dict[date, tuple[tuple[int, int], ...]]:
    found = {}
    for key, inner in mapping(node).items():
        value = word(inner)
        try:
            found[scalars.day(Node(key, inner.mark))] = parse_day_hours(value)
        except Refused as error:
            raise reason(error, inner.mark, "hours_form", value) from error
    return found


def _named_days(node: Node) -> dict[str, date]:
    return {name: scalars.day(inner) for name, inner in mapping(node).items()}


def form(reading: Reading, name: str, node: Node) -> Form:
    entry = Entry(reading, node, "form")
    if "fields" not in entry:
        raise wrong("key_missing", node.mark, name="fields")
    return Form(
        **rule(entry, name),
        fields=entry.named("fields", lambda field, inner: _field(reading, field, inner)),
        layout=entry.get("layout", lambda inner: _layout(reading, inner), Layout()),
        keep=entry.get("keep", _keep, None),
    )


def _layout(reading: Reading, node: Node) -> Layout:
    entry = Entry(reading, node, "layout")
    return Layout(
        page=entry.get("page", one_of(words.PAGES), "portrait"),  # type: ignore[arg-type]  # one of the pages
        rows=entry.each("rows", words_of),
    )


def _keep(node: Node) -> Amount | Literal["forever"]:
    if node.value == "forever":
        return "forever"
    found = scalars.amount(node)
    if found.unit not in (Unit.DAYS, Unit.MONTHS):
        raise wrong("keep_form", node.mark, allowed=("36 months", "forever"), value=str(found))
    return found


def _computed(node: Node) -> Computed:
    """`{sum: [path, …]}`: one word of the closed list and the paths it is worked out from."""
    keys = mapping(node)
    if len(keys) != 1 or not set(keys) <= set(words.COMPUTED):
        raise wrong("computed_form", node.mark, allowed=tuple(words.COMPUTED))
    ((how, of),) = keys.items()
    return Computed(how, tuple(scalars.path(word(item), item.mark) for item in items(of)))  # type: ignore[arg-type]  # one of the words


def _field(reading: Reading, name: str, node: Node) -> Field:
    entry = Entry(reading, node, "field")
    found = Field(
        **rule(entry, name),
        type=entry.need("type", one_of(words.FIELD_TYPES), "text"),  # type: ignore[arg-type]  # one of the types
        options=entry.get("options", _options, {}),
        of=entry.get("of", word, ""),
        required=entry.get("required", flag, False),
        many=entry.get("many", flag, False),
        unit=entry.get("unit", word, ""),
        points=entry.get("points", scalars.number, None),
        fields=entry.named("fields", lambda inner, body: _field(reading, inner, body)),
        privacy=entry.get("privacy", one_of(words.PRIVACY), ""),
        to_customer=entry.get("to_customer", scalars.text, None),
        prefill=entry.get("prefill", lambda inner: scalars.path(word(inner), inner.mark), ""),
        computed=entry.get("computed", _computed, None),
    )
    if found.type == "choice" and not found.options:
        raise wrong("options_missing", node.mark)
    if found.type != "choice" and found.options:
        raise wrong("options_unwanted", node.mark)
    if found.type == "rows" and not found.fields:
        raise wrong("fields_missing", node.mark)
    if found.type == "record" and not found.of:
        raise wrong("record_of_missing", node.mark)
    return found


def _options(node: Node) -> dict[str, Text]:
    found = {}
    for name, inner in mapping(node).items():
        check_name(name, inner.mark)
        if name in (Special.ANY, Special.NONE, Special.TO_BE_SET):
            raise wrong(
                "word_twofold", inner.mark, name=name, first="an option 选项", second="a special value 特殊值"
            )
        found[name] = scalars.text(inner)
    return found


def grades(reading: Reading, name: str, node: Node) -> Grades:
    entry = Entry(reading, node, "grades")
    if "levels" not in entry:
        raise wrong("key_missing", node.mark, name="levels")
    return Grades(
        **rule(entry, name),
        of=entry.need("of", word, ""),
        levels=entry.named("levels", lambda level, inner: _level(reading, level, inner)),
        by=entry.get("by", lambda inner: whos(reading, inner), ()),
    )


def _level(reading: Reading, name: str, node: Node) -> Level:
    return Level(**rule(Entry(reading, node, "level"), name))


def register(reading: Reading, name: str, node: Node) -> Register:
    entry = Entry(reading, node, "register")
    return Register(
        **rule(entry, name),
        of=entry.need("of", words_of, ()),
        where=entry.get("where", lambda inner: matcher(reading, inner), None),
        columns=entry.get("columns", words_of, ()),
        order=entry.get("order", words_of, ()),
        group=entry.get("group", words_of, ()),
        sum=entry.get("sum", words_of, ()),
    )


def reaction(reading: Reading, name: str, node: Node) -> Reaction:
    entry = Entry(reading, node, "reaction")
    for key in ("after", "do"):
        if key not in entry:
            raise wrong("key_missing", node.mark, name=key)
    return Reaction(
        **rule(entry, name, titled=False),
        after=entry.get("after", scalars.event, ""),
        do=entry.each("do", lambda inner: effect(reading, inner)),
    )


def clause(reading: Reading, name: str, node: Node) -> Clause:
    entry = Entry(reading, node, "clause")
    nothing = Text("", "")
    return Clause(
        id=name,
        chapter=entry.need("chapter", scalars.text, nothing),
        statement=entry.need("statement", scalars.text, nothing),
        reading=entry.get("reading", scalars.text, None),
        requirements=entry.get("requirement", words_of, ()),
        code=entry.get("code", words_of, ()),
        tests=entry.get("tests", words_of, ()),
        mark=entry.mark,
    )


def clauses(reading: Reading, node: Node) -> dict[str, Clause]:
    """Clause ids are dotted (`complaint.response`), so they are not checked as names of rules."""
    found: dict[str, Clause] = {}
    for name, inner in mapping(node).items():
        try:
            found[name] = clause(reading, name, inner)
        except Wrong as error:
            reading.mistakes.append(error.mistake)
    return found
