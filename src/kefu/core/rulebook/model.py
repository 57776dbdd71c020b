"""The rulebook as typed values: what a manual says, after it was read and before it is asked.

Everything here is frozen and plain: no database, no clock, no settings. `load` builds these values
from text, `check` refuses what contradicts itself, `match` and `who` answer them on facts.
A `title` is for people, a `clause` is where the manual says it, a `mark` is where the file says it. What rules are
written in (conditions, people, instants, effects) stands in `expressions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from kefu.core.rulebook.expressions import (
    NOWHERE,
    Branch,
    Effect,
    Instant,
    Mark,
    Matcher,
    Special,
    Who,
)
from kefu.core.worktime import Amount, Calendar, Recurrence

UNPROVEN: Final = ("withdrawn", "refused", "not_reached")  # moves that end work without what proves it done


@dataclass(frozen=True, slots=True)
class Text:
    """A wording in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule carries. `when` defaults to always, `clauses` are ids of `Rulebook.clauses`."""

    name: str
    title: Text
    clauses: tuple[str, ...] = ()
    note: str = ""
    when: Matcher | None = None
    examples: tuple[Example, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


# --- the chapters ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    """A passage of the manual: chapter, statement in our own words, reading taken, catalogue ids it answers.

    `code` are dotted paths (`kefu.cases.actions:register`) that carry it besides rules, `tests` the ids of
    the tests that name it.
    """

    id: str
    chapter: Text
    statement: Text
    reading: Text | None = None
    requirements: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Rule):
    code: str = ""
    headcount: int | None = None
    reports_to: str | None = None
    stands_in: tuple[str, ...] = ()
    leads: str | None = None
    sees: Literal["own", "team", "department", "company"] = "own"
    may: tuple[str, ...] = ()
    profile: str = ""
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Rule):
    """A gate: `that` must hold; a `soft` one may be passed with a reason. `say` explains the refusal."""

    that: Matcher
    soft: bool = False
    say: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Rule):
    """prefill: a path from which a new document takes the value. computed: how it follows from other fields."""

    type: Literal["text", "number", "choice", "day", "instant", "span", "record", "file", "signature", "rows"]
    options: Mapping[str, Text] = field(default_factory=dict)
    of: str = ""
    required: bool = False
    many: bool = False
    unit: str = ""
    points: Decimal | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    privacy: str = ""
    to_customer: Text | None = None
    prefill: str = ""
    computed: Computed | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """How a field follows from others: `of` are their paths, `rows.column` for a column of rows.

    share is the first of two divided by the second, in percent; difference the first less all others.
    """

    how: Literal["sum", "difference", "product", "count", "average", "share"]
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a form lies on A4: the page, and its fields row by row. No rows: by the length of the fields."""

    page: Literal["portrait", "landscape"] = "portrait"
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Rule):
    """keep: how long after the last move it is kept; "forever", or None where the manual says nothing."""

    fields: Mapping[str, Field]
    layout: Layout = Layout()
    keep: Amount | Literal["forever"] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a share of a clock's own amount, at its due instant, or an amount before/after it."""

    at: Decimal | Instant  # Decimal("0.75"), or Instant(anchor="due", …)
    do: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Rule):
    starts: Instant
    stops: tuple[str, ...]
    due: tuple[Branch[Amount | Instant | Recurrence | Special], ...]
    pauses: tuple[str, ...] = ()
    restarts: Mapping[str, str] = field(default_factory=dict)  # move -> instant field
    holiday: Literal["keep", "forward", "back"] = "keep"
    steps: tuple[Step, ...] = ()
    to_customer: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Rule):
    from_: tuple[str, ...]
    to: str
    by: tuple[Branch[tuple[Who, ...]], ...]
    fill: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    then: tuple[Effect, ...] = ()
    to_customer: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`over`: work in it is finished although it may be taken up again (`closed` with a move `reopened`).

    rating: the customer may rate the work in it.
    """

    name: str
    title: Text
    over: bool = False
    rating: bool = False
    to_customer: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Rule):
    """States in order (the first is where work starts) and the moves between them.

    `moves_to` says where work in a state dropped by this version belongs, and so lets it be published. No work is
    moved: each keeps the flow it was opened under until it closes.
    """

    states: Mapping[str, State]
    moves: Mapping[str, Move]
    moves_to: Mapping[str, str] = field(default_factory=dict)

    @property
    def start(self) -> str:
        return next(iter(self.states))

    def ends(self) -> tuple[str, ...]:
        """States in which the work is over: said so, or no move leaves them for another one."""
        leaving = {state for move in self.moves.values() for state in move.from_ if state != move.to}
        return tuple(name for name, state in self.states.items() if state.over or name not in leaving)

    def proves(self, move: Move) -> bool:
        """Whether the move ends the work as done, and so asks what proves it."""
        return move.to in self.ends() and move.name not in UNPROVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Rule):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades(Rule):
    """Levels heaviest first; a rule may raise, only a person may lower."""

    of: str
    levels: Mapping[str, Level]
    by: tuple[Who, ...] = ()


Chapter = Literal["cases", "duties", "approvals", "forms"]


@dataclass(frozen=True, slots=True)
class Each:
    """One piece of work for each record of a kind that matches `where`."""

    of: str
    where: Matcher | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a series: `times` times, once `every` amount; None: for as long as `each` still matches."""

    every: Amount
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Attempts:
    """Tries to reach somebody: so many, so far apart, inside the named hours ("" for any time)."""

    at_most: int
    spacing: Amount | None = None
    inside: str = ""


