"""The fields of a rulebook's form on a page: what is asked, what was typed, and values in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from kefu.core import masks
from kefu.core.db import among, columns
from kefu.core.errors import Refused
from kefu.core.files.models import StoredFile
from kefu.core.reading import asked_once
from kefu.core.rulebook.model import Clause, Field, Kind, Ref, Rulebook, Text
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import parts, records
from kefu.documents.offered import Choices, Find, looked_up, require_offered
from kefu.staff.models import Person
from kefu.staff.rights import Tree

if TYPE_CHECKING:
    from kefu.documents.grading import Proposal

SHOWN_RECORDS = ("unit", "person")  # other records are named by rules, never by hand


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as a page shows it. `name` is that of its input; `value` what stands in it."""

    field: Field
    name: str
    value: Any
    clause: Clause | None
    error: Text | None
    choices: list[tuple[str, str]]
    proposal: Proposal | None = None  # of a grade: what the rulebook would choose
    watched: tuple[str, ...] = ()  # of a grade: inputs that the proposal asks about
    lines: tuple[list[Asked], ...] = ()  # of rows: the columns, line by line
    drawn: str | None = None  # of a signature: what was drawn and came back, "" for nothing yet


def free_fields(kind: Kind) -> tuple[str, ...]:
    """Fields that no move fills: whoever registers or handles the work may fill them at any time."""
    moved = {name for move in kind.flow.moves.values() for name in move.fill}
    return tuple(
        name for name, field in kind.form.fields.items() if name not in moved and _can_be_typed(field)
    )


@asked_once
def choices_for(department: int) -> Choices:
    """Departments and people that work of `department` may be given to. Two queries."""
    tree, units = Tree(), records.receiving(department)
    return {
        "unit": [(str(pk), tree.by_id[pk].name) for pk in units],
        "person": [(str(pk), name) for pk, name in people_of(units)],
    }


def people_of(units: Collection[int]) -> list[tuple[int, str]]:
    """Everybody of the departments (ids), with the name of the department."""
    tree = Tree()
    where = f"left_at IS NULL AND {among('department_id', units)} ORDER BY department_id, id"
    people = columns(Person, ("id", "name", "department_id"), where, [*units])
    return [(pk, f"{name} · {tree.by_id[unit].name}") for pk, name, unit in people]


def asked(
    rulebook: Rulebook,
    fields: Mapping[str, Field],
    names: Iterable[str],
    *,
    prefix: str,
    values: Mapping[str, object],
    choices: Choices,
    required: Iterable[str] = (),
    tried: QueryDict | None = None,
    refused: Refused | None = None,
    known: Mapping[Ref, str] | None = None,
) -> list[Asked]:
    """The fields `names` with what is on record, or with what was `tried` and why that was refused.

    known: the names of records such as customers, where they are asked for by number; without it they are not asked.
    """
    errors = _errors(refused)
    found = []
    for name in names:
        field = fields[name]
        if not _can_be_typed(field) and (known is None or field.type != "record"):
            continue
        at, stored = f"{prefix}.{name}", values.get(name)
        if tried is None:
            value: Any = _typed(field, stored, rulebook.calendar.zone)
            if known is not None and isinstance(stored, Ref) and not _can_be_typed(field):
                value = known.get(stored, "")
        elif field.type == "span":
            value = parts.ends_typed(tried, at)
        else:
            value = tried.getlist(at) if field.many else tried.get(at, "")
        clause = next((rulebook.clauses[one] for one in field.clauses if one in rulebook.clauses), None)
        found.append(
            Asked(
                _as_shown(replace(field, required=name in required)),
                at,
                value,
                clause,
                errors.get(name),
                list(choices.get(field.of, ())),
                lines=_lines(rulebook, field, at, stored, choices, tried, known)
                if field.type == "rows"
                else (),
                drawn=_drawn(field, at, tried),
            )
        )
    return found


def _drawn(field: Field, at: str, tried: QueryDict | None) -> str | None:
    if field.type != "signature":
        return None
    text = tried.get(f"{at}.drawn", "") if tried is not None else ""
    return text if text.startswith("data:image/png;base64,") else ""


