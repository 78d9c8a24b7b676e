"""What Twilio answered to a text, and what follows for its delivery."""

import pytest

from contracts.delivery.messages import SendResult
from contracts.delivery.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    HoldReason,
    OptOutSource,
    SkipReason,
    SmsState,
)
from contracts.sms.answers import SmsAnswer, SmsFate, SuspensionScope
from store.deliveries.attempt_results import Settled
from store.sms.daily_caps import texts_today
from store.sms.opt_outs import list_opt_outs
from store.sms.outcomes import ILL_AFTER
from store.sms.suspensions import list_suspensions
from tests.support.shelf import DELAYS, NOW, Shelf, after

DELIVERING, DELIVERED = DeliveryState.DELIVERING, DeliveryState.DELIVERED
DEAD, HELD, SKIPPED = DeliveryState.DEAD_LETTERED, DeliveryState.HELD, DeliveryState.SKIPPED
UNKNOWN, REJECTED = DeadLetterReason.UNKNOWN, DeadLetterReason.REJECTED


def misconfigured(code: str, scope: SuspensionScope) -> SmsAnswer:
    return SmsAnswer(SmsFate.MISCONFIGURED, code, scope=scope)


async def suspensions(shelf: Shelf) -> list[tuple[str, str | None, int]]:
    """Scope, code and held texts of every stop in force."""
    found = await shelf.database.read(list_suspensions)
    return [(suspension.scope, suspension.code, held) for suspension, held in found]


class TestTaken:
    async def test_it_is_delivered_as_far_as_we_can_see(self, shelf: Shelf) -> None:
        text = await shelf.text()
        result = await text.settle(await text.ready(), after(1))
        assert result == SendResult(DELIVERED, code="twilio_accepted")
        [message] = await text.messages()
        assert (message.state, message.twilio_sid) == (SmsState.ACCEPTED, "SM1")
        assert (message.parts, message.settled_at) == (1, after(1))
        row = await text.row()
        assert (row.state, row.delivered_at) == (DELIVERED, after(1))
        assert row.last_code == "twilio_accepted"

    async def test_late_after_it_was_given_up_it_counts(self, shelf: Shelf) -> None:
        text = await shelf.text()
        late = await text.ready()
        await text.claim()  # by another worker: this one was taken for dead
        await text.keep()
        await text.settle(late, after(60))
        assert (await text.row()).state is DELIVERED
        [dead_letter] = await text.dead_letters()
        assert dead_letter.resolution is DeadLetterResolution.DELIVERED


class TestNobodyCanTell:
    async def test_it_is_unknown_and_never_sent_again_by_itself(self, shelf: Shelf) -> None:
        text = await shelf.text()
        lost = await text.lose_sight(await text.ready())
        assert lost == SendResult(DELIVERING, UNKNOWN, "timeout")
        assert await text.claim() == SendResult(DELIVERING, UNKNOWN, "timeout")
        [message] = await text.messages()
        assert (message.state, message.code) == (SmsState.UNKNOWN, "timeout")

    async def test_many_in_a_row_stop_the_account(self, shelf: Shelf) -> None:
        """A Twilio that answers 5xx must not make an unknown of every customer's text."""
        texts = await shelf.texts(ILL_AFTER + 1)
        for text in texts[:-1]:
            assert await suspensions(shelf) == []
            await text.lose_sight(await text.ready(), "twilio_503")
        assert await texts[-1].claim() == SendResult(HELD)
        assert await suspensions(shelf) == [("account", "twilio_503", 1)]

    async def test_late_news_of_older_texts_does_not_hide_it(self, shelf: Shelf) -> None:
        """Carriers report while Twilio's API is down."""
        older, *texts = await shelf.texts(ILL_AFTER + 2)
        ready = await older.ready()
        await older.settle(ready)
        await older.hear(ready, "delivered", now=after(600))
        for text in texts[:-1]:
            await text.lose_sight(await text.ready(now=after(600)), "twilio_503", after(601))
        assert await texts[-1].claim(now=after(602)) == SendResult(HELD)

    async def test_not_while_others_are_taken(self, shelf: Shelf) -> None:
        texts = await shelf.texts(ILL_AFTER + 1)
        await texts[0].settle(await texts[0].ready())
        for text in texts[1:]:
            await text.lose_sight(await text.ready(), "twilio_503")
        assert await suspensions(shelf) == []

    async def test_not_those_of_killed_workers(self, shelf: Shelf) -> None:
        for text in await shelf.texts(ILL_AFTER + 1):
            await text.ready()
            await text.claim()
        assert await suspensions(shelf) == []


