"""Status callbacks: whatever order they come in, nothing goes back and nothing is sent twice."""

import itertools

import pytest

from contracts.delivery.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    HoldReason,
    SkipReason,
    SmsState,
)
from contracts.sms.statuses import TextStatus, read_status
from store.db.database import Database
from store.retries.manual import ask_for_retry
from store.sms.callbacks import NEWS_WITHIN, age_without_news, apply_status
from store.sms.claims import ReadySms
from store.sms.suspensions import ALL_TEXTS, list_suspensions, suspend
from tests.support.shelf import NOW, WITH_CALLBACKS, Shelf, Text, after, an_event

DELIVERED, DEAD, HELD = DeliveryState.DELIVERED, DeliveryState.DEAD_LETTERED, DeliveryState.HELD


async def state_of(text: Text) -> tuple[SmsState, DeliveryState]:
    """How the latest text and its delivery stand."""
    return (await text.messages())[-1].state, (await text.row()).state


async def sent(shelf: Shelf, event_type: str = "order_confirmed") -> tuple[Text, ReadySms]:
    text = await shelf.text(an_event(event_type))
    ready = await text.ready(rules=WITH_CALLBACKS)
    await text.settle(ready)
    return text, ready


class TestReading:
    @pytest.mark.parametrize(
        ("word", "state"),
        [
            ("accepted", SmsState.ACCEPTED),
            ("scheduled", SmsState.ACCEPTED),
            ("queued", SmsState.ACCEPTED),
            ("sending", SmsState.ACCEPTED),
            ("sent", SmsState.SENT),
            ("delivered", SmsState.DELIVERED),
            ("read", SmsState.DELIVERED),
            ("undelivered", SmsState.UNDELIVERED),
            ("failed", SmsState.UNDELIVERED),
            ("canceled", SmsState.UNDELIVERED),
        ],
    )
    def test_each_word(self, word: str, state: SmsState) -> None:
        status = read_status("sms_1", {"MessageStatus": word, "MessageSid": "SM1", "New": "x"})
        assert status == TextStatus("sms_1", "SM1", state, word)

    @pytest.mark.parametrize(
        ("claim", "fields"),
        [
            (None, {"MessageStatus": "sent", "MessageSid": "SM1"}),
            ("", {"MessageStatus": "sent", "MessageSid": "SM1"}),
            ("sms\x001", {"MessageStatus": "sent", "MessageSid": "SM1"}),
            ("sms_1", {"MessageStatus": "teleported", "MessageSid": "SM1"}),
            ("sms_1", {"MessageSid": "SM1"}),
            ("sms_1", {"MessageStatus": "sent"}),
        ],
    )
    def test_what_says_nothing(self, claim: str | None, fields: dict[str, str]) -> None:
        assert read_status(claim, fields) is None

    @pytest.mark.parametrize(
        ("code", "read"), [("30003", 30003), ("", None), ("0", None), ("x", None), ("٣", None)]
    )
    def test_the_code(self, code: str, read: int | None) -> None:
        fields = {"MessageStatus": "failed", "MessageSid": "SM1", "ErrorCode": code}
        status = read_status("sms_1", fields)
        assert status is not None
        assert status.code == read


class TestInAnyOrder:
    @pytest.mark.parametrize(
        "words", list(itertools.permutations(["queued", "sent", "delivered"])), ids="-".join
    )
    async def test_the_furthest_state_stays(self, shelf: Shelf, words: tuple[str, ...]) -> None:
        text, ready = await sent(shelf)
        for word in (*words, *words):
            await text.hear(ready, word)
        assert await state_of(text) == (SmsState.DELIVERED, DELIVERED)
        [message] = await text.messages()
        assert not message.awaits_news

    async def test_delivered_is_not_undone_by_a_failure_that_comes_after(
        self, shelf: Shelf
    ) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "delivered")
        await text.hear(ready, "undelivered", 30003)
        assert await state_of(text) == (SmsState.DELIVERED, DELIVERED)

    async def test_before_the_answer_to_the_call(self, shelf: Shelf) -> None:
        text = await shelf.text()
        ready = await text.ready(rules=WITH_CALLBACKS)
        await text.hear(ready, "delivered", now=after(1))
        await text.settle(ready, after(2))
        assert await state_of(text) == (SmsState.DELIVERED, DELIVERED)
        [message] = await text.messages()
        assert (message.code, message.twilio_sid) == ("twilio_delivered", "SM1")

    async def test_of_another_message_than_ours(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "failed", 30005, sid="SM2")
        assert await state_of(text) == (SmsState.ACCEPTED, DELIVERED)

    async def test_of_a_claim_that_nobody_made(self, database: Database) -> None:
        status = TextStatus("sms_none", "SM1", SmsState.SENT, "sent")
        await database.write(apply_status, status, NOW)


