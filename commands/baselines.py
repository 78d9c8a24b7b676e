"""`doorstep outcomes baseline`: what figures were before, all lines of a CSV file or none."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import Session

from commands.database import open_database
from commands.errors import CommandFailed
from contracts.access.callers import COMMAND_LINE
from contracts.clock import Clock
from contracts.errors import Invalid, NotFound
from contracts.outcomes.baseline_views import BaselineGiven
from contracts.payload.faults import words_of
from settings import Settings
from store.outcomes.baselines import put_baseline

COLUMNS = ("partner_id", "figure", "value", "from", "to")


@dataclass(frozen=True)
class Line:
    """One baseline of a file, and where it stands."""

    number: int
    given: BaselineGiven


class LinesRefused(CommandFailed):
    """Some lines cannot be used, and so none was; `faults` name each with its number."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("no baseline was imported")
        self.faults = faults


async def import_baselines(settings: Settings, path: Path, clock: Clock) -> int:
    """Keep every baseline of a file; gives how many. CommandFailed when it is no such table,
    LinesRefused when a line cannot be used."""
    lines = read_lines(_text_of(path), str(path))
    async with open_database(settings) as database:
        await database.write(_put_all, lines, clock())
    return len(lines)


def read_lines(text: str, name: str) -> list[Line]:
    """The baselines of a CSV document. Errors are those of `import_baselines`."""
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    faults: list[str] = []
    try:
        if sorted(table.fieldnames or ()) != sorted(COLUMNS):
            raise CommandFailed(f"{name}: the first line has to be {','.join(COLUMNS)}")
        for row in table:
            try:
                lines.append(Line(table.line_num, BaselineGiven.model_validate(_cells(row))))
            except ValidationError as error:
                faults += _faults(table.line_num, error)
    except csv.Error as error:
        raise CommandFailed(f"{name}: line {table.line_num}: {error}") from None
    if faults := [*faults, *_given_twice(lines)]:
        raise LinesRefused(faults)
    return lines


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{path}: not UTF-8 text") from None


def _cells(row: Mapping[str | None, str | list[str] | None]) -> dict[str, object]:
    """A row's cells by their columns; those beyond the last column are one that nobody knows."""
    return {name or "more cells": cell for name, cell in row.items() if cell is not None}


def _faults(number: int, error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        yield f"line {number}: {fault['loc'][0]}: {words_of(fault)}"


def _given_twice(lines: Sequence[Line]) -> Iterator[str]:
    """The later one would replace the other, and nobody would see which was meant."""
    first: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.given.partner_id, line.given.figure)
        if first.setdefault(key, line.number) != line.number:
            yield f"line {line.number}: figure: it is in line {first[key]}, too"


def _put_all(session: Session, lines: Sequence[Line], now: datetime) -> None:
    """Keep them, in one transaction. LinesRefused names what the database does not take."""
    faults = []
    for number, given in ((line.number, line.given) for line in lines):
        try:
            put_baseline(session, given.partner_id, given.baseline, now, actor=COMMAND_LINE)
        except NotFound as error:
            faults.append(f"line {number}: partner_id: {error}")
        except Invalid as error:
            faults.append(f"line {number}: {error.field}: {error}")
    if faults:
        raise LinesRefused(faults)
