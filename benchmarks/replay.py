"""How many cases a second `replay` brings up to date, on one core, in CPU time.

    python benchmarks/replay.py [cases]

Each case is a complaint of the shipped `property` pack with eight events: registered, accepted,
dispatched, taken on,
customer contacted, customer asked, customer answered, resolved. Every case has its own times; half of them
are major.
The figure includes reading the due instants of all clocks, their steps and their states. Beside it, in the
same run, a
bare loop over the same events that only looks at each event's name: what Python itself costs.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta

from kefu.core.clocks.replay import Happened, replay
from kefu.core.rulebook import load_pack

COURSE = (
    ("opened", 0),
    ("accepted", 5),
    ("dispatched", 20),
    ("taken_on", 60),
    ("customer_contacted", 120),
    ("asked_customer", 600),
    ("customer_answered", 2_000),
    ("resolved", 5_000),
)


def main(cases: int = 10_000) -> None:
    rulebook = load_pack("property")
    flow = rulebook.kinds["complaint"].flow
    rules = {rulebook.version: rulebook}
    chance = random.Random(1)
    first = datetime(2026, 3, 2, 1, tzinfo=UTC)
    work = []
    for number in range(cases):
        start = first + timedelta(minutes=chance.randrange(200 * 24 * 60))
        facts = {
            "validity": "valid",
            "severity": "major" if number % 2 else "minor",
            "difficulty": "ordinary",
        }
        state, events = flow.start, []
        for seq, (name, minutes) in enumerate(COURSE, 1):
            state = flow.moves[name].to if name in flow.moves else state
            at = start + timedelta(minutes=minutes * chance.uniform(0.5, 1.5))
            at = max(at, events[-1].at) if events else at
            given = facts if name == "accepted" else {}
            events.append(Happened(seq, at, name, state, given, rulebook.version))
        work.append((events, events[-1].at + timedelta(days=1)))

    replay("complaint", work[0][0], rules, at=work[0][1])  # the plan and the calendar are made once
    clocks = 0
    begun = time.process_time()
    for events, at in work:
        clocks += len(replay("complaint", events, rules, at=at))
    taken = time.process_time() - begun

    begun = time.process_time()
    for events, _ in work:
        names = {}
        for event in events:
            names[event.name] = event.at
    bare = time.process_time() - begun

    print(f"cases                 {cases:>10,} of {len(COURSE)} events, {clocks / cases:.2f} clocks each")
    print(f"replayed a second     {cases / taken:>10,.0f}   goal 5,000")
    print(
        f"one case              {taken / cases * 1e6:>10.1f} us, of it one clock {taken / clocks * 1e6:.1f} us"
    )
    print(f"bare loop, one case   {bare / cases * 1e6:>10.1f} us, ratio {taken / bare:.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
