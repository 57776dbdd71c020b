"""A sheet of paper: what a printed form says, whatever it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form: what it is, what stands there; `tall` leaves room to write by hand."""

    title: str
    value: str
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: lists of one or two cells side by side. signatures: who signs at the foot."""

    title: str
    organisation: str
    number: str
    rows: Sequence[Sequence[Row]]
    signatures: Sequence[str]
    printed_at: datetime
    back: str


def show(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The sheet as a page of A4, to be printed by the browser."""
    return render(request, "documents/a4.html", {"sheet": sheet})
