"""Two versions of a rulebook, compared rule by rule in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.model import (
    Clause,
    Clock,
    Example,
    Field,
    Form,
    Kind,
    Layout,
    Move,
    Post,
    Rule,
    Rulebook,
    State,
    Text,
)
from kefu.core.rulebook.wording import Wording
from kefu.core.rulebook.wording_of_kinds import computed_text, form_lines, kind_lines, register_lines
from kefu.core.rulebook.wording_of_rules import clock_lines, move_lines, reaction_lines
from kefu.core.worktime import Calendar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that one version has and the other has not, or says differently.

    path: `complaint.clocks.first_contact`. before, after: only the lines that differ; a change of examples,
    clauses or notes alone leaves both empty.
    """

    path: str
    title: Text
    what: Literal["added", "removed", "changed"]
    before: tuple[Text, ...]
    after: tuple[Text, ...]

    def lines(self, lang: str) -> tuple[str, ...]:
        """For people: what happened to the rule, then its lines with - and +."""
        chinese = lang.startswith("zh")
        words = {"added": ("新增", "added"), "removed": ("删除", "removed"), "changed": ("修改", "changed")}
        head = f"{words[self.what][0 if chinese else 1]} {self.title.text(lang)} ({self.path})"
        old = [f"  - {line.text(lang)}" for line in self.before]
        new = [f"  + {line.text(lang)}" for line in self.after]
        if self.what == "changed" and not old and not new:
            new = ["  仅示例、条款或备注有变" if chinese else "  only examples, clauses or notes differ"]
        return (head, *old, *new)


@dataclass(frozen=True, slots=True)
class _Said:
    """A rule as it is compared: its lines, and what is not shown as a line."""

    title: Text
    lines: tuple[Text, ...]
    clauses: tuple[str, ...] = ()
    note: str = ""
    examples: tuple[Example, ...] = ()


