"""Wishes of a person to send a text again: what is allowed, and what is nobody's to ask."""

import pytest
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason, SkipReason
from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from store.access.audit import AuditFilter, list_entries
from store.deliveries.planning import plan_event
from store.deliveries.state_changes import skip
from store.encryption.sealing import phone_index
from store.retries.manual import MOST_TEXTS, ask_for_retry, redirect_text
from store.sms.test_messages import accept_test_text
from store.tables import AuditEntryRow, DeliveryRow
from tests.support.shelf import NOW, Shelf, Text, after, an_event

RIGHT = "+919845012345"


async def again(text: Text, *, resend: bool = False, seconds: float = 0) -> None:
    await text.shelf.database.write(
        ask_for_retry, text.id, after(seconds), resend=resend, actor="key_1"
    )


class TestATextThatMayHaveBeenSent:
    async def test_goes_out_again_only_where_a_person_says_so(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.lose_sight(await text.ready())
        await text.keep()
        with pytest.raises(Conflict, match="may have been sent"):
            await again(text)
        await again(text, resend=True)
        await text.ready(in_round=2)
        assert [one.copy_number for one in await text.messages()] == [1, 2]

    async def test_one_that_certainly_was_not_needs_no_such_word(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.refuse(await text.ready())
        await again(text)
        assert (await text.row()).copy_number == 1

    async def test_asked_twice_in_a_moment_it_goes_out_once(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready())
        for _ in range(2):
            await again(text, resend=True)
        await text.settle(await text.ready(in_round=2, resend=True))
        await text.claim(in_round=3, resend=True)
        assert len(await text.messages()) == 2

    async def test_not_as_often_as_one_likes(self, shelf: Shelf) -> None:
        text = await shelf.text()
        for number in range(1, MOST_TEXTS + 1):
            await text.settle(await text.ready(in_round=number, resend=number > 1))
            if number < MOST_TEXTS:
                await again(text, resend=True)
        with pytest.raises(Conflict, match="that is the most"):
            await again(text, resend=True)
        with pytest.raises(Conflict, match="that is the most"):
            await shelf.redirect(text.id, RIGHT)


class TestTooLate:
    async def test_a_delivered_text_stays_delivered(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready())
        with pytest.raises(Conflict, match="too late"):
            await again(text, resend=True, seconds=7 * 3600)
        assert (await text.row()).state is DeliveryState.DELIVERED


class TestRedirected:
    async def test_a_skipped_one_is_sent_by_itself_where_temporal_was_away(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        await shelf.database.write(_skip_for_its_phone, text.id)
        await shelf.redirect(text.id, RIGHT)
        row = await text.row()
        assert (row.state, row.hold_reason) == (DeliveryState.HELD, HoldReason.REDIRECTED)
        assert (await text.ready(in_round=2, now=after(120))).to_phone == RIGHT

    async def test_a_number_that_cannot_be_texted(self, shelf: Shelf) -> None:
        text = await shelf.text()
        with pytest.raises(Invalid, match="mobile"):
            await shelf.redirect(text.id, "+912224131234")

    async def test_a_test_text_goes_to_the_owner_s_phone_only(self, shelf: Shelf) -> None:
        """Or anybody with a partner's key could text anybody."""
        await shelf.add_partner(tier="smb", contact_phone="+919812345678")
        kind = EventType.OUT_FOR_DELIVERY
        write = shelf.database.write
        event_id = await write(accept_test_text, "shop", kind, NOW, actor="key_1")
        [planned] = (await write(plan_event, event_id, NOW)).deliveries
        with pytest.raises(Conflict, match="own phone only"):
            await write(redirect_text, planned.delivery_id, RIGHT, NOW, actor="key_1")

    async def test_a_webhook_has_no_phone(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        with pytest.raises(Conflict, match="not a text"):
            await shelf.redirect(webhook.id, RIGHT)


class TestWhatMayNotLeaveByACorrection:
    """Whoever may correct a phone must not read by it what is masked: least of all an OTP."""

    async def test_an_otp_that_the_customer_has(self, shelf: Shelf) -> None:
        text = await _otp_text(shelf)
        await text.settle(await text.ready())
        with pytest.raises(Conflict):
            await shelf.redirect(text.id, RIGHT)
        row = await text.row()
        assert (row.corrected_phone, row.state) == (None, DeliveryState.DELIVERED)

    async def test_an_otp_that_may_have_arrived(self, shelf: Shelf) -> None:
        text = await _otp_text(shelf)
        await text.lose_sight(await text.ready())
        await text.keep()
        with pytest.raises(Conflict, match="OTP"):
            await shelf.redirect(text.id, RIGHT)

    @pytest.mark.parametrize("abroad", ["+14155550123", "+447400123456"])
    async def test_an_otp_to_another_country(self, shelf: Shelf, abroad: str) -> None:
        text = await _undelivered(shelf, "out_for_delivery")
        with pytest.raises(Invalid) as refused:
            await shelf.redirect(text.id, abroad)
        assert refused.value.field == "phone"
        await shelf.redirect(text.id, RIGHT)
        assert (await text.ready(in_round=2)).to_phone == RIGHT

    async def test_without_an_otp_in_force_the_country_is_free(self, shelf: Shelf) -> None:
        text = await _undelivered(shelf, "delivered")
        await shelf.redirect(text.id, "+447400123456")

    @pytest.mark.parametrize(
        "state",
        [
            DeliveryState.PENDING,
            DeliveryState.HELD,
            DeliveryState.DELIVERING,
            DeliveryState.DELIVERED,
            DeliveryState.SKIPPED,
            DeliveryState.DISCARDED,
            DeliveryState.EXPIRED,
        ],
    )
    async def test_any_text_that_did_not_fail(self, shelf: Shelf, state: DeliveryState) -> None:
        text = await shelf.text()
        await shelf.change(DeliveryRow, text.id, state=state, skip_reason=None)
        with pytest.raises(Conflict):
            await shelf.redirect(text.id, RIGHT)

    async def test_asked_for_the_same_phone_again_nothing_changes(self, shelf: Shelf) -> None:
        text = await _undelivered(shelf, "out_for_delivery")
        await shelf.redirect(text.id, RIGHT)
        await text.settle(await text.ready(in_round=2))
        await shelf.redirect(text.id, RIGHT)
        assert len(await _corrections(shelf, text)) == 1
        assert (await text.row()).state is DeliveryState.DELIVERED

    async def test_the_audit_log_says_where_it_went(self, shelf: Shelf) -> None:
        text = await _undelivered(shelf, "out_for_delivery")
        await shelf.redirect(text.id, RIGHT)
        [entry] = await _corrections(shelf, text)
        index = await shelf.database.read(phone_index, RIGHT)
        assert entry.details["phone_index"] == index
        assert entry.details["phone_masked"] == "+91********45"
        assert RIGHT not in str(entry.details)


async def _otp_text(shelf: Shelf) -> Text:
    return await shelf.text(an_event("out_for_delivery"))


async def _undelivered(shelf: Shelf, event_type: str) -> Text:
    """A dead letter whose text certainly did not arrive."""
    text = await shelf.text(an_event(event_type))
    await text.refuse(await text.ready())
    await text.keep(DeadLetterReason.EXHAUSTED)
    return text


async def _corrections(shelf: Shelf, text: Text) -> list[AuditEntryRow]:
    wanted = AuditFilter(object_id=text.id)
    entries = await shelf.database.read(list_entries, wanted, after=None, limit=10)
    return [one for one in entries if one.action is AuditAction.DELIVERY_REDIRECTED]


def _skip_for_its_phone(session: Session, delivery_id: str) -> None:
    skip(session, session.get_one(DeliveryRow, delivery_id), SkipReason.INVALID_PHONE, NOW)
