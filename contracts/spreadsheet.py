"""Rows as CSV that opens well in a spreadsheet: no cell is run as a formula, dates are ISO 8601,
decimals have a point (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

MEDIA_TYPE = "text/csv; charset=utf-8"

BYTE_ORDER_MARK = "\ufeff"
"""What a file for people begins with: without it a spreadsheet takes Hindi for something else."""

Cell = str | int | Decimal | date | None

_RUN_AS_FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""Also the signs in full width (OWASP, CSV Injection)."""


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The document; what is None is an empty cell."""
    return csv_lines([header]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Some lines of a document that is written piece by piece."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_cell(one) for one in row] for row in rows)
    return written.getvalue()


def _cell(value: Cell) -> str:
    """Text that a spreadsheet would run is told to be text by an apostrophe; numbers are not."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RUN_AS_FORMULAS) else value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
