"""Due instants written by hand from the manuals, held against what the packs and `replay` make of them.

`tests/expected/<pack>.csv`: the clock as kind.clock, its start, the facts given, what happened then, the due
instant (all local time of the pack's calendar) and the reason in words.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kefu.core.clocks.replay import Happened, replay
from kefu.core.rulebook import load_pack
from kefu.core.rulebook.model import Kind

EXPECTED = Path(__file__).resolve().parents[5] / "tests" / "expected"
ROWS = [
    (file.stem, row)
    for file in sorted(EXPECTED.glob("*.csv"))
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    if "clock" in row  # a file with the column `rule` tells of duties as well: `kefu simulate` is held against it
]
NAMES = [f"{pack} {row['clock']} {row['start']}" for pack, row in ROWS]


def instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in text.split(";") if pair)]


def typed(kind: Kind, name: str, text: str, zone: ZoneInfo) -> object:
    field = kind.form.fields.get(name)
    return instant(text, zone) if field is not None and field.type == "instant" else text


@pytest.mark.parametrize(("pack", "row"), ROWS, ids=NAMES)
def test_the_clock_is_due_when_the_manual_says(pack: str, row: dict[str, str]) -> None:
    rulebook = load_pack(pack)
    zone = ZoneInfo(rulebook.calendar.zone)
    kind_name, clock_name = row["clock"].split(".")
    kind = rulebook.kinds[kind_name]
    start = instant(row["start"], zone)
    facts = {name: typed(kind, name, text, zone) for name, text in pairs(row["given"])}
    begins = kind.clocks[clock_name].starts.anchor
    moves = [(begins, start)] if begins in kind.flow.moves else []
    moves += [(name, instant(text, zone)) for name, text in pairs(row["then"])]
    events = [Happened(1, start, "opened", kind.flow.start, facts, rulebook.version)]
    events += [
        Happened(seq, at, name, kind.flow.moves[name].to, {}, rulebook.version)
        for seq, (name, at) in enumerate(moves, start=2)
    ]

    states = replay(kind_name, events, {rulebook.version: rulebook}, at=events[-1].at)

    found = [state for state in states if state.clock == clock_name]
    assert found, f"no such promise was made: {row['why']}"
    assert found[-1].due_at == instant(row["due"], zone), row["why"]


def test_two_months_hold_every_clock_of_the_property_centre() -> None:
    rulebook = load_pack("property")
    written = {row["clock"] for pack, row in ROWS if pack == "property"}
    clocks = {f"{kind.name}.{clock}" for kind in rulebook.kinds.values() for clock in kind.clocks}

    assert written == clocks
    assert len(ROWS) >= 120
