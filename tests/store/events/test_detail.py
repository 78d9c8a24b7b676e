"""Reading: one event whole, one delivery, and the books."""

import pytest

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason
from contracts.errors import NotFound
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.events.detail import event_detail, get_delivery
from store.events.outbox import mark_failed
from store.reports.ledger import read_ledger
from tests.support.shelf import NOW, Shelf, an_event


class TestOneEvent:
    async def test_it_has_everything_in_order(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
        await database.write(record_dead_letter, dead_letter, NOW)
        await webhook.attempt(200, in_round=2)
        await shelf.plan(an_event())  # another event's rows stay out
        detail = await database.read(event_detail, webhook.event.event_id)
        assert detail.event.event_id == webhook.event.event_id
        assert [one.id for one in detail.deliveries] == [webhook.id]
        assert [one.number for one in detail.attempts] == [1, 2]
        assert [one.reason for one in detail.dead_letters] == ["exhausted"]

    async def test_its_deliveries_come_endpoints_first_then_the_text(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="enterprise", sms_enabled=True)
        endpoints = [(await shelf.add_endpoint()).id for _ in range(5)]
        event = an_event()
        await shelf.plan(event)
        detail = await database.read(event_detail, event.event_id)
        assert [one.target for one in detail.deliveries] == [*sorted(endpoints), "sms"]

    async def test_unknown_ids(self, database: Database) -> None:
        with pytest.raises(NotFound, match="no event evt-none"):
            await database.read(event_detail, "evt-none")
        with pytest.raises(NotFound, match="no delivery dlv_none"):
            await database.read(get_delivery, "dlv_none")


class TestTheLedger:
    async def test_it_adds_up(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        await shelf.plan(an_event())
        await shelf.accept(an_event(notify=False))
        await shelf.accept()
        failed = await shelf.accept()
        await database.write(mark_failed, failed.event_id, "no")
        ledger = await database.read(read_ledger)
        assert ledger.accepted == 5
        assert ledger.by_event_state == {"planned": 3, "accepted": 1, "failed": 1}
        assert ledger.planned_deliveries == 3
        assert ledger.by_delivery_state == {"delivered": 1, "pending": 1, "skipped": 1}
        assert ledger.balanced

    async def test_it_does_not_when_a_delivery_is_gone(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        row = await webhook.row()
        await database.write(lambda session: session.delete(session.merge(row)))
        assert not (await database.read(read_ledger)).balanced

    async def test_of_an_empty_store(self, database: Database) -> None:
        ledger = await database.read(read_ledger)
        assert (ledger.accepted, ledger.planned_deliveries, ledger.balanced) == (0, 0, True)