def _lines(
    rulebook: Rulebook,
    field: Field,
    at: str,
    stored: object,
    choices: Choices,
    tried: QueryDict | None,
    known: Mapping[Ref, str] | None,
) -> tuple[list[Asked], ...]:
    """The lines of a field of rows: what is on record or was tried, and room for more."""
    rows = stored if isinstance(stored, list) else []
    columns = [name for name, column in field.fields.items() if column.type not in ("rows", "file")]
    needed = [name for name in columns if field.fields[name].required]
    return tuple(
        [
            replace(one, drawn=None)  # in a line the name signs
            for one in asked(
                rulebook,
                field.fields,
                columns,
                prefix=f"{at}.{n}",
                values=rows[n] if n < len(rows) else {},
                choices=choices,
                required=needed,
                tried=tried,
                known=known,
            )
        ]
        for n in range(parts.lines_shown(tried, at, len(rows)))
    )


def given(
    fields: Mapping[str, Field],
    names: Iterable[str],
    posted: QueryDict,
    *,
    prefix: str,
    choices: Choices,
    find: Find | None = None,
) -> dict[str, object]:
    """What was typed into the fields `names`; fields the form did not have are left out.

    find: looks up records that are asked for by number. Raises Refused form.invalid for a department or person that was
    not offered, and for a record that is not found.
    """
    values: dict[str, object] = {}
    for name in names:
        field, at = fields[name], f"{prefix}.{name}"
        if field.type == "rows":
            if (sent := parts.lines_sent(posted, at)) is not None:
                values[name] = [
                    given(field.fields, field.fields, posted, prefix=f"{at}.{n}", choices=choices, find=find)
                    for n in range(sent)
                ]
            continue
        if field.type == "span":
            if (span := parts.span_sent(posted, at)) is not None:
                values[name] = span
            continue
        if field.type == "file" or at not in posted:
            continue
        value: object = [one for one in posted.getlist(at) if one] if field.many else posted.get(at, "")
        if find is not None and field.type == "record" and not _can_be_typed(field):
            value = looked_up(field, value, find)
        elif field.type == "record" and value:
            require_offered(field, value, choices)
        values[name] = value
    return values


def in_words(field: Field | None, value: object, *, lang: str, zone: str, names: Mapping[Ref, str]) -> str:
    """A value as people read it: titles of options, names of people, local times, numbers of people masked."""
    if isinstance(value, tuple):  # a span
        said = [in_words(field, one, lang=lang, zone=zone, names=names) for one in value]
        return (" 至 " if lang.startswith("zh") else " – ").join(said)
    if field is not None and field.type == "rows" and isinstance(value, list):
        lines = [_line_in_words(field, row, lang=lang, zone=zone, names=names) for row in value]
        return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, start=1))
    if isinstance(value, list):
        return ("、" if lang.startswith("zh") else ", ").join(
            in_words(field, one, lang=lang, zone=zone, names=names) for one in value
        )
    match value:
        case None:
            return "—"
        case datetime():
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Decimal():
            unit = f" {field.unit}" if field is not None and field.unit else ""
            return f"{value.normalize():f}{unit}"
        case Ref():
            return names.get(value, value.id)
    if field is None:
        return str(value)
    option = field.options.get(str(value))
    return option.text(lang) if option is not None else masks.mask(str(value), field.privacy)


def _line_in_words(
    field: Field, row: Mapping[str, object], *, lang: str, zone: str, names: Mapping[Ref, str]
) -> str:
    colon, comma = ("：", "，") if lang.startswith("zh") else (": ", ", ")
    return comma.join(
        f"{column.title.text(lang)}{colon}{in_words(column, row[name], lang=lang, zone=zone, names=names)}"
        for name, column in field.fields.items()
        if row.get(name) is not None
    )


def facts_in_words(work: Work, lang: str) -> dict[str, str]:
    """The filled fields of a piece of work by name, as everybody who sees it may read them."""
    fields, values = fields_of(work.rule), work.values
    names, zone = names_of(values.values()), work.rulebook.calendar.zone
    return {
        name: in_words(field, values[name], lang=lang, zone=zone, names=names)
        for name, field in fields.items()
        if values.get(name) is not None
    }


