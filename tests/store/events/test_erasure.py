"""Erasing: a customer, a retention that has ended; what stays, and that nothing is sent after."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from contracts.delivery.messages import RecordDeadLetter, SendResult
from contracts.delivery.states import (
    Channel,
    DeadLetterReason,
    DeliveryState,
    EventState,
    SkipReason,
)
from contracts.errors import Conflict
from contracts.instructions.posts import PostResult
from contracts.instructions.request import InstructionContent
from contracts.instructions.transitions import InstructionState
from store.db.database import Database
from store.deliveries import planning
from store.deliveries.dead_lettering import record_dead_letter
from store.deliveries.fallback import plan_fallback
from store.events import acceptance
from store.events.erasure import (
    Erased,
    erase_customer,
    erase_events,
    erase_past_retention,
)
from store.instructions.search import get_instruction
from store.sms import claims
from store.sms.daily_caps import count_text
from store.sms.opt_outs import link_token, opt_out_by_link
from store.tables import (
    DeliveryRow,
    EventRow,
    OptOutLinkRow,
    OptOutRow,
    PartnerRow,
    PayloadRow,
    SmsMessageRow,
)
from tests.support.factories import make_groups, make_order
from tests.support.instructions import NEW_PHONE, failed_order
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Text, Webhook, after, an_event

PHONE, OTHER = "+919876543210", "+919812300000"
DAY = 86_400
ERASED = (DeliveryState.SKIPPED, SkipReason.ERASED)


async def erase(database: Database, phone: str = PHONE, limit: int = 100) -> Erased:
    """One batch."""
    return await database.write(erase_customer, phone, after(60), limit=limit)


class TestOneCustomer:
    async def test_everything_of_theirs_is_gone_and_counted(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(sms_enabled=True)
        await shelf.add_endpoint()
        event = an_event("out_for_delivery", data=make_groups(order=make_order(awb_number="AWB-1")))
        for planned in (await shelf.plan(event)).deliveries:
            if planned.channel is Channel.SMS:
                text = Text(shelf, event, planned.delivery_id)
                await text.settle(await text.ready())
            else:
                webhook = Webhook(shelf, event, planned.delivery_id, "")
                await webhook.attempt(503)
        assert await erase(database) == Erased(
            events=1, payloads=1, texts=1, excerpts=1, deliveries_ended=1
        )
        row = await shelf.one(EventRow, event.event_id)
        assert (row.body, row.customer_phone_index, row.otp_until) == ("", None, None)
        assert row.awb_number is None
        assert (row.erased_at, row.order_id, row.state) == (after(60), "ORD-1", EventState.PLANNED)
        assert (await shelf.one(PayloadRow, (event.event_id, "1.0"))).body == b""
        [sms] = await text.messages()
        assert (sms.to_phone, sms.to_phone_index, sms.body, sms.twilio_sid) == ("", None, "", "SM1")
        [attempt] = await webhook.attempts()
        assert (attempt.response_excerpt, attempt.code) == (None, "http_503")
        assert await erase(database) == Erased()

    async def test_a_corrected_phone_goes_with_the_customer_who_has_it(
        self, shelf: Shelf, database: Database
    ) -> None:
        text = await shelf.text()
        await text.keep()
        await shelf.redirect(text.id, OTHER)
        assert (await erase(database, OTHER)).events == 1
        row = await text.row()
        assert (row.corrected_phone, row.corrected_phone_index) == (None, None)
        assert await erase(database, OTHER) == Erased()

    async def test_their_opt_out_links_go_and_their_opt_outs_stay(
        self, shelf: Shelf, database: Database
    ) -> None:
        text = await shelf.text()
        token = await database.write(link_token, "shop", PHONE, NOW)
        await database.write(opt_out_by_link, token, NOW)
        await erase(database)
        assert await shelf.count(OptOutLinkRow) == 0
        assert await shelf.count(OptOutRow) == 1
        assert (await text.row()).skip_reason is SkipReason.ERASED

    async def test_an_erasure_waits_for_a_claim_under_way(
        self, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Locked in another order the two would wait for each other."""
        text = await shelf.text()
        reached, go_on = threading.Event(), threading.Event()

        def slowly(*given: Any, **named: Any) -> bool:
            reached.set()
            go_on.wait(10)
            return count_text(*given, **named)

        monkeypatch.setattr(claims, "count_text", slowly)
        claiming = asyncio.create_task(text.claim())
        await asyncio.to_thread(reached.wait, 10)
        erasing = asyncio.create_task(erase(database))
        await asyncio.sleep(0)
        go_on.set()
        await claiming
        assert (await erasing).texts == 1
        [message] = await text.messages()
        assert (message.to_phone, message.body) == ("", "")

    async def test_other_customers_keep_theirs(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        groups = make_groups(order=make_order(customer={"name": "Ravi", "phone": OTHER}))
        other, mine = an_event(data=groups), an_event()
        await shelf.plan(other)
        await shelf.plan(mine)
        assert (await erase(database)).events == 1
        assert (await shelf.one(EventRow, other.event_id)).erased_at is None
        assert await shelf.payload_bytes(other.event_id)

    async def test_many_events_go_batch_by_batch(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        for _ in range(5):
            await shelf.accept(an_event())
        counts = [(await erase(database, limit=2)).events for _ in range(4)]
        assert counts == [2, 2, 1, 0]

    async def test_a_repeat_of_an_erased_event_is_still_a_repeat(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await erase(database)
        assert (await database.write(acceptance.accept, event, NOW)).duplicate
        assert (await shelf.one(EventRow, event.event_id)).body == ""


class TestWhatIsOnItsWay:
    async def test_an_event_without_a_plan_gets_one_that_sends_nothing(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(sms_enabled=True)
        await shelf.add_endpoint()
        event = await shelf.accept()
        await erase(database)
        [planned] = (await database.write(planning.plan_event, event.event_id, NOW)).deliveries
        assert (planned.state, planned.skip_reason) == ERASED
        assert await shelf.count(PayloadRow) == 0

    async def test_a_webhook_is_not_posted_again(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await erase(database)
        assert await webhook.begin() == SendResult(DeliveryState.SKIPPED, code="http_503")
        row = await webhook.row()
        assert (row.state, row.skip_reason, row.next_attempt_at) == (*ERASED, None)

    @pytest.mark.parametrize("status", [200, 503, 410])
    async def test_an_attempt_on_the_wire_ends_and_its_answer_is_not_kept(
        self, shelf: Shelf, database: Database, status: int
    ) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        await erase(database)
        settled = await webhook.finish(ready, status)
        assert settled.result is not None
        [attempt] = await webhook.attempts()
        assert (attempt.code, attempt.response_excerpt) == (f"http_{status}", None)
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.GONE)
        state = await database.write(record_dead_letter, dead_letter, NOW)
        assert state is (DeliveryState.DELIVERED if status == 200 else DeliveryState.SKIPPED)

    async def test_a_retry_that_was_asked_for_before_sends_nothing(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        await erase(database)
        assert await webhook.begin(in_round=2, resend=True) == SendResult(DeliveryState.DELIVERED)

    async def test_a_text_is_not_claimed(self, shelf: Shelf, database: Database) -> None:
        text = await shelf.text()
        await erase(database)
        assert await text.claim() == SendResult(DeliveryState.SKIPPED)
        assert await text.claim(in_round=2) == SendResult(DeliveryState.SKIPPED)
        row = await text.row()
        assert (row.state, row.skip_reason) == ERASED
        assert await shelf.count(SmsMessageRow) == 0

    async def test_no_fallback_is_planned(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(sms_fallback=True)
        await shelf.add_endpoint()
        event = an_event()
        await shelf.plan(event)
        await erase(database)
        assert await database.write(plan_fallback, event.event_id, NOW) is None

    async def test_what_has_ended_keeps_its_state(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        assert (await erase(database)).deliveries_ended == 0
        assert (await webhook.row()).state is DeliveryState.DELIVERED


class TestRetention:
    async def test_it_ends_by_the_partners_own_days_or_by_the_default(
        self, shelf: Shelf, database: Database
    ) -> None:
        for partner_id, days in (("default", None), ("short", 2), ("long", 90)):
            await shelf.add_partner(partner_id)
            await shelf.change(PartnerRow, partner_id, retention_days=days)
            for name, age_days in (("old", 40), ("young", 3)):
                moment = after(-age_days * DAY)
                event = an_event(event_id=f"{partner_id}-{name}", partner_id=partner_id)
                event = event.model_copy(update={"occurred_at": moment})
                await shelf.accept(event, now=moment)
        erased = Erased()
        while batch := (
            await database.write(erase_past_retention, timedelta(days=30), NOW, limit=2)
        ).events:
            erased += Erased(events=batch)
        gone = await database.read(
            lambda s: {row.event_id for row in s.exec(select(EventRow)) if row.erased_at}
        )
        assert gone == {"default-old", "short-old", "short-young"}
        assert erased.events == 3

    async def test_nobody_s_kept_events_are_walked_through(
        self, shelf: Shelf, database: Database
    ) -> None:
        """Those of a partner who keeps them longer are older than what another's retention ends."""
        for number in range(20):
            await shelf.add_partner(f"shop-{number}")
            for _ in range(5):
                await shelf.accept(an_event(partner_id=f"shop-{number}"))

        def look(session: Session) -> object:
            session.execute(text("ANALYZE events, partners"))
            return erase_past_retention(session, timedelta(days=30), NOW, limit=2)

        [plan] = await database.write(plans_of, look, "partners")
        [found_by] = [line for line in plan.splitlines() if "Index Cond" in line]
        assert "(partner_id)::text = (partners.id)::text" in found_by
        assert "accepted_at <" in found_by

    async def test_an_erased_event_is_not_erased_again(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        assert (await database.write(erase_events, [event.event_id], NOW)).events == 1
        assert await database.write(erase_events, [event.event_id], after(9)) == Erased()
        assert (await shelf.one(EventRow, event.event_id)).erased_at == NOW
        assert await shelf.count(DeliveryRow) == 0


class TestInstructions:
    async def test_what_was_said_is_gone_and_nothing_of_it_leaves(
        self, shelf: Shelf, database: Database
    ) -> None:
        counter = await failed_order(shelf)
        given = await counter.give("change_address", phone=NEW_PHONE, comment="ask for Asha")
        erased = await erase(database)
        assert (erased.events, erased.instructions) == (1, 1)
        row = await counter.row(given)
        assert (row.content, row.phone_index, row.erased_at) == ("", None, after(60))
        assert (row.state, row.closed_by) == (InstructionState.CLOSED, "erased")
        assert await counter.begin_post(after(61)) == PostResult()
        with pytest.raises(Conflict):
            await counter.give("hold", now=after(61))

    async def test_a_decided_one_stays_decided_without_its_words(
        self, shelf: Shelf, database: Database
    ) -> None:
        counter = await failed_order(shelf)
        given = await counter.give("hold", comment="ask for Asha")
        await counter.decide(given.id, reason="kept in Kothrud")
        await erase(database)
        shown = await database.read(get_instruction, given.id, after(61))
        assert shown.state is InstructionState.ACCEPTED
        assert shown.content == InstructionContent()

    async def test_it_is_found_by_the_phone_in_it(self, shelf: Shelf, database: Database) -> None:
        counter = await failed_order(shelf)
        await counter.give("reattempt", phone=NEW_PHONE)
        assert (await erase(database, NEW_PHONE)).instructions == 1
        assert await erase(database, NEW_PHONE) == Erased()

    async def test_it_goes_with_its_event_s_retention(
        self, shelf: Shelf, database: Database
    ) -> None:
        counter = await failed_order(shelf)
        await counter.give("hold")
        month = timedelta(days=30)
        erased = await database.write(
            erase_past_retention, month, NOW + month + timedelta(seconds=1), limit=10
        )
        assert erased.instructions == 1
