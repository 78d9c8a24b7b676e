"""Dropping old events: all that hangs on one goes with it, what has not ended stays and is counted,
an order that goes on keeps its story, and one row that cannot go stops no other."""

import asyncio
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, EventState
from contracts.delivery.verdicts import Answer
from contracts.errors import Invalid
from contracts.instructions.texts import InstructionTextKind, InstructionTextState
from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.dead_letters.stream_outbox import drop_old_changes
from store.deliveries.dead_lettering import expire_dead_letters, record_dead_letter
from store.events import acceptance
from store.events.erasure import erase_events
from store.events.sequences import next_sequences
from store.instructions import posts
from store.retention.old_events import drop_next, partners_with_old_events
from store.tables import (
    DeadLetterRow,
    DeliveryRow,
    EventRow,
    InstructionTextRow,
    OrderSequenceRow,
    PartnerRow,
)
from tests.support.instructions import Counter, a_failed_delivery, what_follows
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Text, Webhook, after, an_event, of_its_own_order

DAY = 86_400
KEPT = timedelta(days=400)
ERASED, LATER = after(31 * DAY), after(401 * DAY)


async def drop(database: Database, now: datetime = LATER, *, limit: int = 100) -> tuple[int, int]:
    """Everything that there is to drop: how many events went, and how many were kept."""
    dropped, kept = 0, 0
    for old in await database.read(partners_with_old_events, KEPT, now):
        place, is_last = None, False
        while not is_last:
            batch = await database.write(drop_next, old, after=place, limit=limit)
            dropped, kept = dropped + batch.events, kept + batch.kept
            place, is_last = batch.goes_on_after, batch.goes_on_after is None
    return dropped, kept


async def erase(database: Database, *events: TrackingEvent) -> None:
    await database.write(erase_events, [one.event_id for one in events], ERASED)


async def ended(shelf: Shelf, *events: TrackingEvent) -> None:
    """Events that were taken NOW, sent to nobody, and erased since."""
    for event in events:
        await shelf.plan(event)
    await erase(shelf.database, *events)


def hang_on_events() -> set[str]:
    """The tables whose rows point to an event, or to what points to one."""
    found = {"events"}
    while more := {
        table.name
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in found and table.name not in found
    }:
        found |= more
    return found


async def filled(database: Database, tables: set[str]) -> set[str]:
    """Which of the tables have rows."""

    def has_rows(session: Session) -> set[str]:
        counts = {
            name: session.execute(
                select(func.count()).select_from(SQLModel.metadata.tables[name])
            ).scalar_one()
            for name in tables
        }
        return {name for name, count in counts.items() if count}

    return await database.read(has_rows)


async def a_full_life(shelf: Shelf) -> TrackingEvent:
    """A failed delivery with everything: a webhook that died, the text that stood in for it, an
    instruction that was posted, and a text about it."""
    await shelf.add_partner(tier="enterprise", sms_enabled=True)
    endpoint, event = await shelf.add_endpoint(), a_failed_delivery()
    for planned in (await shelf.plan(event)).deliveries:
        if planned.endpoint_id is None:
            sms = Text(shelf, event, planned.delivery_id)
            await sms.settle(await sms.ready())
        else:
            webhook = Webhook(shelf, event, planned.delivery_id, endpoint.id)
            await webhook.attempt(410)
            dead = RecordDeadLetter(webhook.id, DeadLetterReason.GONE)
            await shelf.database.write(record_dead_letter, dead, NOW)
    counter = Counter(shelf)
    given = await counter.give()
    ready = await counter.ready_post()
    await shelf.database.write(posts.settle_post, ready.attempt_id, Answer("http_200", 200), NOW)
    await counter.decide(given.id)
    await shelf.database.write(_a_text_about, given.id, event.event_id)
    return event


def _a_text_about(session: Session, instruction_id: str, event_id: str) -> None:
    session.add(
        InstructionTextRow(
            id="itx_1",
            kind=InstructionTextKind.CODE,
            partner_id="shop",
            order_id="ORD-1",
            event_id=event_id,
            instruction_id=instruction_id,
            state=InstructionTextState.SENT,
            created_at=NOW,
            expires_at=NOW,
        )
    )


