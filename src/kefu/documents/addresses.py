"""Numbers of cases and duties in addresses."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse
from django.urls.converters import StringConverter


def by_number(name: str) -> Callable[[str], str]:
    """The address `name` of any number, for a page of many: the resolver is asked once, as it takes longer than all
    else that is said of one."""
    before, _, after = reverse(name, args=["0"]).rpartition("0")
    return lambda number: f"{before}{quote(number)}{after}"


class NumberConverter(StringConverter):
    """Any running number a rulebook may give; no NUL, which no database can be asked about."""

    regex = r"[^/\x00]{1,40}"
