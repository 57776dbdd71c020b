"""Lists in and out: CSV and xlsx read row by row as text, templates, refused rows back as a sheet with the
reason.

Not here: what a row means (each capability's `imports.py`). Start at `read_rows` or, with known columns,
`read_table` and `carrying.carry_in`.
"""

from kefu.core.sheets.imports import Column, Outcome, Progress, RefusedRow, read_table, to_the_end
from kefu.core.sheets.reading import Row, read_rows
from kefu.core.sheets.writing import template, write_csv, write_refused, write_table, write_xlsx

__all__ = [
    "Column",
    "Outcome",
    "Progress",
    "RefusedRow",
    "Row",
    "read_rows",
    "read_table",
    "template",
    "to_the_end",
    "write_csv",
    "write_refused",
    "write_table",
    "write_xlsx",
]
