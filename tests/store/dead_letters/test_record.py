"""Dead letters: once for each time a delivery's automatic attempts end, with the reason."""

from datetime import datetime, timedelta

import pytest

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeadLetterResolution, DeliveryState
from contracts.errors import NotFound
from store.db.database import Database
from store.dead_letters.record import KEPT_FOR
from store.deliveries import stuck
from store.deliveries.dead_lettering import expire_dead_letters, record_dead_letter
from store.tables import DeliveryRow, EventRow
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

DEAD, DELIVERED = DeliveryState.DEAD_LETTERED, DeliveryState.DELIVERED


async def keep(
    webhook: Webhook,
    reason: DeadLetterReason = DeadLetterReason.EXHAUSTED,
    now: datetime = NOW,
) -> DeliveryState:
    dead_letter = RecordDeadLetter(webhook.id, reason, "http_503")
    return await webhook.shelf.database.write(record_dead_letter, dead_letter, now)


class TestRecording:
    async def test_it_keeps_the_reason_and_expires_after_14_days(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        assert await keep(webhook) is DEAD
        [dead_letter] = await webhook.dead_letters()
        assert (dead_letter.reason, dead_letter.code) == (DeadLetterReason.EXHAUSTED, "http_503")
        assert dead_letter.partner_id == "shop"
        assert (dead_letter.created_at, dead_letter.expires_at) == (NOW, NOW + timedelta(days=14))
        assert (dead_letter.resolved_at, dead_letter.resolution) == (None, None)
        row = await webhook.row()
        assert (row.state, row.next_attempt_at) == (DEAD, None)

    async def test_twice_is_once(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await keep(webhook)
        assert await keep(webhook, DeadLetterReason.GONE, after(5)) is DEAD
        [dead_letter] = await webhook.dead_letters()
        assert (dead_letter.reason, dead_letter.created_at) == (DeadLetterReason.EXHAUSTED, NOW)

    async def test_a_second_one_after_a_retry(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await keep(webhook)
        await webhook.attempt(500, in_round=2)
        await keep(webhook, now=after(1000))
        first, second = await webhook.dead_letters()
        assert first.resolution is DeadLetterResolution.RETRIED
        assert (second.resolution, second.created_at) == (None, after(1000))

    async def test_what_was_delivered_meanwhile_stays_delivered(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        assert await keep(webhook) is DELIVERED
        assert (await webhook.row()).state is DELIVERED
        assert await webhook.dead_letters() == []

    async def test_an_unknown_delivery(self, database: Database) -> None:
        dead_letter = RecordDeadLetter("dlv_none", DeadLetterReason.EXHAUSTED)
        with pytest.raises(NotFound, match="dlv_none"):
            await database.write(record_dead_letter, dead_letter, NOW)


class TestCancelledByOps:
    async def test_what_is_open_ends_as_a_dead_letter(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        ended = await database.write(stuck.dead_letter_open, webhook.event.event_id, NOW)
        assert ended == 1
        [dead_letter] = await webhook.dead_letters()
        assert dead_letter.reason is DeadLetterReason.CANCELLED_BY_OPS

    async def test_what_has_ended_is_left_alone(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        ended = await database.write(stuck.dead_letter_open, webhook.event.event_id, NOW)
        assert ended == 0
        assert (await webhook.row()).state is DELIVERED

    async def test_an_event_without_a_plan_is_failed_with_the_reason(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept(an_event())
        await database.write(stuck.dead_letter_open, event.event_id, NOW)
        row = await shelf.one(EventRow, event.event_id)
        assert (row.state, row.failure_reason) == (
            "failed",
            "cancelled by ops before it was planned",
        )


class TestOverdue:
    async def seen(self, database: Database, before: datetime) -> list[str]:
        rows = await database.read(stuck.overdue, before=before, limit=9)
        return [row.event_id for row in rows]

    async def test_started_and_never_planned(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await shelf.take_out(event.event_id)
        assert await self.seen(database, after(0)) == []
        assert await self.seen(database, after(1)) == [event.event_id]

    async def test_they_come_in_pages(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        for number in (3, 1, 2):
            event = await shelf.accept(an_event(event_id=f"evt-page-{number}"))
            await shelf.take_out(event.event_id)

        async def page(after_id: str) -> list[str]:
            rows = await database.read(stuck.overdue, before=after(1), limit=2, after=after_id)
            return sorted(row.event_id for row in rows)

        assert await page("") == ["evt-page-1", "evt-page-2"]
        assert await page("evt-page-2") == ["evt-page-3"]
        assert await page("evt-page-3") == []

    async def test_one_is_asked_about_again(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        event_id = webhook.event.event_id
        assert await database.read(stuck.is_overdue, event_id, before=after(1))
        await webhook.finish(ready, 200)
        assert not await database.read(stuck.is_overdue, event_id, before=after(1))

    async def test_in_the_outbox_it_is_the_dispatcher_s(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.accept()
        assert await self.seen(database, after(3600)) == []

    async def test_a_delivery_that_waits_for_its_next_attempt_is_not(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        assert await self.seen(database, after(30)) == []
        assert await self.seen(database, after(34)) == [webhook.event.event_id]

    async def test_an_attempt_that_never_ended_is(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.ready()
        assert await self.seen(database, after(1)) == [webhook.event.event_id]

    @pytest.mark.parametrize("status", [200, 410])
    async def test_what_has_ended_is_not(
        self, shelf: Shelf, database: Database, status: int
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(status)
        if status == 410:
            await keep(webhook, DeadLetterReason.GONE)
        assert await self.seen(database, after(86_400)) == []


class TestExpiry:
    async def test_after_fourteen_days_it_and_its_delivery_expire(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
        await database.write(record_dead_letter, dead_letter, NOW)
        over = NOW + KEPT_FOR
        assert await database.write(expire_dead_letters, over - timedelta(seconds=1), limit=10) == 0
        assert await database.write(expire_dead_letters, over, limit=10) == 1
        assert await database.write(expire_dead_letters, over, limit=10) == 0
        assert (await webhook.row()).state is DeliveryState.EXPIRED
        [kept] = await webhook.dead_letters()
        assert (kept.resolution, kept.resolved_at) == (DeadLetterResolution.EXPIRED, over)

    async def test_one_whose_delivery_goes_on_is_only_closed(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
        await database.write(record_dead_letter, dead_letter, NOW)
        await shelf.change(DeliveryRow, webhook.id, state=DeliveryState.DELIVERED)
        assert await database.write(expire_dead_letters, NOW + KEPT_FOR, limit=10) == 1
        assert (await webhook.row()).state is DeliveryState.DELIVERED
