"""Numbers of cases and duties in addresses."""

from __future__ import annotations

from django.urls.converters import StringConverter


class NumberConverter(StringConverter):
    """Any running number a rulebook may give; no NUL, which no database can be asked about."""

    regex = r"[^/\x00]{1,40}"
