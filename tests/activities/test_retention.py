"""The jobs of the retention: what stops one stops no other, and how each stands is written down."""

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import retention
from activities.retention import RetentionActivities
from contracts.delivery.names import FailureType
from contracts.delivery.retention import JobResult, KeptFor, RetentionJob
from contracts.errors import StoreUnavailable
from store.db.database import Database
from store.retention.jobs import JobStanding, job_standings
from store.tables import AuditEntryRow, DeliveryRow, EventRow
from tests.support.shelf import Shelf, after, an_event, of_its_own_order

DAY = 86_400
LATER, MUCH_LATER = 40 * DAY, 402 * DAY
KEPT_FOR = KeptFor(timedelta(days=30), timedelta(days=400))


def mistaken(*_: object, **__: object) -> None:
    raise ZeroDivisionError("about +919876543210")


async def run(database: Database, job: RetentionJob, at: float = LATER) -> JobResult:
    """One job, so many seconds after NOW."""
    activities = RetentionActivities(database, lambda: after(at), KEPT_FOR)
    result: JobResult = await ActivityEnvironment().run(getattr(activities, job.value))
    return result


async def standing(database: Database, job: RetentionJob) -> JobStanding | None:
    return (await database.read(job_standings)).get(job)


async def test_there_is_an_activity_of_each_name(database: Database) -> None:
    jobs = RetentionActivities(database, lambda: after(0), KEPT_FOR).jobs
    assert [one.__name__ for one in jobs] == [*RetentionJob]


async def test_an_event_that_cannot_be_opened_stops_nothing_and_is_counted(
    shelf: Shelf, database: Database
) -> None:
    await shelf.add_partner()
    broken, well = (of_its_own_order(an_event("out_for_delivery")) for _ in range(2))
    for event in (broken, well):
        await shelf.plan(event)
    await shelf.change(EventRow, broken.event_id, body="1:test:AAAA")
    assert await run(database, RetentionJob.ERASE_OTPS) == JobResult(done=1, unreadable=1)
    assert await standing(database, RetentionJob.ERASE_OTPS) == JobStanding(after(LATER), 1, 0)
    assert (await run(database, RetentionJob.ERASE_EVENTS)).done == 2
    for event in (broken, well):  # past their retention, both are erased all the same
        assert (await shelf.one(EventRow, event.event_id)).erased_at == after(LATER)
    assert await run(database, RetentionJob.ERASE_OTPS, LATER + 1) == JobResult()
    assert await standing(database, RetentionJob.ERASE_OTPS) == JobStanding(after(LATER + 1), 0, 0)


async def test_old_events_go_and_one_that_is_open_is_kept_and_counted(
    shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.add_partner()
    events = [of_its_own_order(an_event()) for _ in range(5)]
    plans = [await shelf.plan(event) for event in events]
    await run(database, RetentionJob.ERASE_EVENTS)
    await shelf.change(DeliveryRow, plans[1].deliveries[0].delivery_id, state="held")
    monkeypatch.setattr(retention, "EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    job = RetentionJob.DROP_OLD_EVENTS
    assert await run(database, job, MUCH_LATER) == JobResult(done=2, kept=1)
    assert await run(database, job, MUCH_LATER) == JobResult(done=2, kept=1)
    assert await run(database, job, MUCH_LATER) == JobResult(kept=1)
    assert await standing(database, job) == JobStanding(after(MUCH_LATER), 0, 1)
    assert await shelf.count(EventRow) == 1


async def test_audit_entries_go_with_the_rows(shelf: Shelf, database: Database) -> None:
    await shelf.add_partner()
    assert await run(database, RetentionJob.DROP_OLD_ENTRIES, 399 * DAY) == JobResult()
    assert await run(database, RetentionJob.DROP_OLD_ENTRIES, MUCH_LATER) == JobResult(done=1)
    assert await shelf.count(AuditEntryRow) == 0


@pytest.mark.parametrize("job", RetentionJob)
async def test_each_says_that_it_went_well(database: Database, job: RetentionJob) -> None:
    assert await run(database, job) == JobResult()
    assert await standing(database, job) == JobStanding(after(LATER), 0, 0)


@pytest.mark.parametrize(
    ("job", "step"),
    [
        (RetentionJob.ERASE_OTPS, "erase_ended_otps"),
        (RetentionJob.EXPIRE_DEAD_LETTERS, "expire_dead_letters"),
        (RetentionJob.DROP_OLD_EVENTS, "partners_with_old_events"),
    ],
)
async def test_a_mistake_is_told_of_and_is_no_success(
    database: Database, monkeypatch: pytest.MonkeyPatch, job: RetentionJob, step: str
) -> None:
    monkeypatch.setattr(retention, step, mistaken)
    with pytest.raises(ApplicationError) as raised:
        await run(database, job)
    assert raised.value.type == FailureType.OUR_FAULT
    assert "98765" not in str(raised.value)
    assert await standing(database, job) is None


async def test_a_database_that_is_away_is_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(retention, "erase_ended_otps", away)
    with pytest.raises(ApplicationError) as raised:
        await run(database, RetentionJob.ERASE_OTPS)
    assert raised.value.type == FailureType.STORE_UNAVAILABLE
