"""Texts: claimed before Twilio hears of them, and never sent twice because nobody knows."""

from datetime import timedelta

import pytest

from contracts.errors import NotFound
from contracts.messages import RecordDeadLetter, SendResult, SendSms
from contracts.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    SkipReason,
    SmsState,
)
from store import sms
from store.attempts import Settled
from store.database import Database
from store.dead_letters import record_dead_letter
from store.sealed_columns import SMS_BODY, SMS_PHONE
from store.sealing import opened_text
from store.sms import ReadySms
from store.tables import DeadLetterRow, PartnerRow
from tests.support.encryption import KEYRING
from tests.support.factories import make_groups, make_order
from tests.support.shelf import DELAYS, NOW, Shelf, Text, after, an_event

DELIVERING, DELIVERED = DeliveryState.DELIVERING, DeliveryState.DELIVERED
SKIPPED, DEAD = DeliveryState.SKIPPED, DeliveryState.DEAD_LETTERED
EXHAUSTED, UNKNOWN = DeadLetterReason.EXHAUSTED, DeadLetterReason.UNKNOWN
REJECTED = DeadLetterReason.REJECTED


async def keep(text: Text, reason: DeadLetterReason) -> None:
    """Record the dead letter, as the workflow does."""
    letter = RecordDeadLetter(text.id, reason)
    await text.shelf.database.write(record_dead_letter, letter, NOW)


class TestClaiming:
    async def test_the_claim_is_there_before_twilio_is_called(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("out_for_delivery"))
        ready = await text.ready()
        assert ready.to_phone == "+919876543210"
        assert ready.body.startswith("Chai Point: your order ORD-1 is out for delivery")
        assert "483920" in ready.body
        [message] = await text.messages()
        assert (message.id, message.state, message.round) == (ready.sms_id, SmsState.CLAIMED, 1)
        kept = (
            opened_text(KEYRING, SMS_PHONE, message.to_phone, message.id),
            opened_text(KEYRING, SMS_BODY, message.body, message.id),
        )
        assert kept == (ready.to_phone, ready.body)
        row = await text.row()
        assert (row.state, row.attempts, row.charged) == (DELIVERING, 1, 0)

    async def test_an_unknown_delivery(self, database: Database) -> None:
        task = SendSms("evt-1", "dlv_none", 1, DELAYS)
        with pytest.raises(NotFound, match="dlv_none"):
            await database.write(sms.claim_sms, task, NOW, timedelta())

    async def test_what_is_claimed_does_not_show_itself(self) -> None:
        ready = ReadySms("sms_1", "+919876543210", "OTP 483920")
        assert "9876543210" not in repr(ready)
        assert "483920" not in repr(ready)


class TestTaken:
    async def test_it_is_delivered_as_far_as_we_can_see(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready(), after(1))
        [message] = await text.messages()
        assert (message.state, message.twilio_sid) == (SmsState.ACCEPTED, "SM1")
        assert (message.parts, message.settled_at) == (1, after(1))
        row = await text.row()
        assert (row.state, row.delivered_at) == (DELIVERED, after(1))
        assert row.last_code == "twilio_accepted"

    async def test_afterwards_there_is_nothing_to_send(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready())
        assert await text.claim() == SendResult(DELIVERED, code="twilio_accepted")
        assert len(await text.messages()) == 1


