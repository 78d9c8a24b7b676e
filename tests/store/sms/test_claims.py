"""Claims of texts: unique before Twilio hears of them, and what keeps one from being made."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from contracts.delivery.messages import SendResult, SendSms
from contracts.delivery.states import (
    DeadLetterReason,
    DeliveryState,
    HoldReason,
    OptOutSource,
    SkipReason,
    SmsState,
)
from contracts.errors import NotFound
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltTemplatePut
from store.db.database import Database
from store.encryption.columns import SMS_BODY, SMS_PHONE
from store.encryption.sealing import opened_text, phone_index
from store.sms.claims import ReadySms, claim_sms
from store.sms.opt_outs import opt_out
from store.sms.senders import put_dlt_template, put_sender
from store.tables import DeliveryRow, PartnerRow, SmsMessageRow
from tests.support.encryption import KEYRING
from tests.support.factories import make_groups, make_order
from tests.support.shelf import (
    DELAYS,
    NOW,
    RULES,
    WITH_CALLBACKS,
    Shelf,
    Text,
    after,
    an_event,
    of_its_own_order,
)

DELIVERING, DELIVERED = DeliveryState.DELIVERING, DeliveryState.DELIVERED
SKIPPED, HELD = DeliveryState.SKIPPED, DeliveryState.HELD
UNKNOWN, REJECTED = DeadLetterReason.UNKNOWN, DeadLetterReason.REJECTED
PHONE = "+919876543210"


class TestClaiming:
    async def test_the_claim_is_there_before_twilio_is_called(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("out_for_delivery"))
        ready = await text.ready()
        assert ready.to_phone == PHONE
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

    async def test_the_row_says_what_the_text_was_made_from(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.ready()
        [message] = await text.messages()
        assert (message.sender, message.language, message.encoding) == ("DRSTEP", "en", "GSM-7")
        assert (message.template, message.parts, message.copy_number) == ("shipped/en/2", 1, 1)
        assert message.content_template_id is None

    async def test_the_same_event_and_phone_can_be_claimed_once_only(self, shelf: Shelf) -> None:
        """The database itself refuses a second one, whoever would try."""
        text = await shelf.text()
        await text.ready()
        [message] = await text.messages()
        twin = message.model_dump() | {"id": "sms_twin"}
        with pytest.raises(IntegrityError):
            await shelf.database.write(lambda session: session.add(SmsMessageRow(**twin)))

    async def test_an_unknown_delivery(self, database: Database) -> None:
        task = SendSms("evt-1", "dlv_none", 1, DELAYS)
        with pytest.raises(NotFound, match="dlv_none"):
            await database.write(claim_sms, task, NOW, timedelta(), RULES)

    async def test_what_is_claimed_does_not_show_itself(self) -> None:
        ready = ReadySms("sms_1", PHONE, "OTP 483920", "DRSTEP", 60, None)
        assert "9876543210" not in repr(ready)
        assert "483920" not in repr(ready)

    async def test_the_claim_id_travels_in_the_status_callback(self, shelf: Shelf) -> None:
        text = await shelf.text()
        ready = await text.ready(rules=WITH_CALLBACKS)
        assert ready.status_callback == (
            f"https://doorstep.example/v1/sms/status?claim={ready.sms_id}"
        )
        [message] = await text.messages()
        assert message.awaits_news

    async def test_without_a_public_url_nothing_is_told_back(self, shelf: Shelf) -> None:
        text = await shelf.text()
        assert (await text.ready()).status_callback is None
        [message] = await text.messages()
        assert not message.awaits_news

    @pytest.mark.parametrize(
        ("event_type", "now_s", "validity_s"),
        [
            ("order_confirmed", 0, 6 * 3600),
            ("order_confirmed", 3600, 5 * 3600),
            ("out_for_delivery", 0, 1800),  # its OTP ends in half an hour
            ("delivered", 60, 12 * 3600 - 60),
        ],
    )
    async def test_it_is_valid_no_longer_than_it_is_of_use(
        self, shelf: Shelf, event_type: str, now_s: int, validity_s: int
    ) -> None:
        text = await shelf.text(an_event(event_type))
        assert (await text.ready(now=after(now_s))).validity_s == validity_s

    async def test_a_partner_s_own_sender_and_language(self, shelf: Shelf) -> None:
        await shelf.add_partner("own", "smb", sms_sender="CHAIPT", sms_language="hi")
        event = an_event(partner_id="own")
        [planned] = (await shelf.plan(event)).deliveries
        text = Text(shelf, event, planned.delivery_id)
        ready = await text.ready()
        [message] = await text.messages()
        assert (ready.sender, message.language, message.encoding) == ("CHAIPT", "hi", "UCS-2")


class TestAfterwards:
    async def test_what_twilio_took_is_not_sent_again(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready())
        assert await text.claim() == SendResult(DELIVERED, code="twilio_accepted")
        assert await text.claim(in_round=2) == SendResult(DELIVERED, code="twilio_accepted")
        assert len(await text.messages()) == 1

    async def test_a_claim_that_a_crash_left_may_have_been_sent(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.ready()
        for round_ in (1, 1, 2, 3):
            assert await text.claim(in_round=round_) == SendResult(
                DELIVERING, UNKNOWN, "interrupted"
            )
        [message] = await text.messages()
        assert (message.state, message.code) == (SmsState.UNKNOWN, "interrupted")
        assert (await text.row()).attempts == 1

    async def test_one_that_a_person_asked_for_again_is_the_next_copy(self, shelf: Shelf) -> None:
        text = await shelf.text()
        first = await text.ready()
        await text.lose_sight(first)
        await text.keep()
        await shelf.change(DeliveryRow, text.id, copy_number=2)  # as the API does
        second = await text.ready(in_round=2)
        assert second.sms_id != first.sms_id
        states = [(one.copy_number, one.state) for one in await text.messages()]
        assert states == [(1, SmsState.UNKNOWN), (2, SmsState.CLAIMED)]

    async def test_a_refused_one_is_claimed_again_and_worded_anew(self, shelf: Shelf) -> None:
        text = await shelf.text()
        first = await text.ready()
        await text.refuse(first)
        await shelf.change(PartnerRow, "shop", name="Chai Corner")
        second = await text.ready(now=after(30))
        assert second.sms_id == first.sms_id
        assert second.body.startswith("Chai Corner: ")
        [message] = await text.messages()
        assert (message.state, message.settled_at) == (SmsState.CLAIMED, None)

    async def test_the_round_before_is_not_sent_any_more(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.settle(await text.ready(in_round=2))
        assert await text.claim(in_round=1) == SendResult(DELIVERED, code="twilio_accepted")


class TestAPausedPartner:
    async def test_it_holds_the_text_until_somebody_sends_it_again(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        for _ in range(2):
            assert await text.claim() == SendResult(HELD)
        row = await text.row()
        assert (row.hold_reason, await text.messages()) == (HoldReason.PARTNER_PAUSED, [])
        await shelf.change(PartnerRow, "shop", paused_at=None)
        await text.ready(in_round=2)
        row = await text.row()
        assert (row.state, row.hold_reason) == (DELIVERING, None)

    async def test_a_text_that_may_have_been_sent_is_unknown_all_the_same(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        await text.ready()
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        assert await text.claim() == SendResult(DELIVERING, UNKNOWN, "interrupted")


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

    async def test_an_otp_has_to_outlast_the_call(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("out_for_delivery"))  # its OTP ends after 1,800 s
        assert isinstance(await text.claim(now=after(1789)), ReadySms)
        other = (await shelf.texts(1, type="out_for_delivery"))[0]
        assert await other.claim(now=after(1790)) == SendResult(SKIPPED)

    async def test_one_that_went_stale_between_two_attempts_waits_for_nothing(
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

    @pytest.mark.parametrize(
        ("event_type", "later", "stale"),
        [
            ("order_confirmed", "delivered", True),
            ("order_confirmed", "out_for_delivery", False),
            ("out_for_delivery", "delivered", True),
            ("out_for_delivery", "out_for_delivery", True),
            ("out_for_delivery", "delivery_failed", True),
            ("delivery_failed", "delivered", True),
            ("delivery_failed", "out_for_delivery", False),
            ("delivered", "return_initiated", False),
            ("return_initiated", "delivered", False),
        ],
    )
    async def test_one_that_the_order_has_overtaken(
        self, shelf: Shelf, event_type: str, later: str, stale: bool
    ) -> None:
        text = await shelf.text(an_event(event_type))
        await shelf.accept(an_event(later, occurred_at=after(1).isoformat()), now=after(2))
        claimed = await text.claim(now=after(2))
        assert (claimed == SendResult(SKIPPED)) is stale

    async def test_an_earlier_event_or_another_order_overtakes_nothing(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("order_confirmed"))
        await shelf.accept(an_event("delivered", occurred_at=after(-1).isoformat()))
        other = make_groups(order=make_order(order_id="ORD-2", ordered_at=after(-9).isoformat()))
        await shelf.accept(an_event("delivered", occurred_at=after(1).isoformat(), data=other))
        await text.ready(now=after(2))


class TestWhomNotToText:
    @pytest.mark.parametrize(
        ("customer", "why"),
        [
            (None, "nobody"),
            ({"name": "Asha"}, "no phone"),
            ({"phone": "+915876543210"}, "a valid number of a fixed line"),
            ({"phone": "+912224131234"}, "a fixed line in Mumbai"),
            ({"phone": "+910000000001"}, "no number at all"),
        ],
    )
    async def test_the_plan_skips_it_and_nothing_is_claimed(
        self, shelf: Shelf, customer: dict[str, str] | None, why: str
    ) -> None:
        order = make_order(customer=customer, ordered_at=after(-60).isoformat())
        text = await shelf.text(an_event(data=make_groups(order=order)))
        assert await text.claim() == SendResult(SKIPPED), why
        assert (await text.row()).skip_reason is SkipReason.INVALID_PHONE
        assert await text.messages() == []

    async def test_a_customer_who_opted_out_after_the_plan(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await self._opt_out(shelf, "shop")
        assert await text.claim() == SendResult(SKIPPED)
        assert (await text.row()).skip_reason is SkipReason.OPTED_OUT
        assert await text.messages() == []

    async def test_of_another_partner_is_texted(self, shelf: Shelf) -> None:
        await shelf.add_partner("rival", "smb")
        text = await shelf.text()
        await self._opt_out(shelf, "rival")
        await text.ready()

    async def _opt_out(self, shelf: Shelf, partner_id: str) -> None:
        index = await shelf.database.read(phone_index, PHONE)
        await shelf.database.write(
            opt_out,
            partner_id,
            phone_index=index,
            phone_masked="+91********10",
            source=OptOutSource.API,
            now=NOW,
            actor="test",
        )


class TestTheDailyCap:
    async def test_over_it_texts_wait_for_the_next_day_in_india(self, shelf: Shelf) -> None:
        await shelf.add_partner("small", "smb", sms_daily_cap=2)
        texts = [await self._text(shelf, f"evt-{number}") for number in range(3)]
        for text in texts[:2]:
            await text.ready()
        assert await texts[2].claim() == SendResult(HELD)
        row = await texts[2].row()
        assert row.hold_reason is HoldReason.DAILY_CAP
        assert row.next_attempt_at == after(8.5 * 3600)  # NOW is 15:30 in India
        await texts[2].ready(in_round=2, now=after(8.5 * 3600), rules=RULES)

    async def test_what_twilio_refused_does_not_count(self, shelf: Shelf) -> None:
        await shelf.add_partner("small", "smb", sms_daily_cap=1)
        first, second = [await self._text(shelf, f"evt-{number}") for number in range(2)]
        await first.refuse(await first.ready())
        await second.ready()
        assert await first.claim() == SendResult(HELD)

    async def test_without_a_cap_of_its_own_the_setting_s(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.ready()
        another = await self._text(shelf, "evt-2", "shop")
        rules = TextRules(default_sender="DRSTEP", daily_cap=1)
        assert await another.claim(rules=rules) == SendResult(HELD)

    async def _text(self, shelf: Shelf, event_id: str, partner_id: str = "small") -> Text:
        event = of_its_own_order(
            an_event(event_id=event_id, partner_id=partner_id, type="return_initiated")
        )
        [planned] = (await shelf.plan(event)).deliveries
        return Text(shelf, event, planned.delivery_id)


class TestWhatIsRegisteredForIndia:
    REGISTERED = "{#alphanumeric#}: your order {#alphanumeric#} is confirmed."

    async def _register(self, shelf: Shelf, text: str, **fields: Any) -> None:
        write = shelf.database.write
        await write(put_sender, "DRSTEP", "1101234567890123456", "DRSTEP", NOW, actor="test")
        given = {"event_type": "order_confirmed", "language": "en", "text": text, **fields}
        asked = DltTemplatePut(category="service_implicit", **given)
        content = "1107161234567890123"
        await write(put_dlt_template, "DRSTEP", content, asked, NOW, actor="test")

    async def test_a_text_that_matches_says_which_one(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await self._register(shelf, self.REGISTERED)
        await text.ready()
        [message] = await text.messages()
        assert message.content_template_id == "1107161234567890123"

    async def test_one_that_differs_is_not_sent_and_says_why(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await self._register(shelf, "{#alphanumeric#}: order {#alphanumeric#} is confirmed.")
        assert await text.claim() == SendResult(DELIVERING, REJECTED, "dlt_text_differs")
        [message] = await text.messages()
        assert (message.state, message.code) == (SmsState.REJECTED, "dlt_text_differs")
        assert message.fault is not None
        assert message.fault.startswith("1107161234567890123: ")
        assert "ORD-1" not in message.fault

    async def test_mended_a_retry_sends_it(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await self._register(shelf, "something else")
        await text.claim()
        await text.keep(REJECTED)
        await self._register(shelf, self.REGISTERED)
        await text.ready(in_round=2)
        [message] = await text.messages()
        assert (message.state, message.fault) == (SmsState.CLAIMED, None)

    async def test_a_registered_sender_without_this_text(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await self._register(shelf, self.REGISTERED, event_type="delivered")
        assert await text.claim() == SendResult(DELIVERING, REJECTED, "dlt_not_registered")

    async def test_outside_india_none_of_it_is_needed(self, shelf: Shelf) -> None:
        customer = {"phone": "+447911123456"}
        order = make_order(customer=customer, ordered_at=after(-60).isoformat())
        text = await shelf.text(an_event(data=make_groups(order=order)))
        await self._register(shelf, "something else")
        await text.ready()

    async def test_an_unregistered_sender_needs_none_of_it(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await self._register(shelf, "something else")
        rules = TextRules(default_sender="+15005550006")
        await text.ready(rules=rules)


class TestTooLong:
    async def test_a_text_over_the_part_limit_is_not_sent(self, shelf: Shelf) -> None:
        text = await shelf.text(an_event("out_for_delivery"))
        await shelf.change(PartnerRow, "shop", sms_language="hi")
        rules = TextRules(default_sender="DRSTEP", most_parts=1)
        assert await text.claim(rules=rules) == SendResult(DELIVERING, REJECTED, "sms_too_long")
        [message] = await text.messages()
        assert message.fault is not None
        assert "1 are allowed" in message.fault

    async def test_rather_no_link_than_no_text(self, shelf: Shelf) -> None:
        link = "https://track.example/".ljust(115, "x")
        order = make_order(tracking_url=link, ordered_at=after(-60).isoformat())
        text = await shelf.text(an_event("order_confirmed", data=make_groups(order=order)))
        rules = TextRules(default_sender="DRSTEP", most_parts=1)
        assert (await text.ready(rules=rules)).body == (
            "Chai Point: your order ORD-1 is confirmed."
        )
