"""Rules whose names are right and that cannot work: no end, no way in, nobody to act, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kefu.core.rulebook import possible
from kefu.core.rulebook.expressions import Effect, Matcher, Who
from kefu.core.rulebook.fields import step
from kefu.core.rulebook.mistakes import Mistake, mistake
from kefu.core.rulebook.model import Clock, Flow, Kind, Move, Reaction, Rulebook


def sense(rulebook: Rulebook) -> Iterator[Mistake]:
    """Yield what is wrong in flows, clocks, needs, reactions and lines whose references are right."""
    yield from _lines(rulebook)
    yield from _numbers(rulebook)
    for flow in rulebook.flows.values():
        yield from _unreachable(flow)
        yield from _nobody(rulebook, flow)
    for kind in rulebook.kinds.values():
        if not set(kind.flow.ends()) & reached(kind.flow, kind.flow.start)[0]:
            yield mistake("work_never_ends", kind.mark, name=kind.flow.name)
        for clock in kind.clocks.values():
            yield from _never_stops(kind, clock)
            yield from _restarts(kind, clock)
        for move in kind.flow.moves.values():
            yield from _contradictory(rulebook, kind, move)
    yield from _slots(rulebook)
    yield from _cycles(rulebook)


def _numbers(rulebook: Rulebook) -> Iterator[Mistake]:
    """Two kinds whose numbers begin alike: nobody could tell by its number what a piece of work is."""
    first: dict[str, Kind] = {}
    for kind in rulebook.kinds.values():
        letters = kind.number.partition("{")[0]
        other = first.setdefault(letters, kind)
        if other is not kind:
            yield mistake("number_shared", kind.mark, letters=letters, kind=kind.name, other=other.name)


def reached(flow: Flow, *states: str) -> tuple[set[str], set[str]]:
    """Return the states and the moves that can follow once the work stands in one of `states`."""
    found, moves, todo = set(states), set[str](), list(states)
    while todo:
        state = todo.pop()
        for move in flow.moves.values():
            if state in move.from_:
                moves.add(move.name)
                if move.to not in found:
                    found.add(move.to)
                    todo.append(move.to)
    return found, moves


def _unreachable(flow: Flow) -> Iterator[Mistake]:
    states, _ = reached(flow, flow.start)
    for name in flow.states:
        if name not in states:
            yield mistake("state_unreachable", flow.mark, name=name)


def _nobody(rulebook: Rulebook, flow: Flow) -> Iterator[Mistake]:
    for move in flow.moves.values():
        if not any(_can_be(rulebook, who) for branch in move.by for who in branch.value):
            yield mistake("move_by_nobody", move.mark)


def _can_be(rulebook: Rulebook, who: Who) -> bool:
    """False where the posts alone say that the expression means nobody."""
    if who.of is None or who.of.word != "post":
        return True
    post = rulebook.posts.get(who.of.name)
    if who.word == "team of":
        return any(other.reports_to == who.of.name for other in rulebook.posts.values())
    return post is None or post.reports_to is not None


def _never_stops(kind: Kind, clock: Clock) -> Iterator[Mistake]:
    started = kind.flow.moves.get(clock.starts.anchor)
    _, moves = reached(kind.flow, started.to if started else kind.flow.start)
    if not moves & set(clock.stops):
        yield mistake("clock_never_stops", clock.mark, allowed=sorted(moves), name=clock.starts.anchor)


def _restarts(kind: Kind, clock: Clock) -> Iterator[Mistake]:
    for move, field in clock.restarts.items():
        fill = kind.flow.moves[move].fill
        fields = kind.form.fields
        reasons = [name for name in fill if name in fields and fields[name].type in ("text", "choice")]
        if field not in fill or not reasons:
            yield mistake("restart_without_reason", clock.mark, name=move)


def _contradictory(rulebook: Rulebook, kind: Kind, move: Move) -> Iterator[Mistake]:
    needs = move.needs + (kind.needs if kind.flow.proves(move) else ())
    formulas = [possible.filled(field) for field in move.fill]
    formulas += [
        possible.either(possible.false(need.when), possible.true(need.that))
        for need in needs
        if not need.soft
    ]
    if needs and possible.witness(formulas, _options(rulebook, kind)) is None:
        yield mistake("needs_contradict", move.mark)


def _options(rulebook: Rulebook, kind: Kind) -> possible.Options:
    def options(path: str) -> tuple[str, ...]:
        field = step(kind, path)
        return field.options if field else ()

    return options


def both_hold(
    rulebook: Rulebook, kind: Kind, first: Matcher | None, second: Matcher | None
) -> possible.Witness | None:
    """Return a record on which both conditions hold, None if it is proved that there is none."""
    return possible.witness([possible.true(first), possible.true(second)], _options(rulebook, kind))


def _slots(rulebook: Rulebook) -> Iterator[Mistake]:
    """Reactions to one event that would write different values into one field, or name different owners."""
    reactions = list(rulebook.reactions.values())
    for index, second in enumerate(reactions):
        kind = rulebook.kinds[second.after.partition(".")[0]]
        for first in reactions[:index]:
            if first.after != second.after:
                continue
            shared = _competing(_writes(first.do), _writes(second.do))
            found = both_hold(rulebook, kind, first.when, second.when) if shared else None
            if found is not None:
                shown = ", ".join(f"{path}: {value}" for path, value in found.items()) or "always"
                yield mistake("slot_twice", second.mark, other=first.mark, slot=shared, witness=shown)


def _writes(effects: Iterable[Effect]) -> dict[str, str]:
    written: dict[str, str] = {}
    for effect in effects:
        if effect.word == "set":
            written |= effect.with_
        elif effect.word == "assign":
            written["owner"] = str(effect.for_)
        elif effect.word == "move":
            written["state"] = effect.target
    return written


def _competing(first: Mapping[str, str], second: Mapping[str, str]) -> str:
    return ", ".join(slot for slot in first if slot in second and first[slot] != second[slot])


def _cycles(rulebook: Rulebook) -> Iterator[Mistake]:
    """Events that set each other off with no condition anywhere on the way round."""
    after: dict[str, set[str]] = {}
    for reaction in rulebook.reactions.values():
        if reaction.when is None:
            after.setdefault(reaction.after, set()).update(_events(reaction))
    for kind in rulebook.kinds.values():
        for event in kind.starts:
            if kind.when is None:
                after.setdefault(event, set()).add(f"{kind.name}.opened")
        for move in kind.flow.moves.values():
            for event in _follow(kind.name, move.then):
                after.setdefault(f"{kind.name}.{move.name}", set()).add(event)
    for reaction in rulebook.reactions.values():
        circle = _circle(after, reaction.after)
        if circle:
            yield mistake("reaction_cycle", reaction.mark, cycle=" -> ".join(circle))


def _events(reaction: Reaction) -> Iterator[str]:
    yield from _follow(reaction.after.partition(".")[0], reaction.do)


def _follow(kind: str, effects: Iterable[Effect]) -> Iterator[str]:
    for effect in effects:
        if effect.word == "open":
            yield f"{effect.target}.opened"
        elif effect.word == "set" and any("." not in name for name in effect.with_):
            yield f"{kind}.set"
        elif effect.word == "move":
            yield f"{kind}.{effect.target}"


def _circle(after: Mapping[str, set[str]], start: str) -> tuple[str, ...]:
    """The way from `start` back to itself, () if there is none."""
    todo: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while todo:
        way = todo.pop()
        for event in sorted(after.get(way[-1], ())):
            if event == start:
                return (*way, start)
            if event not in seen:
                seen.add(event)
                todo.append((*way, event))
    return ()


def _lines(rulebook: Rulebook) -> Iterator[Mistake]:
    for post in rulebook.posts.values():
        above = {name: {other.reports_to} for name, other in rulebook.posts.items() if other.reports_to}
        circle = _circle(above, post.name)
        if circle:
            yield mistake("line_cycle", post.mark, cycle=" -> ".join(circle))
