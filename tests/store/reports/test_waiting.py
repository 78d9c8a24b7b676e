"""What is counted beside the menu: what has failed and is open, and what is on hold."""

import pytest
from sqlmodel import Session

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.reports.waiting import Waiting, read_waiting
from store.tables import DeliveryRow
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, an_event

OWNERS = [None, "shop"]


async def _fill(shelf: Shelf, database: Database) -> None:
    """Of `shop`: one that has failed and one on hold. Of `other`: one on hold."""
    for partner_id in ("shop", "other"):
        await shelf.add_partner(partner_id)
        await shelf.add_endpoint(partner_id)
        [held] = (await shelf.plan(an_event(partner_id=partner_id))).deliveries
        await shelf.change(DeliveryRow, held.delivery_id, state=DeliveryState.HELD)
    [dead] = (await shelf.plan(an_event(partner_id="shop"))).deliveries
    letter = RecordDeadLetter(dead.delivery_id, DeadLetterReason.EXHAUSTED)
    await database.write(record_dead_letter, letter, NOW)


async def test_of_one_partner_or_of_all(shelf: Shelf, database: Database) -> None:
    assert await database.read(read_waiting, None) == Waiting()
    await _fill(shelf, database)
    assert await database.read(read_waiting, "shop") == Waiting(failed=1, held=1)
    assert await database.read(read_waiting, "other") == Waiting(held=1)
    assert await database.read(read_waiting, None) == Waiting(failed=1, held=2)


async def test_tests_wait_for_nobody(shelf: Shelf, database: Database) -> None:
    await _fill(shelf, database)
    [held] = (await shelf.plan(an_event(is_test=True))).deliveries
    await shelf.change(DeliveryRow, held.delivery_id, state=DeliveryState.HELD)
    [dead] = (await shelf.plan(an_event(is_test=True))).deliveries
    letter = RecordDeadLetter(dead.delivery_id, DeadLetterReason.EXHAUSTED)
    await database.write(record_dead_letter, letter, NOW)
    assert await database.read(read_waiting, "shop") == Waiting(failed=1, held=1)
    assert await database.read(read_waiting, None) == Waiting(failed=1, held=2)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("table", ["deliveries", "dead_letters"])
async def test_an_index_of_what_is_open_serves_it(
    shelf: Shelf, database: Database, table: str, owner: str | None
) -> None:
    await _fill(shelf, database)

    def read(session: Session) -> Waiting:
        return read_waiting(session, owner)

    [plan] = await database.read(plans_of, read, table)
    assert "Index" in plan
    assert "Seq Scan" not in plan
