"""What a rule does on the facts of an example, chapter by chapter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kefu.core.clocks.replay import ClockState, Happened, due_steps, replay
from kefu.core.errors import Refused
from kefu.core.flow import Words
from kefu.core.flow.moves import check_move, chosen, empty
from kefu.core.proof.places import Place
from kefu.core.proof.rounds import due_days, signers
from kefu.core.proof.subject import Subject, moment, names_in
from kefu.core.rulebook.expressions import Effect, Matcher, Special, Who
from kefu.core.rulebook.grade import proposed_level
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import (
    Clock,
    Example,
    Flow,
    Form,
    Grades,
    Kind,
    Level,
    Move,
    Post,
    Reaction,
    Ref,
    Rule,
    Rulebook,
)
from kefu.core.rulebook.who import escalation, resolve
from kefu.core.rulebook.wording import Wording

A_MINUTE = timedelta(minutes=1)


@dataclass
class Observed:
    """What may be expected. due: local time. assigned: everyone the effects turn to. value: what `set`
    wrote. chain: who signs one after another, a list where several sign together. days: when it falls due, local.
    """

    due: datetime | None = None
    state: str = ""
    result: str = ""
    level: str | None = None
    opens: list[str] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)
    value: dict[str, str] = field(default_factory=dict)
    chain: list[object] | None = None
    days: list[str] | None = None


def observe(rulebook: Rulebook, place: Place, rule: Rule, example: Example) -> Observed:
    """Run only `rule`. Raises Refused for values and keys that mean nothing to it."""
    match rule:
        case Clock():
            return _clock(rulebook, rulebook.kinds[place.name], rule, example)
        case Kind():
            return _kind(rulebook, rule, example)
        case Move():
            return _move(rulebook, rulebook.flows.get(place.name) or _flow_of(rulebook, place), rule, example)
        case Flow():
            return _flow(rulebook, rule, example)
        case Grades():
            return _grades(rulebook, rule, example)
        case Level():
            return _grades(rulebook, rulebook.grades[place.name], example)
        case Reaction():
            return _reaction(rulebook, rule, example)
        case Post():
            return _post(rulebook, rule, example)
        case Form():
            return _form(rulebook, rule, example)
    raise Refused(
        "example.rule",
        zh=f"“{place}”不能带例子。",
        en=f"“{place}” cannot have examples",
        place=str(place),
    )


# --- clocks and kinds -----------------------------------------------------------------------------


def _clock(rulebook: Rulebook, kind: Kind, clock: Clock, example: Example) -> Observed:
    subject = Subject(example, rulebook, (kind,))
    alone = replace(rulebook, kinds={kind.name: replace(kind, clocks={clock.name: clock})})
    events = _events(subject, kind, clock, rulebook.version)
    at = moment(example.at, rulebook.calendar) if example.at else events[-1].at
    states = replay(kind.name, events, {rulebook.version: alone}, at=at)
    last: ClockState | None = states[-1] if states else None
    seen = Observed(
        due=rulebook.calendar.local(last.due_at).replace(tzinfo=None) if last else None,
        state=last.state if last else "",
    )
    for step in due_steps(states, at):
        for effect in step.step.do:
            _carry_out(effect, subject, seen)
    return seen


def _events(subject: Subject, kind: Kind, clock: Clock, version: str) -> list[Happened]:
    """The moves of the example in order of time. Unless it says when, the work is opened a minute before the
    first, so that a clock which starts with a move is told from one which starts when the work is opened.
    """
    example, flow = subject.example, kind.flow
    moves = sorted(((moment(at, subject.calendar), name) for name, at in example.events), key=lambda e: e[0])
    start = subject.facts.get(clock.starts.anchor)
    times = [at for at, _ in moves]
    if not times and isinstance(start, datetime):
        times = [start]
    if not times and example.at:
        times = [moment(example.at, subject.calendar)]
    if not times:
        raise Refused(
            "example.no_time",
            zh=f"例子“{example.name}”没有时间：请写 events 或 at。",
            en=f"the example “{example.name}” has no time: give it events, or at",
            name=example.name,
        )
    if all(name != "opened" for _, name in moves):
        moves.insert(0, (min(times) - A_MINUTE if moves else min(times), "opened"))
    state = str(example.given.get("state", flow.start))
    found = []
    for seq, (at, name) in enumerate(moves, 1):
        move = flow.moves.get(name)
        state = move.to if move else state
        found.append(Happened(seq, at, name, state, subject.facts if name == "opened" else {}, version))
    return found


def _kind(rulebook: Rulebook, kind: Kind, example: Example) -> Observed:
    """Who may open it (`by` alone), what opens it (an event), whom a duty falls to, what proves it done,
    its clock.
    """
    clock = kind.clocks.get("due")
    if "days" in example.expect:
        return Observed(days=due_days(rulebook, kind, example))
    if "chain" in example.expect and kind.chapter == "approvals":
        return Observed(chain=signers(rulebook, kind, example), result=_proved(rulebook, kind, example))
    if kind.attempts and "tries" in example.given:
        return Observed(result=_given_up(rulebook, kind, example))
    started = [name for name, _ in example.events if name in kind.starts]
    timed = bool(example.events) and not started
    seen = _clock(rulebook, kind, clock, example) if clock and timed else Observed()
    seen.opens = [*seen.opens, *([kind.name] if started else [])]
    subject = Subject(example, rulebook, (kind,))
    people = subject.people
    whos = chosen(kind.by, subject.facts, rulebook.calendar, subject.count)
    if kind.chapter == "duties" and not timed:
        seen.assigned = {person for who in whos for person in resolve(who, subject.facts, people)}
    if subject.by is not None and set(example.given) <= {"by", "away", "owner"}:
        may = any(subject.by in resolve(who, subject.facts, people) for who in whos)
        seen.result = "ok" if may else "refused"
        return seen
    seen.result = _proved(rulebook, kind, example)
    return seen


def _given_up(rulebook: Rulebook, kind: Kind, example: Example) -> str:
    """Whether so many tries are enough to end it as not reached."""
    subject = Subject(example, rulebook, (kind,))
    needs = kind.flow.moves["not_reached"].needs
    return "ok" if all(_holds(need.that, subject) for need in needs) else "refused"


def _proved(rulebook: Rulebook, kind: Kind, example: Example) -> str:
    """Whether the needs of the kind hold: ok, reason where a soft one does not, refused."""
    subject = Subject(example, rulebook, (kind,))
    result = "ok"
    for need in kind.needs:
        if _holds(need.when, subject) and not _holds(need.that, subject):
            result = "reason" if need.soft and result != "refused" else "refused"
    return result


# --- moves and flows ------------------------------------------------------------------------------


def _move(rulebook: Rulebook, flow: Flow, move: Move, example: Example) -> Observed:
    """One move tried: by somebody (`by`) with all its conditions, or only those whose fields are given."""
    kinds = tuple(kind for kind in rulebook.kinds.values() if kind.flow.name == flow.name)
    subject = Subject(example, rulebook, kinds)
    whole = subject.by is not None
    tried = replace(
        move,
        fill=move.fill if whole or subject.gives(move.fill) else (),
        needs=tuple(
            need
            for need in move.needs
            if whole or subject.gives(asked := names_in(need.that) | names_in(need.when)) or "count" in asked
        ),
    )
    before = str(example.given.get("state", move.from_[0] if move.from_ else flow.start))
    seen = Observed(state=before)
    try:
        passed = check_move(
            replace(flow, moves={**flow.moves, move.name: tried}),
            move.name,
            before,
            {**subject.facts, "state": before},
            subject.by,
            subject.people,
            calendar=rulebook.calendar,
            records=subject.count,
            words=Words(*(Wording(rulebook, kinds[0] if kinds else None, lang) for lang in ("zh", "en"))),
        )
    except Refused as refusal:
        seen.result = "reason" if refusal.code == "flow.reason" else "refused"
        return seen
    seen.result, seen.state = "ok", passed.move.to
    for effect in move.then:
        _carry_out(effect, subject, seen)
    return seen


def _flow(rulebook: Rulebook, flow: Flow, example: Example) -> Observed:
    """The moves of `events` one after another, by state alone."""
    seen = Observed(result="ok", state=str(example.given.get("state", flow.start)))
    for name, _ in example.events:
        move = flow.moves.get(name)
        if name == "opened":
            continue
        if move is None or seen.state not in move.from_:
            seen.result = "refused"
            return seen
        seen.state = move.to
    return seen


def _flow_of(rulebook: Rulebook, place: Place) -> Flow:
    return next(kind.flow for kind in rulebook.kinds.values() if kind.flow.name == place.name)


# --- grades, reactions, posts, forms --------------------------------------------------------------


def _grades(rulebook: Rulebook, grades: Grades, example: Example) -> Observed:
    kinds = tuple(kind for kind in rulebook.kinds.values() if kind.grades and kind.grades.name == grades.name)
    subject = Subject(example, rulebook, kinds)
    current = subject.facts.get(grades.name)
    level = proposed_level(
        grades,
        subject.facts,
        str(current) if current is not None else None,
        set_by_person=False,
        calendar=rulebook.calendar,
        records=subject.count,
    )
    return Observed(level=level)


def _reaction(rulebook: Rulebook, reaction: Reaction, example: Example) -> Observed:
    kind = rulebook.kinds.get(reaction.after.partition(".")[0])
    subject = Subject(example, rulebook, (kind,) if kind else ())
    seen = Observed()
    if _holds(reaction.when, subject):
        for effect in reaction.do:
            _carry_out(effect, subject, seen)
    return seen


def _post(rulebook: Rulebook, post: Post, example: Example) -> Observed:
    """Whom an escalation past this post's holder reaches: the reporting line, with who is `away` passed
    over.
    """
    subject = Subject(example, rulebook, ())
    facts = {"owner": Ref("person", post.name)}
    line = Who("leader of", of=Who("field", "owner"))
    reached = escalation(line, facts, subject.people, rulebook.posts)
    return Observed(assigned={reached.person} if reached.person and not reached.past_top else set())


def _form(rulebook: Rulebook, form: Form, example: Example) -> Observed:
    """Whether what is given can be filed: known fields, allowed values, nothing required left empty."""
    given = {name: value for name, value in example.given.items() if value != Special.NONE}
    allowed = all(
        name in form.fields
        and (not form.fields[name].options or all(one in form.fields[name].options for one in _listed(value)))
        for name, value in given.items()
    )
    missing = [name for name, asked in form.fields.items() if asked.required and empty(given.get(name))]
    return Observed(result="ok" if allowed and not missing else "refused")


# --- shared ---------------------------------------------------------------------------------------


def _holds(matcher: Matcher | None, subject: Subject) -> bool:
    return (
        matcher is None or holds(matcher, subject.facts, calendar=subject.calendar, records=subject.count).ok
    )


def _carry_out(effect: Effect, subject: Subject, seen: Observed) -> None:
    people = subject.people
    match effect.word:
        case "open":
            seen.opens.append(effect.target)
        case "set":
            seen.value |= {name: _set_to(name, word, subject) for name, word in effect.with_.items()}
            for name, value in effect.with_.items():
                if name in subject.rulebook.grades:
                    seen.level = value
        case "move":
            seen.value["move"] = effect.target
        case "escalate" if effect.for_:
            reached = escalation(effect.for_, subject.facts, people, subject.rulebook.posts)
            seen.assigned |= {reached.person} if reached.person else set()
        case _ if effect.for_:
            seen.assigned |= set(resolve(effect.for_, subject.facts, people))


def _set_to(path: str, word: str, subject: Subject) -> str:
    """What `set` writes: of a path with two steps the value of the field that the word names, if it names one."""
    fact = subject.facts.get(word) if "." in path else None
    return word if fact is None else fact.id if isinstance(fact, Ref) else str(fact)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
