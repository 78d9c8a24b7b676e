"""`doorstep outcomes calls` and `doorstep outcomes baseline`: what others counted, out of a CSV
file; every line of it, or none."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session

from commands.database import open_database
from commands.errors import CommandFailed
from contracts.access.callers import COMMAND_LINE
from contracts.body import Body
from contracts.clock import Clock
from contracts.outcomes.baseline_views import BASELINES_FILE
from contracts.outcomes.calls_file import CALLS_FILE
from contracts.outcomes.lines_file import Line, LinesForm, LinesRefused, read_lines
from settings import Settings
from store.outcomes.baselines import put_baselines_file
from store.outcomes.calls import put_calls_file

B = TypeVar("B", bound=Body)


async def give_calls(settings: Settings, path: str, clock: Clock) -> int:
    """Keep how many customers called on which day; gives how many lines there were. `-` is standard
    input. CommandFailed, with each line that is wrong, where the file cannot be taken."""
    return await _take(settings, path, clock, CALLS_FILE, put_calls_file)


async def import_baselines(settings: Settings, path: str, clock: Clock) -> int:
    """Keep what figures were before. As `give_calls`."""
    return await _take(settings, path, clock, BASELINES_FILE, put_baselines_file)


async def _take(
    settings: Settings,
    path: str,
    clock: Clock,
    form: LinesForm[B],
    put: Callable[[Session, Sequence[Line[B]], datetime, str], Any],
) -> int:
    try:
        lines = read_lines(_content(path), form)
        async with open_database(settings) as database:
            await database.write(put, lines, clock(), COMMAND_LINE)
    except LinesRefused as refused:
        raise CommandFailed(f"{path}: nothing was taken\n{refused}") from None
    return len(lines)


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read ({error.strerror})") from None