class TestWhatHasEnded:
    async def test_goes_with_all_that_hangs_on_it(self, shelf: Shelf, database: Database) -> None:
        tables = hang_on_events()
        event = await a_full_life(shelf)
        assert await filled(database, tables) == tables
        await database.write(expire_dead_letters, after(15 * DAY), limit=10)
        await database.write(drop_old_changes, ERASED, mirrored=False, limit=10)
        await erase(database, event)
        assert await drop(database) == (1, 0)
        assert await filled(database, {*tables, "order_sequences"}) == set()
        assert await filled(database, {"partners", "endpoints", "audit_entries"}) == {
            "partners",
            "endpoints",
            "audit_entries",
        }

    async def test_goes_when_rows_are_old_and_not_before(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await ended(shelf, an_event())
        assert await drop(database, NOW + KEPT) == (0, 0)
        assert await drop(database, NOW + KEPT + timedelta(seconds=1)) == (1, 0)

    async def test_stays_while_its_partners_personal_data_would(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.change(PartnerRow, "shop", retention_days=500)
        await ended(shelf, an_event())
        assert await drop(database, after(499 * DAY)) == (0, 0)
        assert await drop(database, after(501 * DAY)) == (1, 0)

    async def test_goes_batch_by_batch_of_every_partner(
        self, shelf: Shelf, database: Database
    ) -> None:
        for partner_id in ("one", "two"):
            await shelf.add_partner(partner_id)
            events = [of_its_own_order(an_event(partner_id=partner_id)) for _ in range(5)]
            await ended(shelf, *events)
        assert await drop(database, limit=2) == (10, 0)
        assert await shelf.count(EventRow) == await shelf.count(OrderSequenceRow) == 0

    async def test_is_refused_by_its_age_when_it_is_handed_in_again(
        self, shelf: Shelf, database: Database
    ) -> None:
        """So the same id stays the same event for ever: nobody is told of it twice."""
        await shelf.add_partner()
        event = an_event()
        await ended(shelf, event)
        assert await drop(database) == (1, 0)
        with pytest.raises(Invalid, match="more than 7 days ago"):
            await database.write(acceptance.accept, event, LATER)


class TestWhatHasNotEnded:
    @pytest.mark.parametrize(
        "state",
        [DeliveryState.HELD, DeliveryState.DELIVERING, DeliveryState.DEAD_LETTERED],
    )
    async def test_a_delivery_stays_and_is_counted(
        self, shelf: Shelf, database: Database, state: DeliveryState
    ) -> None:
        webhook = await shelf.webhook()
        await erase(database, webhook.event)
        await shelf.change(DeliveryRow, webhook.id, state=state)
        for _ in range(2):
            assert await drop(database) == (0, 1)
        await shelf.change(DeliveryRow, webhook.id, state=DeliveryState.SKIPPED)
        assert await drop(database) == (1, 0)

    async def test_an_open_dead_letter_stays_and_one_that_the_mirror_has_to_write(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(410)
        dead = RecordDeadLetter(webhook.id, DeadLetterReason.GONE)
        await database.write(record_dead_letter, dead, NOW)
        await erase(database, webhook.event)
        await shelf.change(DeliveryRow, webhook.id, state=DeliveryState.EXPIRED)
        assert await drop(database) == (0, 1)
        [row] = await shelf.all_rows(DeadLetterRow)
        await shelf.change(DeadLetterRow, row.id, resolved_at=NOW)
        assert await drop(database) == (0, 1)
        await database.write(drop_old_changes, LATER, mirrored=False, limit=10)
        assert await drop(database) == (1, 0)

    async def test_an_event_that_nobody_erased_or_planned_stays(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        unerased, unplanned = (of_its_own_order(an_event()) for _ in range(2))
        await shelf.plan(unerased)
        await ended(shelf, unplanned)
        await shelf.change(EventRow, unplanned.event_id, state=EventState.ACCEPTED)
        assert await drop(database) == (0, 2)

    async def test_an_instruction_or_its_text_that_waits_stays(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = a_failed_delivery()
        await ended(shelf, event)
        given = await database.write(_an_instruction_text_that_waits, event.event_id)
        assert await drop(database) == (0, 1)
        await shelf.change(InstructionTextRow, given, state=InstructionTextState.SKIPPED)
        assert await drop(database) == (1, 0)


def _an_instruction_text_that_waits(session: Session, event_id: str) -> str:
    row = InstructionTextRow(
        id="itx_1",
        kind=InstructionTextKind.REMINDER,
        partner_id="shop",
        order_id="ORD-1",
        event_id=event_id,
        state=InstructionTextState.WAITING,
        created_at=NOW,
        expires_at=NOW,
    )
    session.add(row)
    return row.id


class TestAnOrderThatGoesOn:
    async def test_keeps_its_story_and_its_count(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        first, late = a_failed_delivery(), what_follows("delivered", 10 * DAY)
        await shelf.plan(first)
        await shelf.plan(late, now=after(10 * DAY))
        await erase(database, first, late)
        assert await drop(database) == (0, 0)
        next_one = what_follows("return_initiated", 20 * DAY)
        [number] = await database.write(next_sequences, [next_one])
        assert number == 3
        assert await drop(database, after(411 * DAY)) == (2, 0)
        assert await shelf.count(OrderSequenceRow) == 0

    async def test_test_events_go_by_themselves(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        old, young = an_event(is_test=True), an_event(is_test=True)
        await ended(shelf, old)
        await shelf.plan(young, now=after(6 * DAY))
        assert await drop(database) == (1, 0)
        assert await shelf.count(OrderSequenceRow) == 1


class TestBeside:
    async def test_an_order_that_somebody_is_at_is_left_and_nobody_waits(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event, other = (of_its_own_order(an_event()) for _ in range(2))
        await ended(shelf, event, other)
        held, go_on = threading.Event(), threading.Event()

        def take_another(session: Session) -> None:
            next_sequences(session, [event])
            held.set()
            assert go_on.wait(10)

        taking = asyncio.create_task(database.write(take_another))
        await asyncio.to_thread(held.wait, 10)
        assert await drop(database) == (1, 0)
        go_on.set()
        await taking
        assert await shelf.one(EventRow, event.event_id)

    async def test_one_that_cannot_go_stops_no_other_one(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        events = [of_its_own_order(an_event()) for _ in range(3)]
        await ended(shelf, *events)
        await database.write(_pin, events[1].event_id)
        try:
            assert await drop(database) == (2, 1)
        finally:
            await database.write(lambda session: session.execute(text("DROP TABLE pins")))
        assert [row.event_id for row in await shelf.all_rows(EventRow)] == [events[1].event_id]

    async def test_every_step_is_an_indexs_work(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await ended(shelf, an_event())
        for table in ("partners", "events"):
            plans = await database.write(plans_of, _ask, table)
            assert plans
            assert not any("Seq Scan on events" in plan for plan in plans), plans

    async def test_every_key_that_points_to_what_goes_has_an_index(
        self, database: Database
    ) -> None:
        """Else, for each row that goes, PostgreSQL looks through all that may point to it."""
        names = {"names": list(hang_on_events())}
        bare = await database.read(lambda s: s.execute(text(_KEYS_WITHOUT_INDEX), names).all())
        assert bare == []


_KEYS_WITHOUT_INDEX = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'f' AND confrelid::regclass::text = ANY(:names) AND NOT EXISTS (
        SELECT FROM pg_index
        WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND indpred IS NULL
    )
"""


def _ask(session: Session) -> None:
    for old in partners_with_old_events(session, KEPT, LATER):
        drop_next(session, old, after=None, limit=10)


def _pin(session: Session, event_id: str) -> None:
    session.execute(text("CREATE TABLE pins (event_id text REFERENCES events)"))
    session.execute(text("INSERT INTO pins VALUES (:event_id)"), {"event_id": event_id})
