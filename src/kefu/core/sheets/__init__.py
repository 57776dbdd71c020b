"""Lists in and out: CSV and xlsx read row by row as text, templates, refused rows back as a sheet with the
reason.

Not here: what a row means (each capability's `imports.py`). Start at `read_rows` or, with known columns,
`read_table`.
"""

from kefu.core.sheets.imports import Column, Outcome, RefusedRow, carry_in, read_table
from kefu.core.sheets.reading import Row, read_rows
from kefu.core.sheets.writing import template, write_csv, write_refused, write_table

__all__ = [
    "Column",
    "Outcome",
    "RefusedRow",
    "Row",
    "carry_in",
    "read_rows",
    "read_table",
    "template",
    "write_csv",
    "write_refused",
    "write_table",
]
