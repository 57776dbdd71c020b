"""Why a clock says what it says: clause, rule, version, arithmetic, pauses, every change of mind, the
outcome.

Lines are for people, in both languages and in order of time; `Explanation` keeps what they were made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kefu.core import worktime
from kefu.core.clocks.states import ClockState
from kefu.core.rulebook.model import Clause, Kind, Rulebook, Text
from kefu.core.rulebook.wording import Wording
from kefu.core.worktime import Calendar


@dataclass(frozen=True, slots=True)
class ClockExplanation:
    """clauses: where the manual says it. counted: the arithmetic, None for a promise fixed to an instant."""

    state: ClockState
    clauses: tuple[Clause, ...]
    lines: tuple[Text, ...]
    counted: worktime.Explanation | None

    def text(self, lang: str) -> list[str]:
        return [line.text(lang) for line in self.lines]


def explain_clock(state: ClockState, rules: Mapping[str, Rulebook]) -> ClockExplanation:
    """Explain one run of a clock. rules: rulebook by version, as for `replay`; raises KeyError for
    another.
    """
    rulebook = rules[state.version]
    kind = rulebook.kinds[state.kind]
    clauses = tuple(rulebook.clauses[name] for name in state.rule.clauses if name in rulebook.clauses)
    counted = _counted(state, rulebook.calendar)
    zh = _Lines(state, rulebook, kind, "zh").all(clauses, counted)
    en = _Lines(state, rulebook, kind, "en").all(clauses, counted)
    return ClockExplanation(state, clauses, tuple(Text(a, b) for a, b in zip(zh, en, strict=True)), counted)


def time_used(state: ClockState, calendar: Calendar, at: datetime) -> timedelta:
    """How much of the promise had run by `at`, on its own clock, pauses taken out; it stops with the
    clock.
    """
    unit = state.amount.unit if state.amount else worktime.Unit.HOURS
    until = min(at, state.ended_at) if state.ended_at else at
    pauses = tuple((since, end or until) for since, end in state.pauses)
    return worktime.used(calendar, state.started_at, until, unit, pauses)


def _counted(state: ClockState, calendar: Calendar) -> worktime.Explanation | None:
    if state.amount is None:
        return None
    closed = tuple((since, end) for since, end in state.pauses if end is not None)
    return worktime.explain(calendar, state.started_at, state.amount, closed)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The sentences of one explanation in one language."""

    state: ClockState
    rulebook: Rulebook
    kind: Kind
    lang: str

    def all(self, clauses: tuple[Clause, ...], counted: worktime.Explanation | None) -> list[str]:
        return [
            self._title(),
            *(self._clause(clause) for clause in clauses),
            self._version(),
            *self._arithmetic(counted),
            *self._changes(counted),
            *self._outcome(),
        ]

    def _say(self, zh: str, en: str) -> str:
        return Text(zh, en).text(self.lang)

    def _at(self, at: datetime) -> str:
        return f"{self.rulebook.calendar.local(at):%Y-%m-%d %H:%M}"

    def _title(self) -> str:
        title, run = self.state.rule.title.text(self.lang), self.state.run
        again = self._say(f"（第 {run} 次）", f" (run {run})") if run > 1 else ""
        return f"{title}{again}"

    def _clause(self, clause: Clause) -> str:
        statement = clause.statement.text(self.lang)
        if clause.reading:
            statement = statement.rstrip("。.")  # the sentence goes on
        said = (
            Wording(self.rulebook, self.kind, self.lang).clauses([clause.id])
            + self._say("：", ": ")
            + statement
        )
        reading = clause.reading.text(self.lang) if clause.reading else ""
        return said + (self._say(f"；理解为：{reading}", f"; read as: {reading}") if reading else "")

    def _version(self) -> str:
        name, version = self.rulebook.title.text(self.lang), self.state.version[:12]
        return self._say(f"依据《{name}》版本 {version}", f"by “{name}”, version {version}")

    def _arithmetic(self, counted: worktime.Explanation | None) -> list[str]:
        if counted is not None:
            return counted.lines(self.lang)
        words = Wording(self.rulebook, self.kind, self.lang)
        due, fixed = self._at(self.state.due_at), words.due(self.state.promised)
        since = self._at(self.state.started_at)
        lines = [
            self._say(
                f"从 {since} 起算，期限为固定时刻：{fixed}", f"from {since}, fixed to an instant: {fixed}"
            ),
            self._say(f"到期 {due}（含该时刻）", f"due {due}, that moment included"),
        ]
        doubt = worktime.not_confirmed(self.state.unconfirmed, self.lang)
        return [*lines, doubt] if doubt else lines

    def _changes(self, counted: worktime.Explanation | None) -> list[str]:
        """What happened to the promise while it ran, and why its due instant is not the counted one."""
        state = self.state
        lines = [
            self._say(
                f"{self._at(earlier.at)} 因信息变更重新计算，原到期 {self._at(earlier.due_at)}",
                f"worked out again at {self._at(earlier.at)} when a fact changed; "
                f"it was due {self._at(earlier.due_at)}",
            )
            for earlier in state.earlier_dues
        ]
        if counted is not None and counted.due != state.due_at:
            lines.append(self._not_as_counted(counted.due))
        if state.pauses and state.pauses[-1][1] is None:
            since = self._at(state.pauses[-1][0])
            lines.append(
                self._say(
                    f"{since} 起暂停，恢复后顺延", f"paused since {since}; the rest runs on when it resumes"
                )
            )
        return lines

    def _not_as_counted(self, counted: datetime) -> str:
        due = self._at(self.state.due_at)
        if self.state.floor is not None and self.state.due_at == self.state.floor > counted:
            return self._say(
                f"承诺在 {due} 才成立，不得早于该时刻到期",
                f"the promise was made at {due} and cannot fall due before",
            )
        rule = self._say(
            "后" if self.state.due_at > counted else "前", "on" if self.state.due_at > counted else "back"
        )
        return self._say(f"到期日遇休息日，{rule}移至 {due}", f"moved {rule} from a day off to {due}")

    def _outcome(self) -> list[str]:
        state = self.state
        ended = self._at(state.ended_at) if state.ended_at else ""
        missed = self._at(state.missed_at) if state.missed_at else ""
        match state.state:
            case "met":
                return [self._say(f"{ended} 完成，按时", f"kept at {ended}, in time")]
            case "missed" if ended:
                return [self._say(f"{missed} 超时，{ended} 结束", f"missed at {missed}, ended at {ended}")]
            case "missed":
                return [self._say(f"{missed} 超时，尚未完成", f"missed at {missed}, still open")]
            case "superseded":
                return [
                    self._say(
                        f"{ended} 起不再适用，不计入考核",
                        f"no longer applies since {ended}; counts in no rate",
                    )
                ]
            case "rescheduled":
                return [
                    self._say(
                        f"{ended} 改期，由新的时限代替", f"rescheduled at {ended}; a fresh promise took over"
                    )
                ]
        return []
