"""The course of an incident in the pack `servicedesk` against a real log of a service desk."""

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest

from kefu.core.rulebook import load_pack

pytestmark = pytest.mark.data

CHECKOUT = Path(__file__).resolve().parents[5]
DATA = Path(os.environ.get("KEFU_DATA", CHECKOUT.parent / "shared" / "data"))
LOG = DATA / "service_desk_logs" / "uci_incident_event_log.csv.gz"
STATES = {
    "New": "new",
    "Active": "active",
    "Awaiting User Info": "awaiting_user",
    "Awaiting Vendor": "awaiting_vendor",
    "Awaiting Problem": "awaiting_problem",
    "Awaiting Evidence": "awaiting_evidence",
    "-100": "unrecorded",
    "Resolved": "resolved",
    "Closed": "closed",
}


def transitions() -> Counter[tuple[str, str]]:
    """State before and after of two rows of one incident that follow each other in the file."""
    last: dict[str, str] = {}
    found: Counter[tuple[str, str]] = Counter()
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = STATES[row["incident_state"]]
            if row["number"] in last:
                found[last[row["number"]], state] += 1
            last[row["number"]] = state
    return found


def test_every_transition_of_the_log_is_exactly_one_move() -> None:
    flow = load_pack("servicedesk").kinds["incident"].flow
    stated = Counter((before, move.to) for move in flow.moves.values() for before in move.from_)

    seen = transitions()

    assert len(seen) == 46  # premise: nine of them leave the state as it is
    assert ("closed", "active") in seen
    assert ("unrecorded", "resolved") in seen
    assert {pair: stated[pair] for pair in seen} == dict.fromkeys(seen, 1)


def test_between_two_states_there_is_never_a_choice_of_moves() -> None:
    flow = load_pack("servicedesk").kinds["incident"].flow
    stated = Counter((before, move.to) for move in flow.moves.values() for before in move.from_)

    assert max(stated.values()) == 1