def diff(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Return the changes from `old` to `new`, in the order of the new version, removals last."""
    before, after = dict(_said(old)), dict(_said(new))
    changes: list[Change] = []
    for path, rule in after.items():
        was = before.get(path)
        if was is None:
            changes.append(Change(path, rule.title, "added", (), rule.lines))
        elif was != rule:
            gone = tuple(line for line in was.lines if line not in rule.lines)
            come = tuple(line for line in rule.lines if line not in was.lines)
            changes.append(Change(path, rule.title, "changed", gone, come))
    for path, rule in before.items():
        if path not in after:
            changes.append(Change(path, rule.title, "removed", rule.lines, ()))
    return tuple(changes)


def _said(book: Rulebook) -> Iterator[tuple[str, _Said]]:
    """Every rule of a rulebook under its path."""
    yield from _said_of_people_and_papers(book)
    yield from _said_of_flows(book)
    for kind in book.kinds.values():
        words = _Words(book, kind)
        yield kind.name, words.rule(kind, *_kind(kind, words))
        for clock in kind.clocks.values():
            yield f"{kind.name}.clocks.{clock.name}", words.rule(clock, *words.lines(clock_lines, clock))
    for reaction in book.reactions.values():
        words = _Words(book, book.kinds.get(reaction.after.partition(".")[0]))
        yield f"reactions.{reaction.name}", words.rule(reaction, *words.lines(reaction_lines, reaction))
    for clause in book.clauses.values():
        yield f"clauses.{clause.id}", _Said(clause.chapter, _clause(clause))


def _said_of_people_and_papers(book: Rulebook) -> Iterator[tuple[str, _Said]]:
    alone = _Words(book, None)
    for post in book.posts.values():
        yield f"posts.{post.name}", alone.rule(post, *_post(post, alone))
    for register in book.registers.values():
        yield f"registers.{register.name}", alone.rule(register, *alone.lines(register_lines, register))
    for calendar in book.calendars.values():
        yield f"calendar.{calendar.name}", _Said(Text(calendar.name, calendar.name), _calendar(calendar))
    for form in book.forms.values():
        yield f"forms.{form.name}", alone.rule(form, *alone.lines(form_lines, form), *_layout(form))
        for field in form.fields.values():
            yield f"forms.{form.name}.{field.name}", alone.rule(field, *_field(field))


def _said_of_flows(book: Rulebook) -> Iterator[tuple[str, _Said]]:
    for flow in book.flows.values():
        words = _Words(book, next((kind for kind in book.kinds.values() if kind.flow == flow), None))
        yield f"flows.{flow.name}", words.rule(flow)
        for state in flow.states.values():
            yield f"flows.{flow.name}.{state.name}", _Said(state.title, (state.title, *_to_customer(state)))
        for move in flow.moves.values():
            yield f"flows.{flow.name}.{move.name}", words.rule(move, *words.lines(move_lines, move))
    for grades in book.grades.values():
        words = _Words(book, book.kinds.get(grades.of))
        yield f"grades.{grades.name}", words.rule(grades)
        for level in grades.levels.values():
            yield f"grades.{grades.name}.{level.name}", words.rule(level)


class _Words:
    """The wording of both languages for one kind."""

    def __init__(self, book: Rulebook, kind: Kind | None) -> None:
        self.zh = Wording(book, kind, "zh")
        self.en = Wording(book, kind, "en")

    def both(self, part: str, value: object) -> tuple[Text, ...]:
        """The one line that `Wording.<part>` says of `value`."""
        zh, en = (getattr(words, part)(value) for words in (self.zh, self.en))
        return (Text(zh, en),)

    def lines(self, said: Callable[[Wording, V], tuple[str, ...]], value: V) -> tuple[Text, ...]:
        """The lines that a function of `wording_of_kinds` or `wording_of_rules` says of `value`: as many in both."""
        both = zip(said(self.zh, value), said(self.en, value), strict=True)
        return tuple(Text(zh, en) for zh, en in both)

    def rule(self, rule: Rule, *lines: Text) -> _Said:
        when = self.both("matcher", rule.when) if rule.when and not lines else ()
        lines = (rule.title, *when, *lines, *_to_customer(rule))
        return _Said(rule.title, lines, rule.clauses, rule.note, rule.examples)


def _to_customer(rule: Rule | State) -> tuple[Text, ...]:
    said = rule.to_customer if isinstance(rule, Kind | Clock | Move | Field | State) else None
    return (Text(f"对客户：{said.zh}", f"to the customer: {said.en}"),) if said else ()


def _post(post: Post, words: _Words) -> Iterator[Text]:
    if post.reports_to:
        (up,) = words.both("who", Who("post", post.reports_to))
        yield Text(f"上级：{up.zh}", f"reports to: {up.en}")
    for name in post.stands_in:
        (other,) = words.both("who", Who("post", name))
        yield Text(f"代理：{other.zh}", f"stood in for by: {other.en}")
    yield Text(f"可见范围：{post.sees}", f"sees: {post.sees}")
    if post.may:
        rights = ", ".join(post.may)
        yield Text(f"权限：{rights}", f"may: {rights}")
    for need in post.needs:
        yield from words.both("need", need)


def _field(field: Field) -> Iterator[Text]:
    yield Text(f"类型：{field.type} {field.of}".rstrip(), f"type: {field.type} {field.of}".rstrip())
    if field.required:
        yield Text("必填", "required")
    for name, option in field.options.items():
        yield Text(f"选项 {name}：{option.zh}", f"option {name}: {option.en}")
    if field.prefill:
        yield Text(f"预填：{field.prefill}", f"starts with: {field.prefill}")
    if field.computed:
        of = field.computed.of
        yield Text(computed_text(field.computed, of, "zh"), computed_text(field.computed, of, "en"))
    for inner in field.fields.values():
        yield Text(f"列：{inner.title.zh}", f"column: {inner.title.en}")


def _layout(form: Form) -> Iterator[Text]:
    rows = " / ".join(", ".join(row) for row in form.layout.rows)
    if form.layout != Layout():
        yield Text(f"版面：{form.layout.page} {rows}".rstrip(), f"layout: {form.layout.page} {rows}".rstrip())


def _kind(kind: Kind, words: _Words) -> Iterator[Text]:
    yield Text(f"编号：{kind.number}", f"number: {kind.number}")
    yield Text(f"表单：{kind.form.title.zh}", f"form: {kind.form.title.en}")
    yield Text(f"流程：{kind.flow.name}", f"flow: {kind.flow.name}")
    yield from words.lines(kind_lines, kind)


def _calendar(calendar: Calendar) -> tuple[Text, ...]:
    hours = [
        Text(f"{name}：{one.render('zh')}", f"{name}: {one.render('en')}")
        for name, one in calendar.hours.items()
    ]
    days = [
        Text(f"{day}：{hours_on or '休息'}", f"{day}: {hours_on or 'closed'}")
        for day, hours_on in calendar.overrides.items()
    ]
    rest = (calendar.zone, calendar.holidays, calendar.working_day, calendar.at_once, calendar.holiday)
    plain = ", ".join(map(str, rest))
    return (Text(plain, plain), *hours, *days)


def _clause(clause: Clause) -> tuple[Text, ...]:
    return (clause.statement, clause.reading) if clause.reading else (clause.statement,)
