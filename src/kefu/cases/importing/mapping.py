"""The mapping: which column of a file says what. YAML, as strict as a rulebook; nothing is guessed.

    source: uci                     # keeps the keys of different systems apart
    kind: incident                  # of the department's rulebook
    key: number                     # column: rows with one key are one case
    instant: "%d/%m/%Y %H:%M"       # how instants are written, by the letters of strptime
    zone: UTC                       # of instants without an offset
    missing: ["?"]                  # what stands for an empty cell
    opened: opened_at               # column: when the case began; a row before that begins it
    subject: [category, symptom]    # columns, joined
    body: description               # column: the first message
    fields: {caller: caller_id, priority: {column: priority, options: {"1 - Critical": critical}}}
    rows:                           # either: a log, each row is something that happened …
      at: sys_updated_at
      state: incident_state
      states: {New: new, "-100": unrecorded}
      message: work_notes
    moves:                          # … or: a register, a row is a case and these moves of it
      replied: {at: reply_time, fields: {reply: reply}, message: reply}

In a log the move is the one that leads from the case's state to the row's; a row that leaves the state as it is
updates the case. Rows are taken in the order of their instants, equal ones in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from kefu.core.errors import Refused
from kefu.core.rulebook.entries import mapping, pairs, word, words_of
from kefu.core.rulebook.expressions import Mark
from kefu.core.rulebook.mistakes import Mistake, Wrong, wrong
from kefu.core.rulebook.model import Kind
from kefu.core.rulebook.yaml_text import Node, parse
from kefu.core.work.fields import fields_of

V = TypeVar("V")

ISO = "%Y-%m-%d %H:%M:%S"
LONGEST_SOURCE = 30  # characters; with a key it names a case
KEYS: dict[str, tuple[str, ...]] = {
    "": (
        "source", "kind", "key", "instant", "zone", "missing", "opened", "subject", "body", "fields", "rows", "moves",
    ),
    "field": ("column", "options"),
    "rows": ("at", "state", "states", "message"),
    "move": ("at", "fields", "message"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """Where a field's value stands. `options`: what is written -> what it means; empty: as written."""

    column: str
    options: Mapping[str, str]


Fields = Mapping[str, FieldColumn]


@dataclass(frozen=True, slots=True)
class LogRows:
    """A row is something that happened at `at` and left the case in `state`."""

    at: str
    state: str
    states: Mapping[str, str]
    message: str


@dataclass(frozen=True, slots=True)
class MoveColumns:
    """A move of a register's row, made at `at`; not made where that cell is empty."""

    move: str
    at: str
    fields: Fields
    message: str


