"""`run_retention`: no job of it stops another one, and what went wrong is told of."""

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.retention import RetentionActivities
from contracts.delivery.messages import RetentionDone
from contracts.delivery.names import FailureType
from contracts.errors import StoreUnavailable
from store.db.database import Database
from store.tables import EventRow
from tests.support.shelf import Shelf, after, an_event, of_its_own_order

LATER = timedelta(days=40).total_seconds()


def mistaken(*_: object, **__: object) -> None:
    raise ZeroDivisionError("about +919876543210")


async def run(database: Database) -> RetentionDone:
    retention = RetentionActivities(database, lambda: after(LATER), timedelta(days=30))
    return await ActivityEnvironment().run(retention.run_retention)


async def test_an_event_that_cannot_be_opened_stops_nothing_and_is_told_of(
    shelf: Shelf, database: Database
) -> None:
    await shelf.add_partner()
    broken, well = (of_its_own_order(an_event("out_for_delivery")) for _ in range(2))
    for event in (broken, well):
        await shelf.plan(event)
    await shelf.change(EventRow, broken.event_id, body="1:test:AAAA")
    with pytest.raises(ApplicationError, match="1 events with an OTP cannot be opened") as raised:
        await run(database)
    assert raised.value.type == FailureType.OUR_FAULT
    for event in (broken, well):  # past their retention, both are erased all the same
        assert (await shelf.one(EventRow, event.event_id)).erased_at == after(LATER)
    assert (await run(database)).events_erased == 0


@pytest.mark.parametrize("job", ["erase_ended_otps", "expire_dead_letters", "age_without_news"])
async def test_a_mistake_in_one_job_stops_no_other_one(
    shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch, job: str
) -> None:
    await shelf.add_partner()
    event = an_event()
    await shelf.plan(event)
    monkeypatch.setattr(f"activities.retention.{job}", mistaken)
    with pytest.raises(ApplicationError) as raised:
        await run(database)
    assert raised.value.type == FailureType.OUR_FAULT
    assert (await shelf.one(EventRow, event.event_id)).erased_at == after(LATER)


async def test_a_database_that_is_away_ends_the_round(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr("activities.retention.erase_ended_otps", away)
    with pytest.raises(ApplicationError) as raised:
        await run(database)
    assert raised.value.type == FailureType.STORE_UNAVAILABLE
