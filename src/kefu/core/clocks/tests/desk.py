"""A small department for clock tests: its rulebook, and a way to write down what happened."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kefu.core.clocks.replay import ClockState, Happened, replay
from kefu.core.rulebook import load_files
from kefu.core.rulebook.model import Rulebook

ZONE = ZoneInfo("Asia/Shanghai")

PACK = "name: desk\ntitle: {zh: 客服部, en: desk}\n"

POSTS = """
posts:
  clerk: {title: {zh: 文员, en: clerk}, reports_to: head}
  head: {title: {zh: 主管, en: head}}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-12:00 13:30-18:00}, holidays: china,
    working_day: 8 hours, at_once: 10 minutes}
clauses:
  one: {chapter: {zh: 第一章, en: chapter 1}, statement: {zh: 按时答复, en: answer in time}}
"""

FLOW = """
flows:
  complaint:
    states:
      registered: {title: {zh: 已登记, en: registered}}
      dispatched: {title: {zh: 已派, en: dispatched}}
      waiting: {title: {zh: 等待客户, en: waiting}}
      solved: {title: {zh: 已解决, en: solved}}
      closed: {title: {zh: 已关闭, en: closed}}
    moves:
      accepted: {title: {zh: 受理, en: accept}, from: registered, to: registered, by: clerk}
      dispatched: {title: {zh: 派单, en: dispatch}, from: [registered, dispatched], to: dispatched, by: clerk}
      asked: {title: {zh: 询问, en: ask}, from: dispatched, to: waiting, by: clerk}
      answered: {title: {zh: 答复, en: answer}, from: waiting, to: dispatched, by: clerk}
      rescheduled: {title: {zh: 改期, en: reschedule}, from: [dispatched, waiting], to: dispatched, by: clerk,
        fill: [agreed_at, remark]}
      returned: {title: {zh: 退回, en: return}, from: dispatched, to: registered, by: clerk}
      solved: {title: {zh: 解决, en: solve}, from: [registered, dispatched], to: solved, by: clerk}
      reopened: {title: {zh: 重开, en: reopen}, from: solved, to: dispatched, by: clerk}
      closed: {title: {zh: 关闭, en: close}, to: closed, by: clerk,
        from: [solved, registered, dispatched, waiting]}
forms:
  complaint:
    title: {zh: 投诉单, en: complaint}
    fields:
      severity: {title: {zh: 等级, en: severity}, type: choice,
        options: {major: {zh: 重大, en: major}, minor: {zh: 轻微, en: minor}, open: {zh: 未定, en: open}}}
      valid: {title: {zh: 有效, en: valid}, type: choice,
        options: {valid: {zh: 是, en: valid}, invalid: {zh: 否, en: not}}}
      agreed_at: {title: {zh: 约定时间, en: agreed}, type: instant}
      promised_at: {title: {zh: 承诺时间, en: promised}, type: instant}
      begins_at: {title: {zh: 开工时间, en: begins}, type: instant}
      decided_at: {title: {zh: 决定时间, en: decided}, type: instant}
      remark: {title: {zh: 备注, en: remark}, type: text}
"""


@cache
def rulebook(clocks: str, *, flow: str = FLOW) -> Rulebook:
    """A rulebook whose one kind, `complaint`, has these clocks, in YAML; those with `silent: yes` take no
    steps.
    """
    text = clocks.strip().replace("clause: one", "clause: one, title: {zh: 时限, en: clock}")
    text, silent = re.subn(r",\s*silent: yes", "", text)
    lines = "".join(f"      {line}\n" for line in text.splitlines())
    cases = (
        f"cases:\n  complaint:\n    title: {{zh: 投诉, en: complaint}}\n    by: clerk\n    clocks:\n{lines}"
    )
    files = {"desk/pack.yaml": PACK.encode(), "desk/rules.yaml": (POSTS + flow + cases).encode()}
    found = load_files("desk", files)
    return _without_steps(found) if silent else found


def _without_steps(found: Rulebook) -> Rulebook:
    kind = found.kinds["complaint"]
    quiet = {name: replace(clock, steps=()) for name, clock in kind.clocks.items()}
    return replace(found, kinds={"complaint": replace(kind, clocks=quiet)})


def local(text: str) -> datetime:
    """`2026-09-24 16:00`, or `09-24 16:00` of 2026, in Shanghai, as an aware UTC instant."""
    text = text if text.count("-") == 2 else f"2026-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def happened(rules: Rulebook, *events: tuple[Any, ...]) -> list[Happened]:
    """Events from `(time, name)`, `(time, name, facts)`, `(time, name, facts, version)`; states follow the
    flow.
    """
    state, found = rules.kinds["complaint"].flow.start, []
    moves = rules.kinds["complaint"].flow.moves
    for seq, (when, name, *rest) in enumerate(events, 1):
        facts = dict(rest[0]) if rest and rest[0] else {}
        facts = {key: local(value) if key.endswith("_at") else value for key, value in facts.items()}
        version = rest[1].version if len(rest) > 1 else rules.version
        changes = name == "opened" or name in moves
        state = moves[name].to if name in moves else state
        found.append(Happened(seq, local(str(when)), str(name), state if changes else None, facts, version))
    return found


def clocks(rules: Rulebook, *events: tuple[Any, ...], at: str | None = None) -> tuple[ClockState, ...]:
    """The clocks after these events, asked at `at`, by default at the last event."""
    what = happened(rules, *events)
    books = {rules.version: rules} | {e[3].version: e[3] for e in events if len(e) > 3}
    return replay("complaint", what, books, at=local(at) if at else what[-1].at)


def only(rules: Rulebook, *events: tuple[Any, ...], at: str | None = None) -> ClockState:
    """The one clock of these events."""
    states = clocks(rules, *events, at=at)
    assert len(states) == 1, states
    return states[0]


MINUTE = timedelta(minutes=1)
