"""A register on paper, lying where it has many columns."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from kefu.core.errors import Refused
from kefu.documents.composing import PAGE, PRINTED, SUM
from kefu.documents.papers import Column, Paper, Table
from kefu.documents.registers.finding import Listed
from kefu.documents.registers.reading import Reader
from kefu.documents.registers.words import Words, number_said
from kefu.staff.queries import organisation

MOST_PRINTED = 2_000  # lines: some 80 pages; what is longer is read in a spreadsheet
WIDE = 6  # columns beyond which the page lies


def register_paper(listed: Listed, reader: Reader, *, lang: str, at: datetime, period: str) -> Paper:
    """The register or table of counts as it stands. period: in words, what of it is printed.

    Raises Refused register.too_long, register.too_long_to_print.
    """
    table = _counts(listed, reader, lang) if listed.register.group else _lines(listed, reader, lang)
    found, calendar = organisation(), listed.rulebook.calendar
    units = "、".join(one.name for one in listed.departments) if len(listed.departments) < 4 else ""
    return Paper(
        title=listed.register.title.text(lang),
        organisation=f"{found.name if found else ''} {units}".strip(),
        number="",
        subtitle=period,
        blocks=[table],
        foot=f"{PRINTED.text(lang)} {calendar.local(at):%Y-%m-%d %H:%M}",
        page=PAGE.text(lang),
        lang=lang[:2],
        landscape=len(table.columns) > WIDE,
    )


def _lines(listed: Listed, reader: Reader, lang: str) -> Table:
    register, words = listed.register, Words(listed, lang)
    lines = list(islice(reader.lines(), MOST_PRINTED + 1))
    if len(lines) > MOST_PRINTED:
        raise Refused(
            "register.too_long_to_print",
            zh=f"超过 {MOST_PRINTED:,} 行，不宜打印；请按时间或部门缩小范围，或导出为 Excel。",
            en=f"More than {MOST_PRINTED:,} rows are too many to print; narrow it by period or export it.",
            most=MOST_PRINTED,
        )
    rows = [[str(n), *cells] for n, cells in enumerate(words.cells(lines, register.columns), start=1)]
    sums = []
    if register.sum and lines:
        totals = reader.totals()
        sums = [SUM.text(lang), *(number_said(totals.get(name)) for name in register.columns)]
    columns = [Column("#", 0.4), *(_column(words, listed, name) for name in register.columns)]
    return Table(columns, rows, sums)


def _counts(listed: Listed, reader: Reader, lang: str) -> Table:
    words, register = Words(listed, lang), listed.register
    headings = words.group_headings()
    groups = reader.groups()
    columns = [
        Column(one, 1.5 if n < len(register.group) else 1, n >= len(register.group))
        for n, one in enumerate(headings)
    ]
    totals = [sum((one.sums.get(name) or 0) for one in groups) for name in register.sum]
    sums = [
        SUM.text(lang),
        *[""] * (len(register.group) - 1),
        str(sum(one.count for one in groups)),
        "100%" if groups else "",
        *(f"{one:f}" if one else "" for one in totals),
    ]
    return Table(columns, words.groups(groups), sums)


def _column(words: Words, listed: Listed, name: str) -> Column:
    kinds = [listed.rulebook.kinds[one] for one in listed.register.of if one in listed.rulebook.kinds]
    field = next((kind.form.fields[name] for kind in kinds if name in kind.form.fields), None)
    number = field is not None and field.type == "number"
    long = field is not None and field.type in ("text", "rows") and not field.privacy
    return Column(words.heading(name), 2.2 if long else 1, number)