class TestRefusedForNow:
    async def test_it_follows_the_schedule(self, shelf: Shelf) -> None:
        text = await shelf.text()
        for number, delay in enumerate(DELAYS, start=1):
            assert await text.refuse(await text.ready()) == Settled(None, delay, "twilio_20429")
            row = await text.row()
            assert (row.charged, row.attempts) == (number, number)
            assert row.next_attempt_at == after(delay)

    async def test_after_the_schedule_the_texts_wait_and_the_account_is_stopped(
        self, shelf: Shelf
    ) -> None:
        """What has lasted ten minutes is no fault of this text: it is sent when Twilio is back."""
        text = await shelf.text()
        for _ in range(3):
            await text.refuse(await text.ready())
        settled = await text.refuse(await text.ready())
        assert settled == Settled(SendResult(HELD))
        row = await text.row()
        assert (row.hold_reason, row.next_attempt_at) == (HoldReason.SMS_SUSPENDED, None)
        assert await suspensions(shelf) == [("account", "twilio_20429", 1)]

    async def test_while_others_are_taken_it_is_its_own_trouble_and_a_dead_letter(
        self, shelf: Shelf
    ) -> None:
        text, other = await shelf.texts(2)
        await other.settle(await other.ready())
        for _ in range(3):
            await text.refuse(await text.ready())
        settled = await text.refuse(await text.ready())
        exhausted = DeadLetterReason.EXHAUSTED
        assert settled == Settled(SendResult(DELIVERING, exhausted, "twilio_20429"))
        assert await suspensions(shelf) == []
        again = await text.claim()  # the worker was killed before it could tell
        assert again == SendResult(DELIVERING, exhausted, "twilio_20429")

    async def test_a_late_refusal_of_a_claim_given_up_charges_nothing(self, shelf: Shelf) -> None:
        text = await shelf.text()
        late = await text.ready()
        await text.claim()
        await text.keep()
        assert await text.refuse(late) == Settled(SendResult(DEAD, code="twilio_20429"))
        row = await text.row()
        assert (row.state, row.charged) == (DEAD, 0)
        assert [one.state for one in await text.messages()] == [SmsState.REFUSED]
        await text.ready(in_round=2)  # it certainly was not sent: a retry may send it

    async def test_it_is_taken_out_of_the_day_s_count(self, shelf: Shelf) -> None:
        text = await shelf.text()
        ready = await text.ready()
        assert await shelf.database.read(texts_today, "shop", NOW) == (1, 1)
        await text.refuse(ready)
        assert await shelf.database.read(texts_today, "shop", NOW) == (0, 0)


class TestRefusedForGood:
    @pytest.mark.parametrize("fate", [SmsFate.BAD_NUMBER, SmsFate.BAD_TEXT, SmsFate.FAILED])
    async def test_it_is_rejected_at_once(self, shelf: Shelf, fate: SmsFate) -> None:
        text = await shelf.text()
        settled = await text.refuse(await text.ready(), SmsAnswer(fate, "twilio_1"))
        assert settled == Settled(SendResult(DELIVERING, REJECTED, "twilio_1"))
        assert await text.claim() == SendResult(DELIVERING, REJECTED, "twilio_1")
        assert (await text.row()).next_attempt_at is None

    async def test_an_opt_out_is_skipped_and_kept_for_the_partner(self, shelf: Shelf) -> None:
        text = await shelf.text()
        answer = SmsAnswer(SmsFate.OPTED_OUT, "twilio_21610")
        assert await text.refuse(await text.ready(), answer) == Settled(SendResult(SKIPPED))
        assert (await text.row()).skip_reason is SkipReason.OPTED_OUT
        [found] = await shelf.database.read(
            list_opt_outs, partner_id="shop", owner=None, after=None, limit=9
        )
        assert (found.source, found.phone_masked) == (OptOutSource.TWILIO, "+91********10")
        another = (await shelf.texts(1))[0]
        assert await another.claim() == SendResult(SKIPPED)


class TestMisconfigured:
    @pytest.mark.parametrize(
        ("scope", "stored"),
        [
            (SuspensionScope.ACCOUNT, "account"),
            (SuspensionScope.SENDER, "sender/DRSTEP"),
            (SuspensionScope.ROUTE, "route/DRSTEP/91"),
        ],
    )
    async def test_its_scope_is_stopped_and_the_text_waits_uncharged(
        self, shelf: Shelf, scope: SuspensionScope, stored: str
    ) -> None:
        text = await shelf.text()
        settled = await text.refuse(await text.ready(), misconfigured("twilio_1", scope))
        assert settled == Settled(SendResult(HELD))
        row = await text.row()
        assert (row.hold_reason, row.charged) == (HoldReason.SMS_SUSPENDED, 0)
        assert await suspensions(shelf) == [(stored, "twilio_1", 1)]
        assert [one.state for one in await text.messages()] == [SmsState.REFUSED]
