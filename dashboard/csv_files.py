"""A list as a CSV file, written while it is read: with the filters of its page, from its first row
to its last, page by page behind a position, so that no list is too long."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from fastapi.responses import StreamingResponse

from contracts.spreadsheet import BYTE_ORDER_MARK, MEDIA_TYPE, Cell, csv_lines
from dashboard.times import within_the_calendar

ROWS_AT_ONCE = 500

Row = TypeVar("Row")
Place = TypeVar("Place")

CsvRow = Sequence[Cell]


def csv_file(
    name: str, header: Sequence[str], rows: AsyncIterator[Sequence[CsvRow]]
) -> StreamingResponse:
    """A file to be saved under this name. `rows` come some at a time."""
    headers = {
        "content-disposition": f'attachment; filename="{name}.csv"',
        "cache-control": "no-store",
    }
    return StreamingResponse(_written(header, rows), media_type=MEDIA_TYPE, headers=headers)


async def all_pages(
    read: Callable[[Place | None, int], Awaitable[Sequence[Row]]], place: Callable[[Row], Place]
) -> AsyncIterator[Sequence[Row]]:
    """Every page of a list. `read` gives so many rows behind a place, `place` is a row's."""
    after: Place | None = None
    while True:
        rows = await read(after, ROWS_AT_ONCE)
        if rows:
            yield rows
        if len(rows) < ROWS_AT_ONCE:
            return
        after = place(rows[-1])


async def in_one_piece(rows: Sequence[CsvRow]) -> AsyncIterator[Sequence[CsvRow]]:
    """The rows of a list that is read as a whole."""
    yield rows


def moment_cell(moment: datetime | None, zone: str) -> str | None:
    """A moment as spreadsheets take it for one, in a time zone that the header names."""
    if moment is None:
        return None
    return f"{within_the_calendar(moment).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


async def _written(
    header: Sequence[str], rows: AsyncIterator[Sequence[CsvRow]]
) -> AsyncIterator[str]:
    yield BYTE_ORDER_MARK + csv_lines([header])
    async for some in rows:
        yield csv_lines(some)
