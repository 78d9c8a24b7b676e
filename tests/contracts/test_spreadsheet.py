"""CSV for spreadsheets: what is text stays text, what is a number stays one."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from contracts.spreadsheet import Cell, csv_lines, csv_of


def read(document: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(document, newline="")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+91", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－2", "＠SUM(A1)"],  # noqa: RUF001
)
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    assert read(csv_of(["text"], [[text]])) == [["text"], [f"'{text}"]]


def test_numbers_dates_and_gaps_are_plain() -> None:
    row: list[Cell] = [Decimal("-5.0"), Decimal("1E+3"), -3, date(2026, 3, 2), None, 'a "b", c']
    document = csv_of(["a"], [row])
    assert read(document)[1] == ["-5.0", "1000", "-3", "2026-03-02", "", 'a "b", c']
    assert document.startswith("a\r\n")


def test_a_document_may_be_written_piece_by_piece() -> None:
    rows: list[list[Cell]] = [["=1", 1], ["b", None]]
    pieces = csv_lines([["a", "b"]]) + csv_lines(rows[:1]) + csv_lines(rows[1:])
    assert pieces == csv_of(["a", "b"], rows)