def facts(work: Work, lang: str) -> list[tuple[Field, str, bool]]:
    """The same in the order of the form, each with whether it is masked."""
    words, hidden = facts_in_words(work, lang), hidden_fields(work)
    return [
        (field, words[name], name in hidden) for name, field in fields_of(work.rule).items() if name in words
    ]


def hidden_fields(work: Work) -> frozenset[str]:
    """Names of the fields whose value is shown masked: what `reveal` can be asked for."""
    values = work.values
    return frozenset(
        name
        for name, field in fields_of(work.rule).items()
        if isinstance(value := values.get(name), str) and masks.mask(value, field.privacy) != value
    )


def names_of(values: Iterable[object]) -> dict[Ref, str]:
    """The names of the people, departments, files and other records among `values`. A query for each kind there is."""
    refs = list(_single(values))
    wanted: dict[str, set[int]] = {"person": set(), "unit": set()}
    for ref in refs:
        if isinstance(ref, Ref) and ref.kind in wanted and ref.id.isdecimal():
            wanted[ref.kind].add(int(ref.id))
    found: dict[Ref, str] = {}
    if wanted["person"]:
        rows = columns(Person, ("id", "name"), among("id", wanted["person"]), [*wanted["person"]])
        found |= {Ref("person", str(pk)): name for pk, name in rows}
    if wanted["unit"]:
        tree = Tree()
        found |= {Ref("unit", str(pk)): tree.by_id[pk].name for pk in wanted["unit"] & tree.by_id.keys()}
    files = [ref.id for ref in refs if isinstance(ref, Ref) and ref.kind == "file"]
    if files:
        named = StoredFile.objects.filter(pk__in=files).values_list("pk", "name")
        found |= {Ref("file", pk): name for pk, name in named}
    others = [ref for ref in refs if isinstance(ref, Ref) and ref.kind not in ("person", "unit", "file")]
    return found | records.names(others) if others else found


def names_in(values: Iterable[object]) -> set[Ref]:
    """The records among `values`, in lists and lines too."""
    return {one for one in _single(values) if isinstance(one, Ref)}


def _single(values: Iterable[object]) -> Iterator[object]:
    """Each value that stands for itself, out of lists and lines too."""
    for value in values:
        if isinstance(value, list):
            yield from _single(value)
        elif isinstance(value, Mapping):
            yield from _single(value.values())
        else:
            yield value


def _can_be_typed(field: Field) -> bool:
    return field.type != "record" or field.of in SHOWN_RECORDS


def _as_shown(field: Field) -> Field:
    """A mark out of few points is chosen, not typed; who somebody is and where takes one line, as a name does."""
    if field.type == "number" and field.points is not None and field.points <= 5:
        marks = {str(n): Text(str(n), str(n)) for n in range(1, int(field.points) + 1)}
        return replace(field, type="choice", options=marks)
    if (field.type == "text" and field.privacy) or (field.type == "record" and not _can_be_typed(field)):
        return replace(field, type="signature", many=False)
    return field


def _typed(field: Field, value: object, zone: str) -> object:
    """A value on record as it stands in an input: a number of a person masked, which sent back means: as it was."""
    match value:
        case None:
            return ""
        case _ if field.type == "rows":
            return ""  # its lines hold it
        case list() | tuple():
            return [_typed(field, one, zone) for one in value]
        case datetime():
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
        case Decimal():
            return f"{value.normalize():f}" if field.computed is None else ""
        case Ref():
            return value.id
    return masks.mask(str(value), field.privacy)


def _errors(refused: Refused | None) -> dict[str, Text]:
    """The refusal's sentence beside the field it is about."""
    if refused is None:
        return {}
    wrong = refused.facts.get("errors")
    if isinstance(wrong, list):
        return {one["field"]: Text(one["zh"], one["en"]) for one in wrong}
    missing = refused.facts.get("fields")
    needed = Text("请填写此项", "please fill this in")
    return dict.fromkeys(missing, needed) if isinstance(missing, list | tuple) else {}
