"""After a restore: what may have been texted since the backup is not texted again by itself."""

from datetime import datetime

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeadLetterReason, DeliveryState, SkipReason, SmsState
from contracts.notifications.messages import MessageChannel, MessageState
from contracts.payload.event_age import MOST_AHEAD
from store.sms.claims import ReadySms
from store.sms.notification_texts import claim_notification_text
from store.tables import DeliveryRow, NotificationMessageRow, RestoreRow
from tests.support.notifications import switched_off
from tests.support.shelf import NOW, RULES, Shelf, Text, after, an_event

UNKNOWN = SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, "restored")
RESTORED_AT = after(60)
AHEAD_S = MOST_AHEAD.total_seconds()


async def restore(shelf: Shelf, lost_until: datetime, restored_at: datetime = RESTORED_AT) -> None:
    row = RestoreRow(restored_at=restored_at, lost_until=lost_until)
    await shelf.database.write(lambda session: session.add(row))


async def sent_again(shelf: Shelf, happened_at: datetime) -> Text:
    """A text of an event that the database hears of two minutes after NOW."""
    await shelf.add_partner(tier="smb")
    event = an_event(occurred_at=happened_at.isoformat())
    [planned] = (await shelf.plan(event, now=after(120))).deliveries
    return Text(shelf, event, planned.delivery_id)


class TestWhatMayHaveGoneOut:
    async def test_a_text_that_was_planned(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await restore(shelf, after(30))
        for _ in range(2):
            assert await text.claim(now=after(70)) == UNKNOWN
        [message] = await text.messages()
        assert (message.state, message.code, message.body) == (SmsState.UNKNOWN, "restored", "")
        assert (message.settled_at, message.awaits_news) == (after(70), False)
        assert ((await text.row()).attempts, (await text.row()).last_code) == (0, "restored")

    async def test_one_that_was_refused_and_would_be_tried_again(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.refuse(await text.ready())
        await restore(shelf, after(30))
        assert await text.claim(now=after(70)) == UNKNOWN
        [message] = await text.messages()
        assert message.state is SmsState.UNKNOWN

    async def test_one_of_an_event_that_the_oms_sends_again(self, shelf: Shelf) -> None:
        text = await sent_again(shelf, NOW)
        await restore(shelf, after(30))
        assert await text.claim(now=after(121)) == UNKNOWN

    async def test_one_of_an_event_whose_clock_was_ahead(self, shelf: Shelf) -> None:
        text = await sent_again(shelf, after(30 + AHEAD_S))
        await restore(shelf, after(30))
        assert await text.claim(now=after(121)) == UNKNOWN

    async def test_late_ones_are_unknown_and_not_skipped_as_if_nothing_was_sent(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        await restore(shelf, after(30))
        assert await text.claim(now=after(24 * 3600)) == UNKNOWN

    async def test_another_event_does_not_say_the_same_meanwhile(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("out_for_delivery"))
        await restore(shelf, after(30))
        assert await text.claim(now=after(70)) == UNKNOWN
        fields = {"event_id": "evt-again", "occurred_at": after(400).isoformat()}
        again = an_event("out_for_delivery", **fields)
        [planned] = (await shelf.plan(again, now=after(401))).deliveries
        other = Text(shelf, again, planned.delivery_id)
        claimed = await other.claim(now=after(402))
        assert (await other.row()).skip_reason is SkipReason.DUPLICATE, claimed

    async def test_a_text_of_a_notification(self, shelf: Shelf) -> None:
        told = await switched_off(shelf, "+919845012345")
        message_id = told[MessageChannel.SMS].id
        await restore(shelf, after(30))
        result = await shelf.database.write(claim_notification_text, message_id, after(70), RULES)
        assert result.state is MessageState.UNKNOWN  # type: ignore[union-attr]
        why = (await shelf.one(NotificationMessageRow, message_id)).why
        assert why == "restored: it may have been sent, so it is not sent again"


class TestWhatGoesOut:
    async def test_a_text_of_an_event_that_happened_later(self, shelf: Shelf) -> None:
        text = await sent_again(shelf, after(31 + AHEAD_S))
        await restore(shelf, after(30))
        assert isinstance(await text.claim(now=after(121)), ReadySms)

    async def test_one_that_is_tried_again_since(self, shelf: Shelf) -> None:
        text = await sent_again(shelf, after(31 + AHEAD_S))
        await restore(shelf, after(30))
        await text.refuse(await text.ready(now=after(121)), now=after(122))
        assert isinstance(await text.claim(now=after(152)), ReadySms)

    async def test_one_more_copy_that_a_person_asks_for(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await restore(shelf, after(30))
        await text.claim(now=after(70))
        await text.keep()
        await shelf.change(DeliveryRow, text.id, copy_number=2)  # as the API does
        assert isinstance(await text.claim(in_round=2, now=after(80), resend=True), ReadySms)
        states = [(one.copy_number, one.state) for one in await text.messages()]
        assert states == [(1, SmsState.UNKNOWN), (2, SmsState.CLAIMED)]

    async def test_one_more_copy_of_what_had_arrived_before_the_backup(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready())
        await restore(shelf, after(30))
        assert await text.claim(now=after(70)) == SendResult(
            DeliveryState.DELIVERED, code="twilio_accepted"
        )
        await shelf.change(DeliveryRow, text.id, copy_number=2)
        assert isinstance(await text.claim(in_round=2, now=after(80), resend=True), ReadySms)

    async def test_news_of_the_one_before_settles_it(self, shelf: Shelf) -> None:
        """Twilio may know the row: it had the same id when it was sent."""
        text = await shelf.text()
        ready = await text.ready()
        await text.refuse(ready)
        await restore(shelf, after(30))
        await text.claim(now=after(70))
        await text.keep()
        await text.hear(ready, "delivered", now=after(75))
        assert (await text.row()).state is DeliveryState.DELIVERED


async def test_the_last_of_several_restores_counts(shelf: Shelf) -> None:
    await restore(shelf, after(-3600), restored_at=after(-3000))
    text = await shelf.text()
    await restore(shelf, after(30))
    assert await text.claim(now=after(70)) == UNKNOWN
