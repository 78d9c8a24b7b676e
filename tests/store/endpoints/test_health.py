"""Endpoint health in the store: sums of five minutes, added to side by side, read by indexes."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from contracts.delivery.states import AttemptState, EndpointState, Trigger
from contracts.endpoints.health import BINS, HealthState
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from store.db.database import Database
from store.db.row_locks import TO_CHANGE
from store.endpoints.health import (
    CountedAttempt,
    EndpointHealth,
    add_to_span,
    drop_old_spans,
    read_health,
)
from store.endpoints.windows import Window, span_start
from store.tables import AttemptRow, EndpointRow, EndpointSpanRow
from tests.support.encryption import KEYRING
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import Shelf, Webhook

NOW = datetime(2026, 11, 25, 14, 32, 10, tzinfo=UTC)
SPAN = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
NO_ATTEMPTS = Window(0, 0, 0, None, None, None)


def ago(**how_long: float) -> datetime:
    return NOW - timedelta(**how_long)


@pytest.fixture
async def endpoint_id(shelf: Shelf) -> str:
    """An endpoint of the partner `shop`."""
    await shelf.add_partner()
    return (await shelf.add_endpoint()).id


async def add(
    database: Database,
    endpoint_id: str,
    duration_ms: int | None = 240,
    *,
    succeeded: bool = True,
    timed_out: bool = False,
    now: datetime = NOW,
) -> None:
    """Count one attempt."""
    await database.write(
        add_to_span, endpoint_id, [CountedAttempt(succeeded, timed_out, duration_ms)], now
    )


async def health_of(database: Database, endpoint_id: str) -> EndpointHealth:
    return await database.read(read_health, endpoint_id, NOW)


async def fill(database: Database, endpoint_id: str, spans_ago: range) -> None:
    """One success in each of these five minutes."""

    def add_all(session: Session) -> None:
        session.add_all(
            EndpointSpanRow(
                endpoint_id=endpoint_id,
                started_at=SPAN - timedelta(minutes=5) * number,
                succeeded=1,
                latencies=[0] * BINS,
            )
            for number in spans_ago
        )

    await database.write(add_all)


async def make_attempts(
    webhook: Webhook, states: list[AttemptState], *, endpoint_id: str | None = None
) -> None:
    """Attempts a second apart, the last one a second ago; failures are timeouts."""

    def add_all(session: Session) -> None:
        for number, state in enumerate(states, start=1):
            failed = state is AttemptState.FAILED
            attempt = AttemptRow(
                id=new_id(IdKind.ATTEMPT),
                delivery_id=webhook.id,
                endpoint_id=endpoint_id or webhook.endpoint_id,
                number=number,
                round=1,
                trigger=Trigger.SCHEDULED,
                state=state,
                charged=failed,
                code="timeout" if failed else "http_200",
                status_code=None if failed else 200,
                duration_ms=20_031 if failed else 240,
                response_excerpt="sealed",
                started_at=ago(seconds=len(states) + 1 - number),
            )
            session.add(attempt)

    await webhook.shelf.database.write(add_all)


class TestAdding:
    async def test_one_row_has_the_attempts_of_five_minutes(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        for seconds, how in [
            (0, True),
            (130, False),
            (299.999, False),
            (300, True),
            (-0.001, True),
        ]:
            moment = SPAN + timedelta(seconds=seconds)
            await add(shelf.database, endpoint_id, succeeded=how, now=moment)
        row = await shelf.one(EndpointSpanRow, (endpoint_id, SPAN))
        assert (row.succeeded, row.failed, row.timed_out) == (1, 2, 0)
        assert await shelf.count(EndpointSpanRow) == 3

    async def test_durations_are_counted_in_their_bins(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        for duration_ms in (12, 240, 300, None):
            await add(shelf.database, endpoint_id, duration_ms)
        await add(shelf.database, endpoint_id, 20_031, succeeded=False, timed_out=True)
        row = await shelf.one(EndpointSpanRow, (endpoint_id, SPAN))
        assert (row.succeeded, row.failed, row.timed_out) == (4, 1, 1)
        assert row.latencies == [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1]

    async def test_endpoints_are_counted_apart(self, shelf: Shelf, endpoint_id: str) -> None:
        other = await shelf.add_endpoint()
        await add(shelf.database, endpoint_id)
        assert (await health_of(shelf.database, other.id)).last_7_days == NO_ATTEMPTS

    async def test_a_transaction_that_fails_counts_nothing(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        def count_and_fail(session: Session) -> None:
            add_to_span(session, endpoint_id, [CountedAttempt(True, False, 1)], NOW)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await shelf.database.write(count_and_fail)
        assert await shelf.count(EndpointSpanRow) == 0

    def test_a_span_begins_at_the_same_time_in_every_zone(self) -> None:
        in_nepal = NOW.astimezone(datetime.strptime("+0545", "%z").tzinfo)
        assert span_start(NOW) == span_start(in_nepal) == span_start(SPAN) == SPAN


class TestSideBySide:
    async def test_no_attempt_is_lost(self, shelf: Shelf, endpoint_id: str) -> None:
        """From two processes, the row not there yet."""
        other = Database(shelf.database.engine.url.render_as_string(False), KEYRING)
        both = (shelf.database, other)
        await asyncio.gather(*(add(both[one % 2], endpoint_id, one * 400) for one in range(40)))
        other.close()
        row = await shelf.one(EndpointSpanRow, (endpoint_id, SPAN))
        counts = row.latencies
        assert (row.succeeded, sum(counts)) == (40, 40)
        assert counts == [1, 0, 0, 1, 1, 2, 4, 8, 9, 12, 2, 0]

    async def test_an_attempt_that_succeeds_never_waits_for_the_endpoint(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        """The breaker locks the endpoint's row before a failed attempt is counted. An attempt that
        succeeds beside it opens the span, which points to that row, and goes on."""
        locked, go_on = threading.Event(), threading.Event()

        def lock_and_add(session: Session) -> None:
            session.get_one(EndpointRow, endpoint_id, with_for_update=TO_CHANGE)
            locked.set()
            assert go_on.wait(10)
            add_to_span(session, endpoint_id, [CountedAttempt(False, False, 1)], NOW)

        failing = asyncio.create_task(shelf.database.write(lock_and_add))
        await asyncio.to_thread(locked.wait, 10)
        succeeding = asyncio.create_task(add(shelf.database, endpoint_id))
        await succeeding
        go_on.set()
        await asyncio.gather(failing, succeeding)
        row = await shelf.one(EndpointSpanRow, (endpoint_id, SPAN))
        assert (row.succeeded, row.failed) == (1, 1)


class TestTheWindows:
    async def test_each_has_its_attempts(self, shelf: Shelf, endpoint_id: str) -> None:
        for number, moment in enumerate(
            [
                NOW,
                SPAN - timedelta(minutes=55),  # the twelfth span
                SPAN - timedelta(minutes=55, seconds=1),
                SPAN - timedelta(hours=23, minutes=55),
                SPAN - timedelta(hours=23, minutes=55, seconds=1),
                SPAN - timedelta(days=6, hours=23, minutes=55),
                SPAN - timedelta(days=6, hours=23, minutes=55, seconds=1),
            ]
        ):
            await add(shelf.database, endpoint_id, succeeded=number % 2 == 0, now=moment)
        health = await health_of(shelf.database, endpoint_id)
        windows = (health.last_hour, health.last_24_hours, health.last_7_days)
        assert [(one.attempts, one.succeeded) for one in windows] == [(2, 1), (4, 2), (6, 3)]

    async def test_rates_and_percentiles(self, shelf: Shelf, endpoint_id: str) -> None:
        for number in range(20):
            await add(shelf.database, endpoint_id, 40, now=ago(minutes=number))
        for number in range(4):
            await add(shelf.database, endpoint_id, 900, succeeded=False, now=ago(hours=3 + number))
        late = ago(days=3)
        await add(shelf.database, endpoint_id, 20_040, succeeded=False, timed_out=True, now=late)
        health = await health_of(shelf.database, endpoint_id)
        assert health.last_hour == Window(20, 20, 0, 50, 50, 50)
        assert health.last_24_hours == Window(24, 20, 0, 50, 1600, 1600)
        assert health.last_7_days == Window(25, 20, 1, 50, 1600, 20_000)
        assert (health.last_hour.success_rate, health.last_7_days.success_rate) == (1.0, 0.8)

    async def test_without_attempts_there_are_none(self, shelf: Shelf, endpoint_id: str) -> None:
        health = await health_of(shelf.database, endpoint_id)
        assert health.last_hour == health.last_24_hours == health.last_7_days == NO_ATTEMPTS
        assert health.last_hour.success_rate is None

    async def test_attempts_without_a_time_have_a_rate_and_no_percentiles(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await add(shelf.database, endpoint_id, None, succeeded=False)
        health = await health_of(shelf.database, endpoint_id)
        assert health.last_hour == Window(1, 0, 0, None, None, None)
        assert health.last_hour.success_rate == 0.0


class TestTheJudgement:
    async def test_is_of_the_last_twenty_that_have_ended(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ended = [AttemptState.FAILED] * 12 + [AttemptState.SUCCEEDED] * 10
        await make_attempts(webhook, [*ended, AttemptState.INTERRUPTED, AttemptState.IN_FLIGHT])
        read = await health_of(shelf.database, webhook.endpoint_id)
        assert read.health.state is HealthState.DEGRADED
        assert read.health.reason == (
            "10 of the last 20 attempts timed out after 20 s, since 14:31 UTC."
        )
        assert [one.state for one in read.last_attempts] == ended[:1:-1]
        assert read.last_attempts[0].started_at == ago(seconds=3)

    async def test_is_of_every_attempt_as_it_ends(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for seconds, status in ((3, 503), (2, None), (1, 200)):
            moment = ago(seconds=seconds)
            await webhook.finish(await webhook.ready(now=moment), status, now=moment)
        read = await health_of(shelf.database, webhook.endpoint_id)
        assert [one.code for one in read.last_attempts] == ["http_200", "timeout", "http_503"]
        assert (read.last_hour.attempts, read.last_hour.succeeded, read.last_hour.timed_out) == (
            3,
            1,
            1,
        )
        assert read.health.state is HealthState.DEGRADED

    async def test_is_of_this_endpoint_s_attempts(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        other = await shelf.add_endpoint()
        await make_attempts(webhook, [AttemptState.FAILED] * 20, endpoint_id=other.id)
        read = await health_of(shelf.database, webhook.endpoint_id)
        assert (read.health.state, read.last_attempts) == (HealthState.UNTRIED, [])

    async def test_knows_the_breaker(self, shelf: Shelf, endpoint_id: str) -> None:
        breaker = {
            "failures_in_row": 14,
            "failing_since": ago(minutes=25),
            "opened_at": ago(minutes=24),
            "probe_at": ago(seconds=-300),
            "probes_failed": 3,
        }
        await shelf.change(EndpointRow, endpoint_id, **breaker)
        health = (await health_of(shelf.database, endpoint_id)).health
        assert (health.state, health.since) == (HealthState.FAILING, ago(minutes=25))
        assert "14 in a row. Deliveries are held; one attempt is made at 14:37 to" in health.reason

    async def test_knows_the_state(self, shelf: Shelf, endpoint_id: str) -> None:
        off = {"state": EndpointState.DISABLED, "state_reason": "the endpoint answered 410 Gone"}
        await shelf.change(EndpointRow, endpoint_id, **off)
        health = (await health_of(shelf.database, endpoint_id)).health
        assert health.state is HealthState.DISABLED
        assert health.reason == "Switched off because it answered 410 Gone."


class TestWhoMayRead:
    async def test_the_owner(self, shelf: Shelf, endpoint_id: str) -> None:
        read = await shelf.database.read(read_health, endpoint_id, NOW, owner="shop")
        assert read.endpoint_id == endpoint_id

    async def test_nobody_else(self, shelf: Shelf, endpoint_id: str) -> None:
        with pytest.raises(NotFound):
            await shelf.database.read(read_health, endpoint_id, NOW, owner="rival")

    async def test_a_removed_endpoint_has_none(self, shelf: Shelf, endpoint_id: str) -> None:
        await shelf.change(EndpointRow, endpoint_id, removed_at=NOW)
        with pytest.raises(NotFound):
            await health_of(shelf.database, endpoint_id)


class TestTheCost:
    @pytest.mark.parametrize("table", ["attempts", "endpoint_spans"])
    async def test_reading_is_served_by_an_index(
        self, shelf: Shelf, endpoint_id: str, table: str
    ) -> None:
        plans = await shelf.database.read(
            plans_of, lambda session: read_health(session, endpoint_id, NOW), table
        )
        assert len(plans) == 1
        assert is_served_by_an_index(plans[0], table), plans[0]

    async def test_dropping_is_served_by_an_index(self, shelf: Shelf, endpoint_id: str) -> None:
        """Also where the database knows how many rows there are."""
        await fill(shelf.database, endpoint_id, range(2020))
        await add(shelf.database, endpoint_id, now=ago(days=9))
        await shelf.database.write(lambda session: session.execute(text("ANALYZE")))
        plans = await shelf.database.write(
            plans_of, lambda session: drop_old_spans(session, NOW, limit=10), "endpoint_spans"
        )
        assert len(plans) == 3
        for plan in plans:
            assert "index" in plan.lower(), plan
            assert "scan endpoint_spans\n" not in f"{plan.lower()}\n", plan
            assert "seq scan on endpoint_spans" not in plan.lower(), plan

    async def test_no_more_rows_are_read_than_a_week_has(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await fill(shelf.database, endpoint_id, range(-1, 2020))
        assert (await health_of(shelf.database, endpoint_id)).last_7_days.attempts == 2016


class TestDropping:
    async def test_what_is_older_than_eight_days_goes(self, shelf: Shelf, endpoint_id: str) -> None:
        other = (await shelf.add_endpoint()).id
        for one in (endpoint_id, other):
            for days in (0, 7, 7.99, 8.01, 9, 30):
                await add(shelf.database, one, now=ago(days=days))
        dropped = [await shelf.database.write(drop_old_spans, NOW, limit=4) for _ in range(3)]
        assert dropped == [4, 2, 0]
        left = await shelf.database.read(
            lambda session: session.exec(select(col(EndpointSpanRow.started_at))).all()
        )
        assert sorted(left) == sorted([span_start(ago(days=one)) for one in (0, 7, 7.99)] * 2)