@dataclass(frozen=True, slots=True)
class CaseMapping:
    """A mapping as read. Names of columns; "" where there is none."""

    source: str
    kind: str
    key: str
    instant: str
    zone: ZoneInfo
    missing: frozenset[str]
    opened: str
    subject: tuple[str, ...]
    body: str
    fields: Fields
    rows: LogRows | None
    moves: tuple[MoveColumns, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Every column it names: a file must have them all."""
        fields = [*self.fields.values(), *(field for move in self.moves for field in move.fields.values())]
        named = [self.key, self.opened, self.body, *self.subject, *(field.column for field in fields)]
        if self.rows:
            named += [self.rows.at, self.rows.state, self.rows.message]
        for move in self.moves:
            named += [move.at, move.message]
        return frozenset(named) - {""}


def read_mapping(path: Path) -> CaseMapping:
    """Raises Refused import.mapping with file, line, key, what is wrong and what is allowed."""
    try:
        return mapping_of(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(
            "import.mapping",
            zh=f"对照文件 {path} 无法读取（{error.strerror}）。",
            en=f"The mapping {path} cannot be read ({error.strerror}).",
        ) from error


def mapping_of(data: bytes, name: str) -> CaseMapping:
    """The mapping in `data`; `name` is how its mistakes call the file. Raises Refused import.mapping."""
    try:
        return _case_mapping(parse(data, name))
    except Wrong as error:
        found = error.mistake
        raise Refused(
            "import.mapping", zh=found.text("zh"), en=found.text("en"), key=found.mark.key
        ) from error


def check_fits(mapping: CaseMapping, kind: Kind) -> None:
    """Raises Refused import.mapping_fit when the rulebook's kind lacks a field, option, state or move it names."""
    fields = fields_of(kind)
    for columns in (mapping.fields, *(move.fields for move in mapping.moves)):
        for name, column in columns.items():
            _known("字段", "field", name, fields)
            for option in column.options.values() if fields[name].options else ():
                _known("选项", "option", option, fields[name].options)
    for state in mapping.rows.states.values() if mapping.rows else ():
        _known("状态", "state", state, kind.flow.states)
    for made in mapping.moves:
        _known("动作", "move", made.move, kind.flow.moves)


def _known(zh: str, en: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise Refused(
            "import.mapping_fit",
            zh=f"对照中的{zh}「{name}」在制度中没有；可用：{'、'.join(known)}。",
            en=f"The mapping names the {en} “{name}”, which the rulebook does not have; it has: {', '.join(known)}.",
            name=name,
        )


def _case_mapping(node: Node) -> CaseMapping:
    keys = _keys(node, "", need=("source", "kind", "key", "subject"))
    log, register = keys.get("rows"), keys.get("moves")
    if log is not None and register is not None:
        raise _wrong(register.mark, "rows 与 moves 只能写一个", "give either `rows` or `moves`")
    opened = _text(keys, "opened")
    if log is None and not opened:
        raise wrong("key_missing", node.mark, name="opened")
    return CaseMapping(
        source=_value(keys, "source", _source, ""),
        kind=_text(keys, "kind"),
        key=_text(keys, "key"),
        instant=_value(keys, "instant", _instant_form, ISO),
        zone=_value(keys, "zone", _zone, ZoneInfo("Asia/Shanghai")),
        missing=frozenset(words_of(keys["missing"]) if "missing" in keys else ()),
        opened=opened,
        subject=words_of(keys["subject"]),
        body=_text(keys, "body"),
        fields=_value(keys, "fields", _fields, MappingProxyType({})),
        rows=_log(log) if log else None,
        moves=tuple(_move(name, inner) for name, inner in mapping(register).items()) if register else (),
    )


def _log(node: Node) -> LogRows:
    keys = _keys(node, "rows", need=("at", "state", "states"))
    return LogRows(
        at=_text(keys, "at"),
        state=_text(keys, "state"),
        states=dict(pairs(keys["states"])),
        message=_text(keys, "message"),
    )


def _move(name: str, node: Node) -> MoveColumns:
    keys = _keys(node, "move", need=("at",))
    return MoveColumns(
        name, _text(keys, "at"), _value(keys, "fields", _fields, MappingProxyType({})), _text(keys, "message")
    )


def _fields(node: Node) -> Fields:
    found: dict[str, FieldColumn] = {}
    for name, inner in mapping(node).items():
        if isinstance(inner.value, str):
            found[name] = FieldColumn(word(inner), {})
        else:
            keys = _keys(inner, "field", need=("column",))
            options = dict(pairs(keys["options"])) if "options" in keys else {}
            found[name] = FieldColumn(word(keys["column"]), options)
    return found


def _keys(node: Node, place: str, *, need: Sequence[str]) -> dict[str, Node]:
    keys = mapping(node)
    for name, inner in keys.items():
        if name not in KEYS[place]:
            raise wrong("key_unknown", inner.mark, allowed=KEYS[place], name=name)
    for name in need:
        if name not in keys:
            raise wrong("key_missing", node.mark, name=name)
    return keys


def _value(keys: Mapping[str, Node], name: str, read: Callable[[Node], V], default: V) -> V:
    return read(keys[name]) if name in keys else default


def _text(keys: Mapping[str, Node], name: str) -> str:
    return _value(keys, name, word, "")


def _source(node: Node) -> str:
    name = word(node)
    if len(name) > LONGEST_SOURCE:
        raise _wrong(node.mark, f"最多 {LONGEST_SOURCE} 个字", f"at most {LONGEST_SOURCE} characters")
    return name


def _instant_form(node: Node) -> str:
    form = word(node)
    try:
        known = datetime(2016, 2, 29, 13, 45)  # noqa: DTZ001 (only to try the form)
        right = datetime.strptime(known.strftime(form), form) == known  # noqa: DTZ007
    except ValueError:
        right = False
    if not right:
        raise _wrong(
            node.mark,
            f"“{form}”不是时间格式，应能写出年月日时分（例：%Y-%m-%d %H:%M）",
            f"`{form}` does not write an instant to the minute (use %Y-%m-%d %H:%M)",
        )
    return form


def _zone(node: Node) -> ZoneInfo:
    name = word(node)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise _wrong(
            node.mark, f"没有时区“{name}”（例：Asia/Shanghai）", f"no time zone `{name}` (use Asia/Shanghai)"
        ) from error


def _wrong(mark: Mark, zh: str, en: str) -> Wrong:
    return Wrong(Mistake("import_mapping", mark, zh, en))
