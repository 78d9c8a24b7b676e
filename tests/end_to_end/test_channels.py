"""Which channel an event takes: webhook, text, both, the fallback, or none of them."""

from typing import Any

import pytest

from contracts.payload.events import EventType
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Accept, Refuse
from tests.support.factories import make_event, make_groups, make_order
from tests.support.stack import Stack
from tests.support.twilio import texter_on


class TestWebhooks:
    async def test_one_failing_endpoint_delays_no_other(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Answer(503)) as ill, Merchant() as well:
            failing = await stack.open_shop(ill.url)
            working = await stack.add_endpoint(well.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                both = await stack.deliveries(event_id, "delivering", "delivered")
        states = {one["endpoint_id"]: one["state"] for one in both}
        assert states == {failing["id"]: "delivering", working["id"]: "delivered"}

    async def test_an_endpoint_gets_the_types_it_subscribed_to(self, stack: Stack) -> None:
        async with Merchant() as merchant:
            await stack.add_partner()
            await stack.add_endpoint(merchant.url, event_types=["delivered"])
            async with stack.worker():
                skipped = await stack.delivery(await stack.send(make_event()), "skipped")
                await stack.delivery(await stack.send(make_event("delivered")), "delivered")
        assert skipped["skip_reason"] == "type_not_subscribed"
        assert [one.event_type for one in merchant.received] == ["delivered"]


class TestTexts:
    @pytest.mark.parametrize("event_type", list(EventType))
    async def test_a_small_shop_s_customer_is_texted_for_every_type(
        self, stack: Stack, event_type: str
    ) -> None:
        async with TwilioSandbox() as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                delivery = await stack.delivery(
                    await stack.send(make_event(event_type)), "delivered"
                )
        assert delivery["channel"] == "sms"
        [message] = twilio.messages
        assert message.to == "+919876543210"
        assert message.body.startswith("Chai Point: ")
        assert ("483920" in message.body) is (event_type == "out_for_delivery")

    async def test_both_channels_side_by_side(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant() as merchant:
            await stack.add_partner(sms_enabled=True)
            await stack.add_endpoint(merchant.url)
            async with stack.worker(texter=texter_on(twilio)):
                await stack.deliveries(await stack.send(make_event()), "delivered", "delivered")
        assert len(twilio.messages) == len(merchant.received) == 1

    async def test_twilio_saying_not_now_is_tried_again(self, stack: Stack) -> None:
        async with TwilioSandbox(behaviour=[Refuse(20429), Accept()]) as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                await stack.delivery(await stack.send(make_event()), "delivered")
        assert len(twilio.messages) == 1

    async def test_a_number_that_cannot_be_texted_is_a_dead_letter_at_once(
        self, patient_stack: Stack
    ) -> None:
        async with TwilioSandbox(behaviour=Refuse(21211)) as twilio:
            await patient_stack.add_partner(tier="smb")
            async with patient_stack.worker(texter=texter_on(twilio)):
                event_id = await patient_stack.send(make_event())
                dead = await patient_stack.delivery(event_id, "dead_lettered")
        assert dead["dead_letters"][0]["reason"] == "rejected"
        assert dead["last_code"] == "twilio_21211"

    async def test_an_ambiguous_answer_is_never_sent_again_by_itself(
        self, patient_stack: Stack
    ) -> None:
        async with TwilioSandbox(behaviour=[Refuse(20500), Accept()]) as twilio:
            await patient_stack.add_partner(tier="smb")
            async with patient_stack.worker(texter=texter_on(twilio)):
                event_id = await patient_stack.send(make_event())
                dead = await patient_stack.delivery(event_id, "dead_lettered")
                await patient_stack.ended(event_id)
                assert dead["dead_letters"][0]["reason"] == "unknown"
                assert twilio.messages == []
                refused = await patient_stack.retry(dead["id"])
                assert refused.status_code == 409
                assert "may have been sent" in refused.json()["detail"]
                await patient_stack.retry(dead["id"], resend=True)  # but by hand it is
                await patient_stack.delivery(event_id, "delivered")


@pytest.mark.extended
class TestTheFallback:
    async def test_a_dead_letter_is_followed_by_one_text(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant(behaviour=Answer(410)) as merchant:
            await stack.add_partner(sms_fallback=True)
            await stack.add_endpoint(merchant.url)
            await stack.add_endpoint(f"{merchant.url}?second")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                ended = await stack.deliveries(
                    event_id, "dead_lettered", "dead_lettered", "delivered"
                )
                await stack.ended(event_id)
        assert [one["fallback"] for one in ended] == [False, False, True]
        assert len(twilio.messages) == 1

    async def test_a_webhook_that_is_held_is_followed_by_one_text(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant() as merchant:
            await stack.add_partner(sms_fallback=True)
            endpoint = await stack.add_endpoint(merchant.url)
            await stack.api.patch(f"/v1/endpoints/{endpoint['id']}", json={"state": "disabled"})
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                await stack.deliveries(event_id, "held", "delivered")
                await stack.ended(event_id)
        assert len(twilio.messages) == 1
        assert merchant.received == []

    async def test_one_that_arrives_in_time_is_followed_by_none(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant(behaviour=[Answer(503), Answer(200)]) as one:
            await stack.add_partner(sms_fallback=True)
            await stack.add_endpoint(one.url)
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
        assert twilio.attempts == []

    async def test_without_it_no_text_goes_out(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant(behaviour=Answer(410)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                await stack.delivery(event_id, "dead_lettered")
                await stack.ended(event_id)
        assert twilio.attempts == []

    @pytest.mark.parametrize(
        ("event_type", "partner", "state"),
        [
            ("order_confirmed", {}, "skipped"),
            ("delivered", {}, "skipped"),
            ("out_for_delivery", {}, "delivered"),
            ("delivery_failed", {}, "delivered"),
            ("return_initiated", {}, "delivered"),
            ("delivered", {"sms_fallback_types": ["delivered"]}, "delivered"),
            ("out_for_delivery", {"sms_fallback_types": ["delivered"]}, "skipped"),
            ("delivered", {"sms_event_types": ["delivered"]}, "delivered"),
        ],
    )
    async def test_it_texts_what_the_customer_needs(
        self, stack: Stack, event_type: str, partner: dict[str, Any], state: str
    ) -> None:
        async with TwilioSandbox() as twilio, Merchant(behaviour=Answer(410)) as merchant:
            await stack.add_partner(sms_fallback=True, **partner)
            await stack.add_endpoint(merchant.url)
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event(event_type))
                await stack.deliveries(event_id, "dead_lettered", state)
                await stack.ended(event_id)
        assert len(twilio.messages) == (state == "delivered")

    async def test_a_type_that_is_not_texted_otherwise(self, stack: Stack) -> None:
        """The plan had skipped the text for its type; the dead letter makes it needed."""
        async with TwilioSandbox() as twilio, Merchant(behaviour=Answer(410)) as merchant:
            await stack.add_partner(
                sms_enabled=True,
                sms_event_types=["delivered"],
                sms_fallback=True,
                sms_fallback_types=["out_for_delivery"],
            )
            await stack.add_endpoint(merchant.url)
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                await stack.deliveries(event_id, "dead_lettered", "delivered")
                await stack.ended(event_id)
        assert len(twilio.messages) == 1

    @pytest.mark.extended
    async def test_however_often_the_dead_letter_comes_round(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant(behaviour=Answer(503)) as merchant:
            await stack.add_partner(sms_fallback=True)
            await stack.add_endpoint(merchant.url)
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                for _ in range(2):
                    dead, _ = await stack.deliveries(event_id, "dead_lettered", "delivered")
                    await stack.ended(event_id)
                    assert (await stack.retry(dead["id"])).status_code == 202
                    await stack.deliveries(event_id, "delivering", "delivered")
                await stack.deliveries(event_id, "dead_lettered", "delivered")
                await stack.ended(event_id)
        assert len(merchant.received) == 12
        assert len(twilio.messages) == 1


class TestAPausedPartner:
    async def test_nothing_goes_out_until_it_is_resumed_and_sent_again(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, Merchant() as merchant:
            await stack.add_partner(sms_enabled=True)
            await stack.add_endpoint(merchant.url)
            await stack.api.patch("/v1/partners/shop", json={"paused": True})
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event())
                held = await stack.deliveries(event_id, "held", "held")
                await stack.ended(event_id)
                assert (merchant.received, twilio.messages) == ([], [])
                await stack.api.patch("/v1/partners/shop", json={"paused": False})
                for delivery in held:
                    assert (await stack.retry(delivery["id"])).status_code == 202
                await stack.deliveries(event_id, "delivered", "delivered")
        assert len(twilio.messages) == len(merchant.received) == 1


class TestNothingToSend:
    @pytest.mark.parametrize(
        ("partner", "order", "reason"),
        [
            ({"tier": "smb", "sms_enabled": False}, {}, "no_channel"),
            ({"tier": "smb", "sms_enabled": None}, {}, "sms_awaits_owner"),
            ({"tier": "growth"}, {}, "no_channel"),
            ({"tier": "smb"}, {"customer": {"name": "Asha"}}, "invalid_phone"),
            ({"tier": "smb"}, {"customer": {"phone": "+912224131234"}}, "invalid_phone"),
            ({"tier": "smb", "sms_event_types": ["delivered"]}, {}, "sms_off_for_type"),
        ],
    )
    async def test_it_is_a_skipped_row_with_a_reason(
        self, stack: Stack, partner: dict[str, Any], order: dict[str, Any], reason: str
    ) -> None:
        await stack.add_partner(**partner)
        async with stack.worker():
            event = make_event(data=make_groups(order=make_order(**order)))
            skipped = await stack.delivery(await stack.send(event), "skipped")
        assert skipped["skip_reason"] == reason