class TestWhatNobodyKnew:
    @pytest.mark.parametrize("word", ["queued", "sent", "delivered"])
    async def test_a_callback_settles_it(self, shelf: Shelf, word: str) -> None:
        """The claim id is all that comes back: by it we learn that Twilio has the text."""
        text = await shelf.text()
        ready = await text.ready(rules=WITH_CALLBACKS)
        await text.lose_sight(ready)
        await text.keep()
        await text.hear(ready, word, now=after(60))
        assert (await text.row()).state is DELIVERED
        [dead_letter] = await text.dead_letters()
        assert dead_letter.resolution is DeadLetterResolution.DELIVERED
        [message] = await text.messages()
        assert message.twilio_sid == "SM1"

    async def test_one_that_says_it_failed_for_good_keeps_the_dead_letter(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        ready = await text.ready(rules=WITH_CALLBACKS)
        await text.lose_sight(ready)
        await text.keep()
        await text.hear(ready, "undelivered", 30005)
        assert await state_of(text) == (SmsState.UNDELIVERED, DEAD)

    async def test_before_the_loss_is_written_down(self, shelf: Shelf) -> None:
        text = await shelf.text()
        ready = await text.ready(rules=WITH_CALLBACKS)
        await text.hear(ready, "sent")
        result = await text.lose_sight(ready)
        assert (result.state, result.dead_letter) == (DELIVERED, None)


class TestNotArrived:
    @pytest.mark.parametrize("code", [30003, 30008])
    async def test_for_now_there_is_one_more_attempt(self, shelf: Shelf, code: int) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "undelivered", code, now=after(10))
        row = await text.row()
        assert (row.state, row.hold_reason) == (HELD, HoldReason.NOT_REACHED)
        assert (row.next_attempt_at, row.delivered_at) == (after(310), None)
        second = await text.ready(in_round=2, now=after(310))
        assert second.sms_id != ready.sms_id
        await text.settle(second, after(311))
        await text.hear(second, "undelivered", code, now=after(400))
        assert await state_of(text) == (SmsState.UNDELIVERED, DEAD)
        [dead_letter] = await text.dead_letters()
        assert (dead_letter.reason, dead_letter.code) == (
            DeadLetterReason.REJECTED,
            f"twilio_{code}",
        )

    async def test_doubled_it_is_one_more_attempt_all_the_same(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        for _ in range(2):
            await text.hear(ready, "undelivered", 30003)
        await text.settle(await text.ready(in_round=2, now=after(300)), after(301))
        await text.hear(ready, "undelivered", 30003, now=after(302))
        assert await state_of(text) == (SmsState.ACCEPTED, DELIVERED)
        assert len(await text.messages()) == 2

    async def test_it_arrived_after_all_before_the_second_attempt(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "undelivered", 30003)
        await text.hear(ready, "delivered")
        row = await text.row()
        assert (row.state, row.hold_reason) == (DELIVERED, None)
        await text.claim(in_round=2)
        assert len(await text.messages()) == 1

    async def test_not_when_it_would_come_too_late(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf, "out_for_delivery")  # the OTP ends after 1,800 s
        await text.hear(ready, "undelivered", 30003, now=after(1501))
        assert await state_of(text) == (SmsState.UNDELIVERED, DEAD)

    @pytest.mark.parametrize("code", [30005, 30006, 30007, 30036, 99999, None])
    async def test_for_good_it_is_a_dead_letter(self, shelf: Shelf, code: int | None) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "failed", code)
        assert await state_of(text) == (SmsState.UNDELIVERED, DEAD)
        [dead_letter] = await text.dead_letters()
        assert dead_letter.code == (f"twilio_{code}" if code else "twilio_failed")

    async def test_a_person_may_send_that_again(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "failed", 30005)
        second = await text.ready(in_round=2)
        assert second.sms_id != ready.sms_id

    async def test_an_opt_out(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "failed", 21610)
        assert (await text.row()).skip_reason is SkipReason.OPTED_OUT

    async def test_a_suspended_account_holds_it_until_it_is_mended(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "failed", 30002)
        row = await text.row()
        assert (row.state, row.hold_reason) == (HELD, HoldReason.SMS_SUSPENDED)
        [(suspension, held)] = await shelf.database.read(list_suspensions)
        assert (suspension.scope, suspension.code, held) == ("account", "twilio_30002", 1)


