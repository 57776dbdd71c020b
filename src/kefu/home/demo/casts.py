"""What is written down about each demonstration: company, departments, staff, customers, and what comes up there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

PACKS = ("property", "general", "telecom", "decoration")
PASSWORD = "guihua-2026"  # noqa: S105 (everybody's, printed at the start)
_HERE = Path(__file__).parent / "casts"


@dataclass(frozen=True)
class Colleague:
    login: str
    name: str
    unit: str
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """How often a kind of case comes up, and its usual ways: moves in order.

    number: in all the days. open: begun shortly before the end and left somewhere on the way. pace: minutes between
    two moves on average. about: subjects with what the customer says. papers: forms that are filed before a move.
    by: the post that registers it, where it may.
    """

    ways: Sequence[Sequence[str]]
    about: Sequence[tuple[str, str]]
    number: int
    pace: int
    open: int = 0
    papers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by: str = "agent"


@dataclass(frozen=True)
class Customers:
    """number: in all. key: the last of them have the grade `key`. companies: the first of them are firms.

    community: they live there, each in a flat of its own.
    """

    number: int
    key: int = 0
    companies: int = 0
    community: str = ""


@dataclass(frozen=True)
class Cast:
    """One pack's demonstration. The first of `staff` owns the organisation, the first of `units` lives by the pack.

    days: how many are lived. rounds: in how many of them, the last, duties come round. shown, check: logins of who is
    named at the start, and of who looks around in a check. papers: how many of a form, where not `few`.
    """

    pack: str
    company: str
    days: int
    rounds: int
    units: Mapping[str, str]
    staff: Sequence[Colleague]
    auditor: str
    shown: Sequence[str]
    check: Sequence[str]
    customers: Customers
    cases: Mapping[str, Topic]
    papers: Mapping[str, int] = field(default_factory=dict)
    few: int = 2


@cache
def cast(pack: str) -> Cast:
    read = yaml.safe_load((_HERE / f"{pack}.yaml").read_text(encoding="utf-8"))
    staff = [
        Colleague(login, name, unit, tuple(posts))
        for login, (name, unit, *posts) in read.pop("staff").items()
    ]
    customers = Customers(**read.pop("customers"))
    cases = {kind: Topic(**told) for kind, told in read.pop("cases").items()}
    return Cast(pack=pack, staff=staff, customers=customers, cases=cases, **read)
