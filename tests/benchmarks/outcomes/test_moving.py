"""Rows of a play on the simulated clock: each moment is thirty times as far from its event."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine

from benchmarks.outcomes.assumptions import BEGINS, TIME_FACTOR, moment_of
from benchmarks.outcomes.faults import Calendar, Fault, Kind
from benchmarks.outcomes.moving import move
from benchmarks.outcomes.simulated_clock import SimulatedClock
from benchmarks.outcomes.stored import PlayedRows
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.recoveries import RecoveryRequest
from contracts.delivery.states import DeadLetterReason
from store.deliveries.dead_lettering import record_dead_letter
from store.recoveries.recoveries import begin_recovery
from store.recoveries.steps import next_step
from store.tables import EndpointRow, EventRow
from tests.support.outcomes import Days
from tests.support.shelf import NOW, Shelf, Webhook, after

OFFSET_S = 10 * 86_400.0
NO_FAULTS = Calendar([])


@pytest.fixture
def sql(database_url: str) -> Iterator[Engine]:
    """Connections of our own."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


async def moved(sql: Engine, webhook: Webhook, calendar: Calendar = NO_FAULTS) -> PlayedRows:
    """Move the one event to OFFSET_S."""
    await asyncio.to_thread(move, sql, {webhook.event.event_id: OFFSET_S}, calendar)
    return PlayedRows(sql)


async def retried_after(webhook: Webhook, seconds: float) -> None:
    """Fail at once and arrive by a retry then."""
    await webhook.finish(await webhook.ready(), 503)
    await webhook.finish(await webhook.ready(now=after(seconds)), 200, now=after(seconds))


async def test_a_retry_after_a_second_is_one_after_half_a_minute(shelf: Shelf, sql: Engine) -> None:
    webhook = await shelf.webhook()
    await retried_after(webhook, 1.0)
    rows = await moved(sql, webhook)
    event = await shelf.one(EventRow, webhook.event.event_id)
    assert event.accepted_at == event.occurred_at == moment_of(OFFSET_S)
    first, second = await webhook.attempts()
    assert second.started_at - first.started_at == timedelta(seconds=TIME_FACTOR)
    [ended] = rows.ended()
    assert ended.took_s == TIME_FACTOR
    assert ended.by_schedule


async def test_the_clock_of_the_merchants_says_the_same(shelf: Shelf, sql: Engine) -> None:
    webhook = await shelf.webhook()
    await retried_after(webhook, 4.25)
    clock = SimulatedClock(NO_FAULTS)
    clock.post(webhook.event.event_id, OFFSET_S, NOW.timestamp())
    at_s = clock.attempt_s("shop", webhook.event.event_id, after(4.25).timestamp())
    await moved(sql, webhook)
    delivered_at = (await webhook.row()).delivered_at
    assert delivered_at is not None
    assert abs(delivered_at - moment_of(at_s)) < timedelta(milliseconds=1)


async def test_what_is_sent_again_arrives_after_the_repair(shelf: Shelf, sql: Engine) -> None:
    webhook = await shelf.webhook()
    await shelf.change(EndpointRow, webhook.endpoint_id, description="hook")
    for seconds in (0.0, 1.0, 5.0, 21.0):
        await webhook.finish(await webhook.ready(now=after(seconds)), 503, now=after(seconds))
    dead = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
    await shelf.database.write(record_dead_letter, dead, after(21))
    await recovered(shelf, webhook, at_s=60.0, arrives_s=62.0)
    calendar = Calendar([Fault(OFFSET_S - 60, OFFSET_S + 7200, "hook", Kind.LONG_OUTAGE)])
    rows = await moved(sql, webhook, calendar)
    [ended] = rows.ended()
    assert ended.took_s == calendar.repaired_s("hook", OFFSET_S) - OFFSET_S + 2 * TIME_FACTOR
    assert not ended.by_schedule
    assert (await webhook.attempts())[3].started_at == moment_of(OFFSET_S + 21 * TIME_FACTOR)


async def test_days_that_were_counted_before_are_forgotten(shelf: Shelf, sql: Engine) -> None:
    webhook, days = await shelf.webhook(), Days(shelf.database)
    await webhook.attempt(200)
    await days.rebuild(after(3600))
    rows = await moved(sql, webhook)
    assert await days.rows() == {}
    await days.rebuild(after(3600))
    [(_, day)] = await days.rows()
    assert day == (BEGINS + timedelta(seconds=OFFSET_S)).date()
    assert (await days.of(day))["webhooks_within_policy"] == 1
    counts = rows.fresh_counts(BEGINS, BEGINS + timedelta(days=84))
    assert counts["delivered_within_policy"] == counts["events_accepted"] == 1


async def recovered(shelf: Shelf, webhook: Webhook, at_s: float, arrives_s: float) -> None:
    """Begin a recovery at a moment, whose attempt succeeds at another."""
    write, asked = shelf.database.write, RecoveryRequest()
    begun = await write(begin_recovery, webhook.endpoint_id, asked, after(at_s), actor="test")
    await write(next_step, begun.id, after(at_s))
    ready = await webhook.ready(in_round=2, now=after(arrives_s))
    await webhook.finish(ready, 200, now=after(arrives_s))
