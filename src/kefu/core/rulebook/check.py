"""What one entry alone does not show: names that mean nothing, rules that contradict, advice."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.core.rulebook import words
from kefu.core.rulebook.check_papers import papers
from kefu.core.rulebook.check_references import References
from kefu.core.rulebook.check_rounds import rounds
from kefu.core.rulebook.check_sense import both_hold, sense
from kefu.core.rulebook.expressions import Count, Matcher, Special, Test
from kefu.core.rulebook.mistakes import Advice, Mistake, RulebookRefused, advice
from kefu.core.rulebook.model import Clock, Kind, Need, Rulebook


def check(rulebook: Rulebook, *, effects: frozenset[str] = frozenset(words.EFFECTS)) -> None:
    """Raise RulebookRefused with every mistake found.

    effects: the effect words that a capability has registered. Sense is judged once all names are right:
    until then it would be judged about things that are not there.
    """
    found = [*References(rulebook, effects).all(), *papers(rulebook), *rounds(rulebook)] or list(
        sense(rulebook)
    )
    if found:
        raise RulebookRefused(in_order(found))


def in_order(mistakes: list[Mistake]) -> list[Mistake]:
    """By file and line, each once however many kinds share the flow."""
    return sorted(dict.fromkeys(mistakes), key=lambda m: (m.mark.file, m.mark.line, m.mark.key))


def advise(rulebook: Rulebook) -> tuple[Advice, ...]:
    """Return what is worth a look and keeps nothing from loading."""
    return tuple(dict.fromkeys(_advice(rulebook)))


def _advice(rulebook: Rulebook) -> Iterator[Advice]:
    for kind in rulebook.kinds.values():
        for clock in kind.clocks.values():
            if any(branch.value is Special.TO_BE_SET for branch in clock.due):
                yield advice("to_be_set", clock.mark)
            elif not (clock.examples or _has_days(kind, clock)):
                yield advice("examples_missing", clock.mark)
        yield from _alike(rulebook, kind)
        for move in kind.flow.moves.values():
            yield from _needs(move.needs, exemplified=bool(move.examples))
        yield from _needs(kind.needs, exemplified=bool(kind.examples))
    for reaction in rulebook.reactions.values():
        if reaction.when is not None and not reaction.examples:
            yield advice("examples_missing", reaction.mark)
    for grades in rulebook.grades.values():
        if not grades.examples:
            yield advice("examples_missing", grades.mark)
    yield from _unused(rulebook)


def _has_days(kind: Kind, clock: Clock) -> bool:
    """Whether the due days of what comes round are exemplified: its clock has no place of its own for examples."""
    return clock.mark == kind.mark and any("days" in example.expect for example in kind.examples)


def _needs(needs: tuple[Need, ...], *, exemplified: bool) -> Iterator[Advice]:
    for need in needs:
        if not exemplified and need.mark.file:  # else no pack wrote it: a default flow asks
            yield advice("examples_missing", need.mark)
        if _unset(need.that):
            yield advice("to_be_set", need.mark)


def _unset(matcher: Matcher) -> bool:
    return any(_bound_unset(test) for tests in matcher.any_of for test in tests)


def _bound_unset(test: Test) -> bool:
    operand = test.operand
    if isinstance(operand, Count):
        return Special.TO_BE_SET in (operand.at_least, operand.at_most, operand.target)
    return operand is Special.TO_BE_SET


def _alike(rulebook: Rulebook, kind: Kind) -> Iterator[Advice]:
    clocks = list(kind.clocks.values())
    for index, second in enumerate(clocks):
        for first in clocks[:index]:
            if _same_run(first, second) and both_hold(rulebook, kind, first.when, second.when) is not None:
                yield advice("clocks_alike", second.mark, other=first.name)


def _same_run(first: Clock, second: Clock) -> bool:
    return first.starts == second.starts and set(first.stops) == set(second.stops)


def _unused(rulebook: Rulebook) -> Iterator[Advice]:
    flows = {kind.flow.name for kind in rulebook.kinds.values()}
    forms = {kind.form.name for kind in rulebook.kinds.values()}
    for flow in rulebook.flows.values():
        if flow.name not in flows:
            yield advice("flow_unused", flow.mark)
    for form in rulebook.forms.values():
        if form.name not in forms:
            yield advice("form_unused", form.mark)
    cited = cited_clauses(rulebook)
    for clause in rulebook.clauses.values():
        own = clause.mark.file.startswith(
            f"{rulebook.name}/"
        )  # a pack may override what cited an inherited one
        if own and clause.id not in cited and not clause.code:
            yield advice("clause_unused", clause.mark)


def cited_clauses(rulebook: Rulebook) -> frozenset[str]:
    """Ids of every clause that some rule cites, fields and needs included."""
    book = rulebook
    rules = [*book.posts.values(), *book.forms.values(), *book.flows.values(), *book.grades.values()]
    rules += book.registers.values()
    cited = {
        clause for rule in (*rules, *book.reactions.values(), *book.kinds.values()) for clause in rule.clauses
    }
    for kind in book.kinds.values():
        inner = (*kind.clocks.values(), *kind.needs, *kind.flow.moves.values())
        cited |= {clause for rule in inner for clause in rule.clauses}
        cited |= {
            clause for move in kind.flow.moves.values() for need in move.needs for clause in need.clauses
        }
    cited |= {
        clause for form in book.forms.values() for field in form.fields.values() for clause in field.clauses
    }
    cited |= {
        clause
        for grades in book.grades.values()
        for level in grades.levels.values()
        for clause in level.clauses
    }
    cited |= {clause for post in book.posts.values() for need in post.needs for clause in need.clauses}
    return frozenset(cited)