class TestAClaimThatACrashLeft:
    async def test_it_may_have_been_sent_so_it_is_unknown(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.ready()
        assert await text.claim() == SendResult(DELIVERING, UNKNOWN, "interrupted")
        [message] = await text.messages()
        assert (message.state, message.code) == (SmsState.UNKNOWN, "interrupted")

    async def test_it_is_never_claimed_again_in_that_round(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.ready()
        for _ in range(3):
            assert await text.claim() == SendResult(DELIVERING, UNKNOWN, "interrupted")
        assert (await text.row()).attempts == 1

    async def test_its_late_acceptance_counts(self, shelf: Shelf) -> None:
        text = await shelf.text()
        late = await text.ready()
        await text.claim()
        await keep(text, UNKNOWN)
        await text.settle(late, after(60))
        assert (await text.row()).state is DELIVERED
        [letter] = await shelf.all_of(DeadLetterRow, text.id)
        assert (letter.resolution, letter.resolved_at) == (
            DeadLetterResolution.DELIVERED,
            after(60),
        )

    async def test_its_late_refusal_charges_nothing(self, shelf: Shelf) -> None:
        text = await shelf.text()
        late = await text.ready()
        await text.claim()
        await keep(text, UNKNOWN)
        assert await text.refuse(late) == Settled(SendResult(DEAD, code="twilio_20429"))
        row = await text.row()
        assert (row.state, row.charged, row.next_attempt_at) == (DEAD, 0, None)
        assert [one.state for one in await text.messages()] == [SmsState.UNKNOWN]


class TestNobodyCanTell:
    async def test_a_time_out_is_unknown_and_never_sent_again_by_itself(self, shelf: Shelf) -> None:
        text = await shelf.text()
        lost = await text.lose_sight(await text.ready())
        assert lost == SendResult(DELIVERING, UNKNOWN, "timeout")
        assert await text.claim() == SendResult(DELIVERING, UNKNOWN, "timeout")
        [message] = await text.messages()
        assert (message.state, message.code) == (SmsState.UNKNOWN, "timeout")

    async def test_a_person_may_send_it_anew(self, shelf: Shelf) -> None:
        text = await shelf.text()
        first = await text.ready()
        await text.lose_sight(first)
        await keep(text, UNKNOWN)
        second = await text.ready(in_round=2)
        assert second.sms_id != first.sms_id
        states = [(one.round, one.state) for one in await text.messages()]
        assert states == [(1, SmsState.UNKNOWN), (2, SmsState.CLAIMED)]
        [letter] = await shelf.all_of(DeadLetterRow, text.id)
        assert letter.resolution is DeadLetterResolution.RETRIED

    async def test_the_round_before_is_not_sent_any_more(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready(in_round=2))
        assert await text.claim(in_round=1) == SendResult(DELIVERED, code="twilio_accepted")


class TestRefused:
    async def test_for_now_it_follows_the_schedule_and_can_be_claimed_again(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        for number, delay in enumerate(DELAYS, start=1):
            ready = await text.ready()
            assert await text.refuse(ready) == Settled(None, delay, "twilio_20429")
            row = await text.row()
            assert (row.charged, row.attempts) == (number, number)
            assert row.next_attempt_at == after(delay)
        settled = await text.refuse(await text.ready())
        assert settled == Settled(SendResult(DELIVERING, EXHAUSTED, "twilio_20429"))
        [message] = await text.messages()
        assert (message.state, message.code) == (SmsState.REFUSED, "twilio_20429")

    async def test_a_second_claim_is_the_same_text(self, shelf: Shelf) -> None:
        text = await shelf.text()
        first = await text.ready()
        await text.refuse(first)
        second = await text.ready(now=after(30))
        assert second == first
        [message] = await text.messages()
        assert (message.state, message.settled_at) == (SmsState.CLAIMED, None)
        assert (await text.row()).next_attempt_at is None

    async def test_for_good_it_is_rejected_at_once(self, shelf: Shelf) -> None:
        text = await shelf.text()
        settled = await text.refuse(await text.ready(), "twilio_21610", for_good=True)
        assert settled == Settled(SendResult(DELIVERING, REJECTED, "twilio_21610"))
        assert await text.claim() == SendResult(DELIVERING, REJECTED, "twilio_21610")
        assert (await text.row()).next_attempt_at is None

    async def test_a_used_up_schedule_that_a_crash_kept_untold(self, shelf: Shelf) -> None:
        text = await shelf.text()
        for _ in range(4):
            await text.refuse(await text.ready())
        assert await text.claim() == SendResult(DELIVERING, EXHAUSTED, "twilio_20429")
        assert (await text.row()).attempts == 4


class TestAPausedPartner:
    async def test_it_holds_the_text_until_somebody_sends_it_again(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        for _ in range(2):
            assert await text.claim() == SendResult(DeliveryState.HELD)
        assert await text.messages() == []
        await shelf.change(PartnerRow, "shop", paused_at=None)
        await text.ready(in_round=2)
        assert (await text.row()).state is DeliveryState.DELIVERING

    async def test_a_text_that_may_have_been_sent_is_unknown_all_the_same(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        await text.ready()
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        result = await text.claim()
        assert isinstance(result, SendResult)
        assert result.dead_letter is DeadLetterReason.UNKNOWN


class TestTooLate:
    @pytest.mark.parametrize(
        ("event_type", "hours"),
        [("order_confirmed", 6), ("out_for_delivery", 0.5), ("delivered", 12)],
    )
    async def test_a_stale_text_is_skipped_with_the_reason(
        self, shelf: Shelf, event_type: str, hours: float
    ) -> None:
        text = await shelf.text(an_event(event_type))
        assert await text.claim(now=after(hours * 3600 + 1)) == SendResult(SKIPPED)
        row = await text.row()
        assert (row.state, row.skip_reason) == (SKIPPED, SkipReason.STALE)
        assert await text.messages() == []

    async def test_just_before_it_is_sent(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("order_confirmed"))
        await text.ready(now=after(6 * 3600))

    async def test_one_that_went_stale_between_two_tries_waits_for_nothing(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text(an_event("out_for_delivery"))
        await text.refuse(await text.ready())
        assert await text.claim(now=after(1800)) == SendResult(SKIPPED)
        row = await text.row()
        assert (row.state, row.next_attempt_at) == (SKIPPED, None)

    async def test_a_skipped_one_stays_skipped(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.claim(now=after(86_400))
        assert await text.claim(now=NOW) == SendResult(SKIPPED)

    async def test_without_a_phone_the_plan_skips_it_and_nothing_is_claimed(
        self, shelf: Shelf
    ) -> None:
        nobody = make_groups(order=make_order(customer=None))
        text = await shelf.text(an_event(data=nobody))
        assert await text.claim() == SendResult(SKIPPED)
        assert await text.messages() == []