Link = tuple[Who, ...]  # of a chain: all of them sign, in any order


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Rule):
    """A kind of work. A duty's `starts` are events (`repair.finished`) that open it; its `needs` end it.

    A duty's `due` is its clock named `due`, which takes the duty's examples but those that expect a `result`. Of a
    duty that comes round it runs to the day that `every` means, of a series (`plan`) to the instant `planned`, which
    the opening works out.
    copies: who gets the finished paper, how many printed. chain: of an approval, who signs, link after link.
    A form with `by` is a kind of its own name, chapter "forms".
    """

    chapter: Chapter
    number: str
    form: Form
    flow: Flow
    grades: Grades | None = None
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    by: tuple[Branch[tuple[Who, ...]], ...] = ()
    starts: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    to_customer: Text | None = None
    every: Recurrence | None = None
    each: Each | None = None
    plan: tuple[Stage, ...] = ()
    copies: tuple[tuple[Who, int], ...] = ()
    attempts: Attempts | None = None
    chain: tuple[Branch[tuple[Link, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Rule):
    """A view of records in a list: no data of its own. With `group` a table of counts and shares."""

    of: tuple[str, ...]
    where: Matcher | None = None
    columns: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(Rule):
    """After an event `kind.move` (or `kind.opened`, `kind.set`), when the subject's facts match, do."""

    after: str
    do: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case of one rule. Keys of `expect`: those of `words.EXPECT`."""

    name: str
    given: Mapping[str, object] = field(default_factory=dict)
    records: tuple[Mapping[str, object], ...] = ()
    events: tuple[tuple[str, str], ...] = ()  # (move, local time as written) in file order
    at: str | None = None
    expect: Mapping[str, object] = field(default_factory=dict)
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """One pack with its parent merged in. `version` is the SHA-256 (hex) of `source`, its canonical JSON.

    `in_force` is the first day of effect that the pack itself names, if it does.
    """

    name: str
    title: Text
    extends: str | None
    version: str
    source: str = field(default="", repr=False, compare=False)
    in_force: date | None = None
    clauses: Mapping[str, Clause]
    posts: Mapping[str, Post]
    calendars: Mapping[str, Calendar]  # the first is the department's own
    forms: Mapping[str, Form]
    flows: Mapping[str, Flow]
    grades: Mapping[str, Grades]
    kinds: Mapping[str, Kind]  # cases, duties, approvals and forms with `by`: one name space
    reactions: Mapping[str, Reaction]
    registers: Mapping[str, Register] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        return next(iter(self.calendars.values()))


# Values in facts: instants are aware UTC datetimes, days dates, spans pairs of instants, numbers Decimal,
# durations Amount, choices and text str, people and other records `Ref`s, several of anything a list.
@dataclass(frozen=True, slots=True)
class Ref:
    """A record named in facts: kind ("person", "unit", "customer", "complaint", …) and id."""

    kind: str
    id: str


Facts = Mapping[str, object]
