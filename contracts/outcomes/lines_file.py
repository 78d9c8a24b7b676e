"""Lines of a CSV file that somebody else's figures come in: by hand out of a spreadsheet, mostly.

The first line names the columns, in any order. What spreadsheets do to a file is taken: a byte
order mark, semicolons or tabs between the columns, lines that end in CRLF or are empty. What could
mean two things is refused: a day is written as 2026-11-25 only. It is all or nothing, and every
line that cannot be taken is named.
"""

import csv
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from contracts.body import Body
from contracts.errors import DoorstepError
from contracts.payload.faults import words_of

B = TypeVar("B", bound=Body)

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


class LinesRefused(DoorstepError):
    """Nothing of the file was taken. `faults` are the first of its faults; `more` says how many
    there are besides."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        self.faults = list(faults[:_FAULTS_TOLD])
        self.more = len(faults) - len(self.faults)
        rest = [f"and {self.more} more"] if self.more else []
        super().__init__("\n".join([*map(str, self.faults), *rest]))


@dataclass(frozen=True)
class Line(Generic[B]):
    """What a line says."""

    line: int
    given: B


@dataclass(frozen=True)
class LinesForm(Generic[B]):
    """What the lines of a file are. No two of them may have the same `key`, which is worded as
    `key_words`."""

    columns: Sequence[str]
    model: type[B]
    key: Callable[[B], Hashable]
    key_words: str


def read_lines(content: bytes, form: LinesForm[B]) -> list[Line[B]]:
    """The lines of a file. LinesRefused where one of them, or the whole, cannot be taken."""
    [header, *rows] = _rows(content) or [(1, [])]
    places = _places(header[1], form.columns)
    if not rows:
        raise LinesRefused([LineFault(1, "no other line says anything")])
    if len(rows) > MOST_LINES:
        reason = f"the file has more than {MOST_LINES} lines: send it in parts"
        raise LinesRefused([LineFault(rows[MOST_LINES][0], reason)])
    taken: list[Line[B]] = []
    faults: list[LineFault] = []
    for number, cells in rows:
        read = _line(number, cells, places, form.model)
        if isinstance(read, Line):
            taken.append(read)
        else:
            faults += read
    faults += _repeated(taken, form)
    if faults:
        raise LinesRefused(sorted(faults, key=lambda one: one.line))
    return taken


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """The lines that say something, each with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LinesRefused([LineFault(1, "save the file as CSV UTF-8")]) from None
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
        raise LinesRefused([LineFault(reader.line_num, f"no CSV ({error})")]) from None
    return rows


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)


def _places(header: Sequence[str], columns: Sequence[str]) -> Mapping[str, int]:
    """Where each column is."""
    names = [one.lower() for one in header]
    if sorted(names) != sorted(columns):
        reason = f"the columns are {', '.join(columns)}: the first line names them, and no others"
        raise LinesRefused([LineFault(1, reason)])
    return {name: names.index(name) for name in columns}


def _line(
    number: int, cells: Sequence[str], places: Mapping[str, int], model: type[B]
) -> Line[B] | list[LineFault]:
    if len(cells) != len(places):
        return [LineFault(number, f"there are {len(cells)} columns and not {len(places)}")]
    try:
        said = {name: cells[place] for name, place in places.items()}
        return Line(number, model.model_validate(said))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        return [LineFault(number, f"{one['loc'][0]}: {words_of(one)}") for one in faults]


def _repeated(lines: Sequence[Line[B]], form: LinesForm[B]) -> Iterator[LineFault]:
    first: dict[Hashable, int] = {}
    for one in lines:
        before = first.setdefault(form.key(one.given), one.line)
        if before != one.line:
            yield LineFault(one.line, f"line {before} has the same {form.key_words}")
