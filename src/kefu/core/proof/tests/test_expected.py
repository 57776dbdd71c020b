"""Due instants written by hand from the manuals, held against what the packs make of them, both ways.

`tests/expected/<pack>.csv`: the rule as kind.clock (of a duty `due`), its start, the facts given, what happened then,
the posts that owe it, the due instant (all local time of the pack's calendar) and the reason in words. A row without
a start is a duty that comes round by itself: all that falls due in the window stands there and nothing else may. The
start of a duty of a series is the event that the series counts from, and all of it in the window stands there. A pack
answers for its own duties, not for those of the pack that it extends.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from kefu.core.clocks.replay import Happened, replay
from kefu.core.rulebook import load_pack
from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.model import Clock, Kind, Rulebook
from kefu.core.rulebook.plans import plan_item
from kefu.core.worktime import occurrences

EXPECTED = Path(__file__).resolve().parents[5] / "tests" / "expected"
SINCE, UNTIL = (
    "2026-09-15T00:00",
    "2026-11-01T00:00",
)  # what falls due on the day before at 24:00 is not of the window


def clocks_of(pack: str, kind: str) -> Mapping[str, Clock]:
    kinds = load_pack(pack).kinds
    return kinds[kind].clocks if kind in kinds else {}


ROWS = [
    (file.stem, row)
    for file in sorted(EXPECTED.glob("*.csv"))
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
]
# Rows may be written ahead of their rules.
ROWS = [
    (pack, row)
    for pack, row in ROWS
    if row["rule"].split(".")[1] in clocks_of(pack, row["rule"].split(".")[0])
]
PACKS = sorted({pack for pack, _ in ROWS})
OF_A_SERIES = {
    (pack, row["rule"], row["start"])
    for pack, row in ROWS
    if row["start"] and load_pack(pack).kinds[row["rule"].split(".")[0]].plan
}
TOLD = [
    (pack, row) for pack, row in ROWS if row["start"] and (pack, row["rule"], row["start"]) not in OF_A_SERIES
]
COMING_ROUND = [(pack, row) for pack, row in ROWS if not row["start"]]


def instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in text.split(";") if pair)]


def typed(kind: Kind, name: str, text: str, zone: ZoneInfo) -> object:
    field = kind.form.fields.get(name)
    return instant(text, zone) if field is not None and field.type == "instant" else text


def owing(kind: Kind, clock: str) -> set[str]:
    """Whom the clock binds: those to whom a duty falls, who sign, or who make the moves that stop it."""
    if kind.chapter == "approvals":
        return {said(who) for branch in kind.chain for link in branch.value for who in link}
    moves = [kind.flow.moves[name] for name in kind.clocks[clock].stops if name in kind.flow.moves]
    branches = kind.by if kind.chapter == "duties" else [branch for move in moves for branch in move.by]
    return {said(who) for branch in branches for who in branch.value}


def said(who: Who) -> str:
    """The expression as the file writes it."""
    name = who.name if who.of is None else said(who.of)
    return name if who.word in ("post", "field") else f"{who.word} {name}".strip()


def of_the_pack(pack: str) -> list[Kind]:
    inherited = load_pack("general").kinds if pack != "general" else {}
    return [kind for name, kind in load_pack(pack).kinds.items() if kind != inherited.get(name)]


def comes_to(kind: Kind) -> set[str]:
    """The posts that a duty falls to each time: of one for each person that is theirs, those whose holders get one."""
    owes = [said(who) for branch in kind.by for who in branch.value]
    if owes != ["each"] or kind.each is None or kind.each.where is None:
        return {" ".join(owes)}
    tests = [test for tests in kind.each.where.any_of for test in tests if test.path == "post"]
    return {
        said(who) if isinstance(who, Who) else who
        for test in tests
        for who in cast("tuple[str, ...]", test.operand)
    }


@pytest.mark.parametrize(
    ("pack", "row"), TOLD, ids=[f"{pack} {row['rule']} {row['start']}" for pack, row in TOLD]
)
def test_the_clock_is_due_when_the_manual_says(pack: str, row: dict[str, str]) -> None:
    rulebook = load_pack(pack)
    zone = ZoneInfo(rulebook.calendar.zone)
    kind_name, clock_name = row["rule"].split(".")
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
    assert set(row["post"].split()) <= owing(kind, clock_name)


def series(rulebook: Rulebook, kind: Kind, began: datetime) -> Iterator[datetime]:
    """When each duty of the series that began then falls due."""
    for number in count(1):
        item = plan_item(kind, rulebook.calendar, began, number)
        if item is None:
            return
        opened = Happened(
            1, item.opens, "opened", kind.flow.start, {"planned": item.planned}, rulebook.version
        )
        states = replay(kind.name, [opened], {rulebook.version: rulebook}, at=item.opens)
        yield from (state.due_at for state in states if state.clock == "due")


@pytest.mark.parametrize(("pack", "rule", "start"), sorted(OF_A_SERIES))
def test_a_series_falls_due_when_the_manual_says_and_at_no_other_time(
    pack: str, rule: str, start: str
) -> None:
    rulebook = load_pack(pack)
    kind = rulebook.kinds[rule.split(".")[0]]
    zone = ZoneInfo(rulebook.calendar.zone)
    since, until = instant(SINCE, zone), instant(UNTIL, zone)
    rows = [row for of, row in ROWS if (of, row["rule"], row["start"]) == (pack, rule, start)]

    found = [due for due in series(rulebook, kind, instant(start, zone)) if since < due <= until]

    assert found == [instant(row["due"], zone) for row in rows]
    assert {row["post"] for row in rows} == comes_to(kind)


@pytest.mark.parametrize("pack", PACKS)
def test_what_comes_round_falls_due_for_its_post_when_the_manual_says_and_at_no_other_time(pack: str) -> None:
    calendar = load_pack(pack).calendar
    zone = ZoneInfo(calendar.zone)
    since, until = instant(SINCE, zone), instant(UNTIL, zone)
    written = {
        (row["rule"], row["post"], instant(row["due"], zone)) for of, row in COMING_ROUND if of == pack
    }

    found = {
        (f"{kind.name}.due", post, one.due)
        for kind in of_the_pack(pack)
        if kind.every is not None
        for one in occurrences(kind.every, calendar, since - timedelta(days=400), until)
        if since < one.due <= until
        for post in comes_to(kind)
    }

    assert found == written


@pytest.mark.parametrize("pack", ["decoration", "property", "telecom"])
def test_two_months_hold_every_clock_of_the_pack(pack: str) -> None:
    text = (EXPECTED / f"{pack}.csv").read_text(encoding="utf-8")
    written = {row["rule"] for row in csv.DictReader(text.splitlines())}
    inherited = load_pack("general").kinds
    kinds = [kind for name, kind in load_pack(pack).kinds.items() if name not in inherited]
    clocks = {f"{kind.name}.{clock}" for kind in kinds for clock in kind.clocks}
    longer_rounds = {f"{kind.name}.due" for kind in kinds if kind.every}

    assert clocks - longer_rounds <= written
    assert written <= clocks | {"enquiry.reply"}
