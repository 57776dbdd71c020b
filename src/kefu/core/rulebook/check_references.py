"""Every name in a rule must be the name of something: field, option, move, state, kind, clause, hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from kefu.core.rulebook import words
from kefu.core.rulebook.check_setting import set_of_record
from kefu.core.rulebook.expressions import Branch, Count, Effect, Instant, Mark, Matcher, Test, Who
from kefu.core.rulebook.fields import Askable, askable, step
from kefu.core.rulebook.mistakes import Mistake, mistake
from kefu.core.rulebook.model import Clock, Example, Field, Flow, Kind, Move, Need, Register, Rule, Rulebook


class References:
    """Looks up every name of a rulebook; what is not there is added to `mistakes`."""

    def __init__(self, rulebook: Rulebook, effects: frozenset[str]) -> None:
        self.rulebook = rulebook
        self.effects = effects
        self.mistakes: list[Mistake] = []

    def all(self) -> list[Mistake]:
        book = self.rulebook
        for flow in book.flows.values():
            self._flow(flow)
        for form in book.forms.values():
            self._rule(form)
            for field in form.fields.values():
                self._field(field)
        for kind in book.kinds.values():
            self._kind(kind)
        for grades in book.grades.values():
            self._grades(grades.name)
        for reaction in book.reactions.values():
            self._rule(reaction, must_cite=True)
            source = self._event(reaction.after, reaction.mark)
            self._matcher(reaction.when, source)
            self._effects(reaction.do, source, reaction.mark)
            self._examples(reaction.examples, source)
        for post in book.posts.values():
            self._rule(post)
            for need in post.needs:
                self._need(need, None, cited=bool(post.clauses))
        for register in book.registers.values():
            self._register(register)
        return self.mistakes

    def _add(self, code: str, mark: Mark, *, allowed: Sequence[str] = (), **facts: object) -> None:
        self.mistakes.append(mistake(code, mark, allowed=allowed, **facts))

    def _rule(self, rule: Rule, *, must_cite: bool = False, cited: bool = False) -> None:
        for clause in rule.clauses:
            if clause not in self.rulebook.clauses:
                self._add("clause_unknown", rule.mark, name=clause, allowed=tuple(self.rulebook.clauses))
        if must_cite and not rule.clauses and not cited:
            self._add("clause_missing", rule.mark)

    def _field(self, field: Field) -> None:
        self._rule(field)
        known = (*words.BUILT_IN_RECORDS, *self.rulebook.kinds)
        if field.type == "record" and field.of not in known:
            self._add("kind_unknown", field.mark, name=field.of, allowed=known)
        for inner in field.fields.values():
            self._field(inner)

    # --- flows and kinds ------------------------------------------------------------------------------

    def _flow(self, flow: Flow) -> None:
        self._rule(flow)
        for move in flow.moves.values():
            self._rule(move)
            for state in (*move.from_, move.to):
                self._state(flow, state, move.mark)
        for state in flow.moves_to.values():
            self._state(flow, state, flow.mark)

    def _state(self, flow: Flow, state: str, mark: Mark) -> None:
        if state not in flow.states:
            self._add("state_unknown", mark, name=state, allowed=tuple(flow.states))

    def _kind(self, kind: Kind) -> None:
        self._rule(kind, must_cite=kind.chapter in ("duties", "approvals"))
        self._matcher(kind.when, kind)
        self._by(kind.by, kind, kind.mark)
        for event in kind.starts:
            self._event(event, kind.mark)
        for need in kind.needs:
            self._need(need, kind, cited=bool(kind.clauses))
        self._rounds(kind)
        for clock in kind.clocks.values():
            self._clock(clock, kind)
        for move in kind.flow.moves.values():
            self._move(move, kind)
        for field in kind.form.fields.values():
            self._matcher(field.when, kind)
        self._examples(kind.examples, kind)

    def _rounds(self, kind: Kind) -> None:
        """Whom a duty that comes round is for, who gets its paper, who agrees."""
        if kind.each:
            self._record(kind.each.of, kind.each.where, kind, kind.mark)
        if kind.attempts and kind.attempts.inside:
            self._hours(kind.attempts.inside, kind.mark)
        for who, _ in kind.copies:
            self._who(who, kind, kind.mark)
        for branch in kind.chain:
            self._matcher(branch.when, kind)
            for who in (who for link in branch.value for who in link):
                self._who(who, kind, kind.mark)

    def _record(self, of: str, where: Matcher | None, asking: Kind | None, mark: Mark) -> None:
        """A condition on records of a kind, or of those that no pack declares."""
        kind = self.rulebook.kinds.get(of)
        known = words.RECORD_FIELDS.get(of)
        if kind is None and known is None:
            self._add("kind_unknown", mark, name=of, allowed=(*words.RECORD_FIELDS, *self.rulebook.kinds))
        elif kind is not None:
            self._matcher(where, kind, asking or kind)
        else:
            asked = [test for tests in where.any_of for test in tests] if where else []
            for test in asked:
                if known is not None and test.path not in known:
                    self._add("field_unknown", mark, kind=of, name=test.path, allowed=tuple(known))

    def _register(self, register: Register) -> None:
        self._rule(register)
        for of in register.of:
            self._record(of, register.where, None, register.mark)
            for name in (*register.columns, *register.group, *register.sum, *register.order):
                self._column(of, name.removeprefix("-"), register.mark, number=name in register.sum)

    def _column(self, of: str, name: str, mark: Mark, *, number: bool) -> None:
        kind, known = self.rulebook.kinds.get(of), words.RECORD_FIELDS.get(of, {})
        if kind is None and name not in known and known:
            self._add("field_unknown", mark, kind=of, name=name, allowed=tuple(known))
        field = self._path(name, kind, mark)
        if number and field and field.type != "number":
            self._add("operator_type", mark, operator="sum", name=name, type=field.type)

    def _hours(self, name: str, mark: Mark) -> None:
        hours = self.rulebook.calendar.hours
        if name not in hours:
            self._add("hours_unknown", mark, name=name, allowed=tuple(hours))

    def _move(self, move: Move, kind: Kind) -> None:
        self._by(move.by, kind, move.mark)
        self._matcher(move.when, kind)
        fillable = (*kind.form.fields, *((kind.grades.name,) if kind.grades else ()))
        for name in move.fill:
            if name not in fillable:
                self._add("field_unknown", move.mark, kind=kind.form.name, name=name, allowed=fillable)
        cited = bool(move.clauses or kind.flow.clauses or kind.clauses)
        for need in move.needs:
            self._need(need, kind, cited=cited)
        self._effects(move.then, kind, move.mark)
        self._examples(move.examples, kind)

    def _need(self, need: Need, kind: Kind | None, *, cited: bool) -> None:
        self._rule(need, must_cite=True, cited=cited)
        self._matcher(need.when, kind)
        self._matcher(need.that, kind)

    def _clock(self, clock: Clock, kind: Kind) -> None:
        self._rule(clock, must_cite=True, cited=bool(kind.clauses))
        self._matcher(clock.when, kind)
        self._instant(clock.starts, kind, clock.mark)
        for branch in clock.due:
            self._matcher(branch.when, kind)
            if isinstance(branch.value, Instant):
                self._instant(branch.value, kind, clock.mark)
        for move in (*clock.stops, *clock.restarts):
            self._own_move(move, kind, clock.mark)
        for state in clock.pauses:
            self._state(kind.flow, state, clock.mark)
        for field in clock.restarts.values():
            self._instant(Instant(field), kind, clock.mark)
        for one in clock.steps:
            self._effects(one.do, kind, clock.mark)
        self._examples(clock.examples, kind)

    def _own_move(self, name: str, kind: Kind, mark: Mark) -> None:
        if name not in kind.flow.moves:
            self._add("move_unknown", mark, name=name, allowed=tuple(kind.flow.moves))

    def _grades(self, name: str) -> None:
        grades = self.rulebook.grades[name]
        self._rule(grades)
        kind = self.rulebook.kinds.get(grades.of)
        if kind is None:
            self._add("kind_unknown", grades.mark, name=grades.of, allowed=tuple(self.rulebook.kinds))
            return
        for who in grades.by:
            self._who(who, kind, grades.mark)
        for level in grades.levels.values():
            self._rule(level)
            self._matcher(level.when, kind)
        self._examples(grades.examples, kind)

    def _event(self, event: str, mark: Mark) -> Kind | None:
        """Return the kind whose event it is."""
        name, _, move = event.partition(".")
        kind = self.rulebook.kinds.get(name)
        if kind is None:
            self._add("kind_unknown", mark, name=name, allowed=tuple(self.rulebook.kinds))
        elif move not in ("opened", "set", *kind.flow.moves):
            self._add("move_unknown", mark, name=move, allowed=("opened", "set", *kind.flow.moves))
        return kind

    # --- parts of rules -------------------------------------------------------------------------------

    def _by(self, branches: Iterable[Branch[tuple[Who, ...]]], kind: Kind, mark: Mark) -> None:
        for branch in branches:
            self._matcher(branch.when, kind)
            for who in branch.value:
                if who.word != "customer" or kind.chapter != "cases":
                    self._who(who, kind, mark)

    def _who(self, who: Who, kind: Kind | None, mark: Mark) -> None:
        """Posts were looked up when the word was read; a field must hold a person or a unit."""
        if who.of is not None:
            self._who(who.of, kind, mark)
        if who.word == "customer":
            self._add("customer_here", mark)
        if who.word != "field" or kind is None:
            return
        field = step(kind, who.name)
        if field is None:
            self._add("field_unknown", mark, kind=kind.name, name=who.name, allowed=_people(kind))
        elif not field.holds_people:
            self._add("not_a_person", mark, name=who.name, allowed=_people(kind))

    def _matcher(self, matcher: Matcher | None, kind: Kind | None, outer: Kind | None = None) -> None:
        for tests in matcher.any_of if matcher else ():
            for test in tests:
                self._test(
                    test,
                    kind,
                    outer or kind,
                    matcher.mark if matcher else kind.mark if kind else Mark("", 0, ""),
                )

    def _test(self, test: Test, kind: Kind | None, outer: Kind | None, mark: Mark) -> None:
        if test.operator == "count":
            self._count(cast("Count", test.operand), kind, mark)
            return
        if test.operator == "not":
            self._test(cast("Test", test.operand), kind, outer, mark)
            return
        field = self._path(test.path, kind, mark)
        match test.operator:
            case "is":
                for value in cast("tuple[str | Who, ...]", test.operand):
                    if isinstance(value, Who):
                        self._who(value, outer, mark)
                    else:
                        self._option(test.path, field, value, mark)
            case "same_as":
                self._path(str(test.operand), outer, mark)
            case "inside":
                self._inside(test, field, mark)
            case "at_least" | "at_most":
                if field and field.type not in ("number", "rows", "record", "file"):
                    self._add("operator_type", mark, operator=test.operator, name=test.path, type=field.type)

    def _inside(self, test: Test, field: Askable | None, mark: Mark) -> None:
        self._hours(str(test.operand), mark)
        if field and field.type != "instant":
            self._add("operator_type", mark, operator="inside", name=test.path, type=field.type)

    def _count(self, count: Count, kind: Kind | None, mark: Mark) -> None:
        counted = self.rulebook.kinds.get(count.of)
        if counted is None:
            self._add("kind_unknown", mark, name=count.of, allowed=tuple(self.rulebook.kinds))
            return
        self._matcher(count.where, counted, kind)
        self._matcher(count.among, counted, kind)
        for path in count.same:
            self._path(path, counted, mark)

    def _path(self, path: str, kind: Kind | None, mark: Mark) -> Askable | None:
        if kind is None:
            return None
        field = step(kind, path)
        if field is None:
            self._add("field_unknown", mark, kind=kind.name, name=path, allowed=tuple(sorted(askable(kind))))
        return field

    def _option(self, path: str, field: Askable | None, value: str, mark: Mark) -> None:
        if field and field.options and value not in field.options:
            self._add("option_unknown", mark, field=path, name=value, allowed=field.options)

    def _instant(self, instant: Instant, kind: Kind, mark: Mark) -> None:
        anchor = instant.anchor
        if anchor in words.PERIODS:
            return
        field = step(kind, anchor)
        if field is None or field.type not in ("instant", "day"):
            instants = tuple(name for name, one in askable(kind).items() if one.type in ("instant", "day"))
            self._add("anchor_unknown", mark, kind=kind.name, name=anchor, allowed=instants)

    def _effects(self, effects: Iterable[Effect], kind: Kind | None, mark: Mark) -> None:
        for effect in effects:
            if effect.word not in self.effects:
                self._add("effect_unregistered", mark, name=effect.word, allowed=sorted(self.effects))
            if effect.for_ is not None:
                self._who(effect.for_, kind, mark)
            if effect.way and kind is not None and kind.chapter != "cases":
                self._add("way_of_duty", mark, name=effect.way)
            match effect.word:
                case "open":
                    self._open(effect, kind, mark)
                case "set" if kind is not None:
                    for name, value in effect.with_.items():
                        if "." in name:
                            self.mistakes += set_of_record(name, value, kind, mark)
                        else:
                            self._option(name, self._path(name, kind, mark), value, mark)
                case "move" if kind is not None:
                    self._own_move(effect.target, kind, mark)

    def _open(self, effect: Effect, kind: Kind | None, mark: Mark) -> None:
        """A value of `with` is an option of the new work's field or a field of this one, never both."""
        target = self.rulebook.kinds.get(effect.target)
        if target is None:
            self._add("kind_unknown", mark, name=effect.target, allowed=tuple(self.rulebook.kinds))
            return
        here = askable(kind) if kind else {}
        for name, value in effect.with_.items():
            field = self._path(name, target, mark)
            options = field.options if field else ()
            if value in options and value in here:
                self._add("word_twofold", mark, name=value, first="an option 选项", second="a field 字段")
            elif value not in here:
                self._option(name, field, value, mark)

    def _examples(self, examples: Iterable[Example], kind: Kind | None) -> None:
        """Given fields and events of an example must exist, or the example tests nothing."""
        if kind is None:
            return
        for example in examples:
            for path, value in example.given.items():
                if path in words.EXAMPLE_PEOPLE:
                    continue
                field = self._path(path, kind, example.mark)
                for one in value if isinstance(value, list) else (value,):
                    if isinstance(one, str) and one not in ("none", "any"):
                        self._option(path, field, one, example.mark)
            for name, _ in example.events:
                if name in kind.starts:
                    continue
                if name not in ("opened", "set", *kind.flow.moves) and step(kind, name) is None:
                    self._add("move_unknown", example.mark, name=name, allowed=("opened", *kind.flow.moves))


def _people(kind: Kind) -> tuple[str, ...]:
    return tuple(name for name, field in askable(kind).items() if field.holds_people)
