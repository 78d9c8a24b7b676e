"""The doctor names what waits in the database and should not, or may want somebody."""

from datetime import datetime

import pytest

from commands.doctor.checks import Check, Finding
from commands.doctor.waiting import check_what_waits
from contracts.access.callers import DOORSTEP
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    DeadLetterReason,
    DeliveryState,
    EndpointState,
    HoldReason,
)
from contracts.notifications.messages import MessageState
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.events import outbox
from store.sms.suspensions import ALL_TEXTS, suspend
from store.tables import DeliveryRow, EndpointRow
from tests.commands.doctor.examined import examined
from tests.support.encryption import KEY
from tests.support.messages import MessageDraft, add_message
from tests.support.shelf import NOW, Shelf, after, an_event


async def waiting(database: Database, now: datetime = NOW) -> dict[str, Check]:
    """What is said of all that waits."""
    return {check.name: check for check in await check_what_waits(database, now)}


async def test_nothing_waits(database: Database) -> None:
    assert {check.finding for check in (await waiting(database)).values()} == {Finding.OK}


async def test_the_whole_examination_has_it(shelf: Shelf, database_url: str) -> None:
    await shelf.add_partner()
    await shelf.accept()
    found = await examined(
        lambda: after(61), database_url=database_url, encryption_keys=KEY.as_setting()
    )
    assert found["outbox"].finding is Finding.WRONG


async def test_it_is_counted_without_a_key(shelf: Shelf, database_url: str) -> None:
    await shelf.add_partner()
    await shelf.accept()
    found = await examined(lambda: after(61), database_url=database_url)
    assert found["outbox"].finding is Finding.WRONG
    assert "stored data" not in found


class TestEvents:
    async def test_that_wait_for_their_start(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await shelf.accept()
        await shelf.accept(now=after(50))
        assert (await waiting(database, after(60)))["outbox"].finding is Finding.OK
        found = (await waiting(database, after(61)))["outbox"]
        assert found.finding is Finding.WRONG
        assert found.seen == "2 events are accepted and not started, the oldest for 61 s"
        assert "worker" in found.advice
        assert "the oldest for 25 h" in (await waiting(database, after(25 * 3600)))["outbox"].seen

    async def test_that_were_given_up(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await database.write(outbox.mark_failed, event.event_id, "Temporal refuses to start it")
        found = (await waiting(database))["failed events"]
        assert found.finding is Finding.WRONG
        assert found.seen == "1 events were given up and are not sent"
        assert "`doorstep events restart --failed`" in found.advice


class TestDeliveries:
    async def test_that_are_held_by_what_holds_them(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        reasons = [HoldReason.ENDPOINT_OFF, HoldReason.ENDPOINT_BUSY, HoldReason.ENDPOINT_BUSY]
        for reason in reasons:
            [planned] = (await shelf.plan(an_event())).deliveries
            fields = {"state": DeliveryState.HELD, "hold_reason": reason}
            await shelf.change(DeliveryRow, planned.delivery_id, **fields)
        found = (await waiting(database))["held deliveries"]
        assert (found.finding, found.seen) == (Finding.NOTE, "3: 2 endpoint_busy, 1 endpoint_off")

    async def test_that_died(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
        await database.write(record_dead_letter, dead_letter, NOW)
        found = (await waiting(database, after(3 * 86_400)))["dead letters"]
        assert found.finding is Finding.NOTE
        assert found.seen == "1: 1 exhausted; the oldest for 3 days"


class TestEndpoints:
    async def test_that_fail_or_are_off(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        failing, off, removed = [await shelf.add_endpoint() for _ in range(3)]
        await shelf.change(EndpointRow, failing.id, opened_at=NOW)
        await shelf.change(EndpointRow, off.id, state=EndpointState.DISABLED)
        await shelf.change(EndpointRow, removed.id, state=EndpointState.DISABLED, removed_at=NOW)
        found = (await waiting(database))["endpoints"]
        assert found.finding is Finding.NOTE
        assert found.seen == "1 with an open circuit breaker, 1 disabled"


class TestTexts:
    @pytest.mark.parametrize(
        ("made_by", "finding", "advice"),
        [(DOORSTEP, Finding.WRONG, "mend"), ("asha", Finding.NOTE, "lift")],
    )
    async def test_that_are_suspended(
        self, database: Database, made_by: str, finding: Finding, advice: str
    ) -> None:
        await database.write(
            suspend, ALL_TEXTS, NOW, reason="a test", code="twilio_20003", made_by=made_by
        )
        found = (await waiting(database))["SMS"]
        assert found.finding is finding
        assert found.seen == "suspended for all (twilio_20003); 0 texts wait"
        assert found.advice.startswith(advice)


class TestMessages:
    async def test_that_nobody_received_are_named(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        told = MessageDraft(state=MessageState.REFUSED, code="smtp_550")
        message_id = await add_message(database, told)
        found = (await waiting(database))["sent notifications"]
        assert found.finding is Finding.WRONG
        assert found.seen == f"1 of a day were not received: {message_id} (email refused, smtp_550)"
        assert "doorstep notifications list" in found.advice

    async def test_that_wait_for_their_server(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await add_message(database, MessageDraft(state=MessageState.WAITING, send_after=after(600)))
        early = (await waiting(database, after(600 + 900)))["sent notifications"]
        assert early.finding is Finding.OK
        late = (await waiting(database, after(600 + 901)))["sent notifications"]
        assert late.finding is Finding.WRONG
        assert late.seen == "1 wait, the oldest for 15 min"
