"""What a new document starts with: facts that are on record already are not typed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from kefu.core import masks
from kefu.core.rulebook.model import Facts, Field, Ref, Rulebook
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.core.worktime import day_of, period_bounds
from kefu.documents import filling
from kefu.documents.records import facts_of, work_of
from kefu.staff.models import Department, Person

DEEPEST = 4  # a form for a task for a case


def prefilled(
    kind: str,
    rulebook: Rulebook,
    *,
    origin: Ref | None,
    author: Person,
    department: Department,
    at: datetime,
    typed: Mapping[str, object] | None = None,
    told: Facts | None = None,
) -> dict[str, object]:
    """Raw values of the fields that say where they are known from, as far as they are.

    typed: what was filled in already: a customer named there is known too. told: facts of the work itself that nobody
    fills in (`each`, `period`).
    """
    fields = fields_of(rulebook.kinds[kind])
    asked = {name: field for name, field in fields.items() if field.prefill}
    if not asked:
        return {}
    here = {
        "author": author.ref,
        "owner": author.ref,
        "department": Ref("unit", str(department.pk)),
        "opened": at,
        "period.before": _period_before(rulebook, kind, told or {}),
    }
    sources = [_records(fields, typed or {}), told or {}, *_sources(origin)]
    found: dict[str, object] = {}
    for name, field in asked.items():
        fact = found[name] = _fact(field, here, sources)
        if isinstance(fact, Ref):  # a customer that was just found is asked for the telephone
            sources[0] = {name: fact, **sources[0]}
    names = filling.names_of(found.values())
    zone = rulebook.calendar.zone
    return {
        name: value
        for name, fact in found.items()
        if fact is not None and (value := _as_value(asked[name], fact, rulebook, names, zone)) is not None
    }


def laid_over(
    fields: Mapping[str, Field], known: Mapping[str, object], typed: Mapping[str, object]
) -> dict[str, object]:
    """What was typed over what is known; an empty field and a number that came back masked leave what is known."""

    def left(name: str, value: object) -> bool:
        if name not in known:
            return False
        masked = isinstance(value, str) and name in fields and masks.is_masked(value)
        return value in ("", None, []) or (
            masked and value == masks.mask(str(known[name]), fields[name].privacy)
        )

    return {**known, **{name: value for name, value in typed.items() if not left(name, value)}}


def _records(fields: Mapping[str, Field], typed: Mapping[str, object]) -> Facts:
    return {
        name: value if isinstance(value, Ref) else Ref(fields[name].of, str(value))
        for name, value in typed.items()
        if value and name in fields and fields[name].type == "record" and not fields[name].many
    }


def _sources(origin: Ref | None) -> list[Facts]:
    """The facts of what it is filled in for, of what that was opened for or is owed for, and so on. Work is named by
    its kind, as fields of forms name it."""
    found: list[Facts] = []
    for _ in range(DEEPEST):
        if origin is None:
            break
        work = work_of(origin)
        name = work.kind if work is not None else origin.kind
        facts = work.facts() if work is not None else facts_of(origin)
        found.append({name: Ref(name, origin.id), **facts})
        origin = _behind(work) if work is not None else None
    return found


def _behind(work: Work) -> Ref | None:
    if work.parent_kind:
        return Ref(work.parent_kind, str(work.parent_id))
    each = work.facts().get("each")
    return each if isinstance(each, Ref) else None


def _fact(field: Field, here: Facts, sources: list[Facts]) -> object:
    """The fact at the field's path: of this document, of its origin (the nearest that knows it), of a record that one
    names. Where a work is asked for and none is named there, the nearest of its kind that it is filled in for."""
    found = _at(field.prefill, here, sources)
    wanted = isinstance(found, Ref) and found.kind == field.of
    if field.type == "record" and not wanted and field.prefill.partition(".")[0] in ("origin", "each"):
        return _nearest(field.of, sources) or found
    return found


def _period_before(rulebook: Rulebook, kind: str, told: Facts) -> tuple[datetime, datetime] | None:
    """The period before the one that a duty is owed for: of what a report tells that falls due at its start."""
    every, span = rulebook.kinds[kind].every, told.get("period")
    if every is None or not isinstance(span, tuple):
        return None
    last = day_of(rulebook.calendar, span[0]) - timedelta(days=1)
    found = period_bounds(rulebook.calendar, every.period, last)
    return found.start, found.end


def _at(path: str, here: Facts, sources: list[Facts]) -> object:
    if path in here:
        return here[path]
    first, _, second = path.partition(".")
    if not second:
        return _nearest(first, sources)
    if first == "origin":
        return _nearest(second, sources)
    record = _nearest(first, sources)
    return facts_of(record).get(second) if isinstance(record, Ref) else None


def _nearest(name: str, sources: list[Facts]) -> object:
    return next((facts[name] for facts in sources if facts.get(name) is not None), None)


def _as_value(
    field: Field, fact: object, rulebook: Rulebook, names: Mapping[Ref, str], zone: str
) -> object | None:
    """The fact as a value of the field; None where it cannot be one."""
    calendar = rulebook.calendar
    match field.type, fact:
        case "record", Ref():
            return fact if fact.kind == field.of else None
        case "number", Decimal():
            return fact
        case "number", list():  # lines are counted
            return len(fact)
        case "instant", datetime():
            return fact
        case "day", datetime():
            return calendar.local(fact).date().isoformat()
        case "day", date():
            return fact.isoformat()
        case "span", (datetime(), datetime()):
            return "/".join(one.isoformat() for one in fact)
        case "choice", str():
            return fact if fact in field.options else None
        case "rows", list():
            return [{name: one for name, one in row.items() if name in field.fields} for row in fact]
        case "text" | "signature", _:
            return filling.in_words(None, fact, lang="zh", zone=zone, names=names)
    return None
