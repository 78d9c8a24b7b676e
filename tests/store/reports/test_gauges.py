"""The gauges: what waits is counted, on each kind of store, and no whole table is read for it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text
from sqlmodel import Session, select

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    Channel,
    DeadLetterReason,
    DeliveryState,
    EndpointState,
    EventState,
    HoldReason,
    SmsState,
)
from contracts.instructions.posts import PostState
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.events import outbox
from store.reports.gauges import Gauges, Outbox, read_gauges
from store.sms.suspensions import ALL_TEXTS, suspend
from store.tables import DeliveryRow, EndpointRow
from tests.support.instructions import unposted
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, after, an_event

LATER = after(30)


class TestWhatIsCounted:
    async def test_nothing_where_nothing_is(self, database: Database) -> None:
        gauges = await database.read(read_gauges, NOW)
        assert gauges == Gauges(deliveries={DeliveryState.HELD: 0, DeliveryState.DEAD_LETTERED: 0})

    async def test_the_outbox_and_what_can_never_be_started(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        first = await shelf.accept()
        await shelf.accept(now=after(5))
        gone = await shelf.accept(now=after(6))
        await database.write(outbox.mark_failed, gone.event_id, "Temporal refuses to start it")
        gauges = await database.read(read_gauges, LATER)
        assert gauges.events == {EventState.ACCEPTED: 2, EventState.FAILED: 1}
        assert gauges.outbox == Outbox(2, NOW)
        await database.write(outbox.take_out, [first.event_id])
        gauges = await database.read(read_gauges, LATER)
        assert gauges.events[EventState.ACCEPTED] == 2, "not planned yet"
        assert gauges.outbox == Outbox(1, after(5))

    async def test_instructions_that_the_oms_does_not_have(
        self, shelf: Shelf, database: Database
    ) -> None:
        await unposted(shelf)
        expected = {PostState.WAITING: 1, PostState.DEAD_LETTERED: 1}
        assert (await database.read(read_gauges, LATER)).instructions == expected
        month = NOW + timedelta(days=30)
        assert (await database.read(read_gauges, month)).instructions == {PostState.WAITING: 1}

    async def test_since_when_a_workflow_makes_no_progress(
        self, shelf: Shelf, database: Database
    ) -> None:
        """A delivery that waits for the schedule's next attempt is where it should be."""
        webhook = await shelf.webhook()
        gauges = await database.read(read_gauges, after(60))
        assert gauges.oldest_open_at == NOW
        await webhook.attempt(503)
        due = (await webhook.row()).next_attempt_at
        assert due is not None
        gauges = await database.read(read_gauges, due)
        assert gauges.oldest_open_at is None
        gauges = await database.read(read_gauges, due + timedelta(seconds=1))
        assert gauges.oldest_open_at is not None

    async def test_deliveries_by_state_and_what_holds_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        states: list[dict[str, object]] = [
            {"state": DeliveryState.PENDING},
            {"state": DeliveryState.DELIVERING},
            {"state": DeliveryState.DELIVERING},
            {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_OFF},
            {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING},
            {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING},
            {"state": DeliveryState.DELIVERED},
            {"state": DeliveryState.SKIPPED},
        ]
        for fields in states:
            [planned] = (await shelf.plan(an_event())).deliveries
            await shelf.change(DeliveryRow, planned.delivery_id, **fields)
        gauges = await database.read(read_gauges, LATER)
        assert gauges.deliveries == {
            DeliveryState.PENDING: 1,
            DeliveryState.DELIVERING: 2,
            DeliveryState.HELD: 3,
            DeliveryState.DEAD_LETTERED: 0,
        }
        assert gauges.held == {HoldReason.ENDPOINT_OFF: 1, HoldReason.ENDPOINT_FAILING: 2}

    async def test_dead_letters_and_open_breakers(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
        await database.write(record_dead_letter, dead_letter, after(1))
        removed = await shelf.add_endpoint(url="https://old.shop.example/in")
        for endpoint_id in (webhook.endpoint_id, removed.id):
            await shelf.change(EndpointRow, endpoint_id, opened_at=after(2))
        await shelf.change(EndpointRow, removed.id, removed_at=after(3))
        gauges = await database.read(read_gauges, LATER)
        assert gauges.dead_letters.counts == {(Channel.WEBHOOK, DeadLetterReason.EXHAUSTED): 1}
        assert gauges.dead_letters.oldest_at == after(1)
        assert gauges.deliveries[DeliveryState.DEAD_LETTERED] == 1
        assert gauges.open_breakers == {EndpointState.ENABLED: 1}

    async def test_texts_of_the_last_hour_and_stops(self, shelf: Shelf, database: Database) -> None:
        one, other = await shelf.texts(2)
        await one.settle(await one.ready())
        await other.ready(now=after(5))
        await database.write(suspend, ALL_TEXTS, NOW, reason="a test", made_by="asha")
        gauges = await database.read(read_gauges, LATER)
        assert gauges.texts == {SmsState.ACCEPTED: 1, SmsState.CLAIMED: 1}
        assert gauges.sms_suspensions == 1
        gauges = await database.read(read_gauges, NOW + timedelta(hours=2))
        assert gauges.texts == {}


class TestWhatItCosts:
    @pytest.mark.parametrize(
        ("table", "small"),
        [
            ("events", ("ix_events_unplanned", "Index Cond: ((accepted_at >")),
            (
                "deliveries",
                ("ix_deliveries_held", "ix_deliveries_open", "uq_deliveries_event_target"),
            ),
            ("dead_letters", ("_expiry", "_unresolved", "ix_dead_letters_open")),
            ("sms_messages", ("ix_sms_messages_claimed_at",)),
        ],
    )
    async def test_only_what_waits_is_read(
        self, shelf: Shelf, database: Database, table: str, small: tuple[str, ...]
    ) -> None:
        await shelf.webhook()
        await database.write(_many_delivered)

        def read(session: Session) -> object:
            return read_gauges(session, NOW)

        plans = await database.read(plans_of, read, table)
        assert plans
        for plan in plans:
            assert any(index in plan for index in small), plan
            assert "Seq Scan" not in plan
            assert f"SCAN {table}\n" not in f"{plan}\n"


def _many_delivered(session: Session) -> None:
    """Two thousand deliveries that are over: where there are none, each index costs the same."""
    one = session.exec(select(DeliveryRow)).one()
    over = {**one.model_dump(), "state": DeliveryState.DELIVERED}
    rows = [{**over, "id": f"dlv_{number}", "target": f"ep_{number}"} for number in range(2_000)]
    session.execute(insert(DeliveryRow), rows)
    session.execute(text("ANALYZE"))
