"""`doorstep outcomes calls`: how many customers called on which day, out of a CSV file."""

import sys
from pathlib import Path

from commands.database import open_database
from commands.errors import CommandFailed
from contracts.access.callers import COMMAND_LINE
from contracts.clock import Clock
from contracts.outcomes.calls_file import CallsFileRefused, read_calls_file
from settings import Settings
from store.outcomes.calls import put_calls_file


async def give_calls(settings: Settings, path: str, clock: Clock) -> int:
    """Take every line of a file, or of standard input for `-`; gives how many there were.
    CommandFailed, with each line that is wrong, where it cannot be taken: then nothing is."""
    try:
        lines = read_calls_file(_content(path))
        async with open_database(settings) as database:
            await database.write(put_calls_file, lines, clock(), actor=COMMAND_LINE)
    except CallsFileRefused as refused:
        raise CommandFailed(f"{path}: nothing was taken\n{refused}") from None
    return len(lines)


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read ({error.strerror})") from None
