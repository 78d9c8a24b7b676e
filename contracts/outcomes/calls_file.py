"""Customers' calls out of a CSV file, as a call centre exports them: by hand out of a spreadsheet,
mostly.

The columns are `partner_id`, `day` and `calls`, in any order. What spreadsheets do to a file is
taken: a byte order mark, semicolons or tabs between the columns, lines that end in CRLF or are
empty. What could mean two things is refused: a day is written as 2026-11-25 only. It is all or
nothing, and every line that cannot be taken is named.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from contracts.errors import DoorstepError
from contracts.outcomes.views import CallsGiven
from contracts.payload.faults import words_of

COLUMNS = ("partner_id", "day", "calls")
MOST_LINES = 10_000
_SEPARATORS = (",", ";", "\t")
_FAULTS_TOLD = 20


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line; the first one is 1, and has the names of the columns."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class CallsFileRefused(DoorstepError):
    """Nothing of the file was taken. `faults` are the first of its faults; `more` says how many
    there are besides."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        self.faults = list(faults[:_FAULTS_TOLD])
        self.more = len(faults) - len(self.faults)
        rest = [f"and {self.more} more"] if self.more else []
        super().__init__("\n".join([*map(str, self.faults), *rest]))


@dataclass(frozen=True)
class CallsLine:
    """What a line says."""

    line: int
    given: CallsGiven


def read_calls_file(content: bytes) -> list[CallsLine]:
    """The lines of a file. CallsFileRefused where one of them, or the whole, cannot be taken."""
    [header, *rows] = _rows(content) or [(1, [])]
    places = _places(header[1])
    if not rows:
        raise CallsFileRefused([LineFault(1, "there is no line with calls")])
    if len(rows) > MOST_LINES:
        reason = f"the file has more than {MOST_LINES} lines with calls: send it in parts"
        raise CallsFileRefused([LineFault(rows[MOST_LINES][0], reason)])
    read = [_line(number, cells, places) for number, cells in rows]
    taken = [one for one in read if isinstance(one, CallsLine)]
    faults = [one for one in read if isinstance(one, LineFault)]
    faults += _repeated(taken)
    if faults:
        raise CallsFileRefused(sorted(faults, key=lambda one: one.line))
    return taken


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """The lines that say something, each with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CallsFileRefused([LineFault(1, "save the file as CSV UTF-8")]) from None
    lines = text.splitlines()
    separator = _separator(lines[0] if lines else "")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise CallsFileRefused([LineFault(reader.line_num, f"no CSV ({error})")]) from None
    return rows


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)


def _places(header: Sequence[str]) -> Mapping[str, int]:
    """Where each column is."""
    names = [one.lower() for one in header]
    if sorted(names) != sorted(COLUMNS):
        reason = f"the columns are {', '.join(COLUMNS)}: the first line names them, and no others"
        raise CallsFileRefused([LineFault(1, reason)])
    return {name: names.index(name) for name in COLUMNS}


def _line(number: int, cells: Sequence[str], places: Mapping[str, int]) -> CallsLine | LineFault:
    if len(cells) != len(COLUMNS):
        return LineFault(number, f"there are {len(cells)} columns and not {len(COLUMNS)}")
    said = {name: cells[place] for name, place in places.items()}
    calls = said["calls"]
    if not (calls.isascii() and calls.isdigit()):
        return LineFault(number, "calls: send a whole number from 0")
    try:
        return CallsLine(number, CallsGiven.model_validate({**said, "calls": int(calls[:20])}))
    except ValidationError as error:
        [fault, *_] = error.errors(include_url=False, include_input=False)
        return LineFault(number, f"{fault['loc'][0]}: {words_of(fault)}")


def _repeated(lines: Sequence[CallsLine]) -> Iterator[LineFault]:
    first: dict[tuple[str, object], int] = {}
    for one in lines:
        before = first.setdefault((one.given.partner_id, one.given.day), one.line)
        if before != one.line:
            yield LineFault(one.line, f"line {before} has the same partner and day")