class TestNewsOfAnOlderText:
    """A person has sent the delivery elsewhere, or once more, and that text is held yet."""

    RIGHT = "+919845012345"

    @pytest.mark.parametrize(
        ("word", "code"), [("delivered", None), ("undelivered", 30005), ("failed", 21610)]
    )
    async def test_of_the_wrong_number_changes_nothing_for_the_right_one(
        self, shelf: Shelf, word: str, code: int | None
    ) -> None:
        text = await shelf.text()
        wrong = await text.ready(rules=WITH_CALLBACKS)
        await text.lose_sight(wrong)
        await text.keep()
        await shelf.redirect(text.id, self.RIGHT)
        await self._held(shelf, text)
        await text.hear(wrong, word, code, now=after(20))
        row = await text.row()
        assert (row.state, row.hold_reason) == (HELD, HoldReason.SMS_SUSPENDED)
        assert (await text.messages())[0].state in (SmsState.DELIVERED, SmsState.UNDELIVERED)

    async def test_of_the_copy_before_changes_nothing_for_the_one_asked_for(
        self, shelf: Shelf
    ) -> None:
        text, first = await sent(shelf)
        await shelf.database.write(ask_for_retry, text.id, NOW, resend=True, actor="key_1")
        await self._held(shelf, text)
        await text.hear(first, "sent", now=after(20))
        row = await text.row()
        assert (row.state, row.copy_number) == (HELD, 2)

    async def _held(self, shelf: Shelf, text: Text) -> None:
        await shelf.database.write(suspend, ALL_TEXTS, NOW, reason="a test", made_by="key_1")
        await text.claim(in_round=2, now=after(10), resend=True)


class TestWithoutNews:
    async def test_after_a_day_it_is_unknown_and_nothing_else_changes(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await text.hear(ready, "sent")
        age = shelf.database.write
        assert await age(age_without_news, NOW + NEWS_WITHIN, limit=9) == 0
        late = NOW + NEWS_WITHIN * 1.01
        assert await age(age_without_news, late, limit=9) == 1
        assert await age(age_without_news, late, limit=9) == 0
        assert await state_of(text) == (SmsState.UNKNOWN, DELIVERED)
        assert (await text.messages())[0].code == "no_news"

    async def test_where_no_callback_was_asked_for_none_is_missed(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready())
        late = NOW + NEWS_WITHIN * 2
        assert await shelf.database.write(age_without_news, late, limit=9) == 0

    async def test_late_news_is_taken_all_the_same(self, shelf: Shelf) -> None:
        text, ready = await sent(shelf)
        await shelf.database.write(age_without_news, NOW + NEWS_WITHIN * 2, limit=9)
        await text.hear(ready, "delivered", now=NOW + NEWS_WITHIN * 2)
        assert await state_of(text) == (SmsState.DELIVERED, DELIVERED)
