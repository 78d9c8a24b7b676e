"""The month of old events, made small, and dropped as the worker drops it."""

import asyncio

import pytest

from benchmarks.dropping import drop_as_the_worker_does, drop_without_rests, fill_erased
from store.db.database import Database
from store.tables import AttemptRow, DeliveryRow, EventRow, OrderSequenceRow, PayloadRow
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended

EVENTS = 500


async def test_all_goes_but_the_orders_of_the_last_day(shelf: Shelf, database: Database) -> None:
    await asyncio.to_thread(fill_erased, database.engine, EVENTS)
    beside = asyncio.create_task(asyncio.sleep(600))
    dropped = await drop_as_the_worker_does(database, beside)
    beside.cancel()
    left = await shelf.count(EventRow)
    assert dropped == EVENTS - left
    assert 0 < left < EVENTS / 5
    for kind in (DeliveryRow, PayloadRow, AttemptRow):
        assert await shelf.count(kind) == left
    assert 0 < await shelf.count(OrderSequenceRow) < left
    assert sum(events for events, _ in await drop_without_rests(database)) == 0
