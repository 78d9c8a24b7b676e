"""The text that stands in for a webhook: who gets one, once, and how long the webhook has first."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import select

from contracts.delivery.messages import Plan, PlanEvent
from contracts.delivery.states import Channel, DeliveryState, EndpointState, HoldReason, SkipReason
from contracts.errors import NotFound
from store.db.database import Database
from store.deliveries.fallback import plan_fallback, plan_with_fallback
from store.tables import DeliveryRow, EndpointRow, EventRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import DELAYS, NOW, Shelf, after, an_event

PENDING, SKIPPED = DeliveryState.PENDING, DeliveryState.SKIPPED


class TestTheFallback:
    async def planned(self, shelf: Shelf, **toggles: Any) -> tuple[str, Plan]:
        """An event of a partner with one endpoint, planned."""
        await shelf.add_partner(**toggles)
        await shelf.add_endpoint()
        event = an_event("out_for_delivery")
        return event.event_id, await shelf.plan(event)

    async def test_it_adds_a_text_once(self, shelf: Shelf, database: Database) -> None:
        event_id, _ = await self.planned(shelf, sms_fallback=True)
        text = await database.write(plan_fallback, event_id, after(900))
        assert text is not None
        assert (text.channel, text.state) == (Channel.SMS, PENDING)
        assert await database.write(plan_fallback, event_id, after(901)) is None
        assert (await shelf.one(EventRow, event_id)).delivery_count == 2
        assert await shelf.count(DeliveryRow) == 2

    async def test_not_where_it_is_off(self, shelf: Shelf, database: Database) -> None:
        event_id, _ = await self.planned(shelf)
        assert await database.write(plan_fallback, event_id, after(900)) is None
        assert await shelf.count(DeliveryRow) == 1

    async def test_not_where_the_event_has_a_text_already(
        self, shelf: Shelf, database: Database
    ) -> None:
        event_id, plan = await self.planned(shelf, sms_fallback=True, sms_enabled=True)
        assert len(plan.deliveries) == 2
        assert await database.write(plan_fallback, event_id, after(900)) is None

    async def test_a_type_that_no_customer_needs_is_skipped_with_the_reason(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(sms_fallback=True)
        await shelf.add_endpoint()
        event = an_event("order_confirmed")
        await shelf.plan(event)
        text = await database.write(plan_fallback, event.event_id, after(900))
        assert text is not None
        assert (text.state, text.skip_reason) == (SKIPPED, SkipReason.SMS_OFF_FOR_TYPE)

    async def test_one_that_the_plan_had_skipped_for_its_type_is_taken_up(
        self, shelf: Shelf, database: Database
    ) -> None:
        event_id, plan = await self.planned(
            shelf,
            sms_enabled=True,
            sms_event_types=["delivered"],
            sms_fallback=True,
            sms_fallback_types=["out_for_delivery"],
        )
        [off] = [one for one in plan.deliveries if one.channel is Channel.SMS]
        assert off.skip_reason is SkipReason.SMS_OFF_FOR_TYPE
        text = await database.write(plan_fallback, event_id, after(900))
        assert text is not None
        assert (text.delivery_id, text.state) == (off.delivery_id, PENDING)
        assert (await shelf.one(DeliveryRow, off.delivery_id)).fallback
        assert await database.write(plan_fallback, event_id, after(901)) is None

    async def test_without_a_phone_it_is_skipped_with_the_reason(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(sms_fallback=True)
        await shelf.add_endpoint()
        event = an_event("delivery_failed", data=make_groups(order=make_order(customer=None)))
        await shelf.plan(event)
        text = await database.write(plan_fallback, event.event_id, after(900))
        assert text is not None
        assert (text.state, text.skip_reason) == (SKIPPED, SkipReason.INVALID_PHONE)

    async def test_an_unknown_event(self, database: Database) -> None:
        with pytest.raises(NotFound):
            await database.write(plan_fallback, "evt-none", NOW)


class TestWhatIsMissed:
    """One webhook or two, as they stand when the text's time has come."""

    async def is_texted(self, shelf: Shelf, *webhooks: dict[str, Any]) -> bool:
        await shelf.add_partner(sms_fallback=True)
        for number, _ in enumerate(webhooks):
            await shelf.add_endpoint(url=f"https://hooks.shop.example/{number}")
        event = an_event("out_for_delivery")
        plan = await shelf.plan(event)
        for planned, fields in zip(plan.deliveries, webhooks, strict=True):
            await shelf.change(DeliveryRow, planned.delivery_id, **fields)
        return (await shelf.database.write(plan_fallback, event.event_id, NOW)) is not None

    @pytest.mark.parametrize(
        "reason",
        [
            HoldReason.ENDPOINT_OFF,
            HoldReason.ENDPOINT_FAILING,
            HoldReason.ENDPOINT_BUSY,
            HoldReason.EARLIER_EVENT,
        ],
    )
    async def test_one_that_is_held(self, shelf: Shelf, reason: HoldReason) -> None:
        assert await self.is_texted(shelf, {"state": "held", "hold_reason": reason})

    @pytest.mark.parametrize("state", ["pending", "delivering", "dead_lettered"])
    async def test_one_that_has_not_arrived(self, shelf: Shelf, state: str) -> None:
        assert await self.is_texted(shelf, {"state": state})

    @pytest.mark.parametrize("state", ["delivered", "skipped"])
    async def test_none_where_all_have_ended_well(self, shelf: Shelf, state: str) -> None:
        assert not await self.is_texted(shelf, {"state": state})

    @pytest.mark.parametrize("state", ["delivering", "held"])
    async def test_none_of_what_was_delivered_and_is_sent_again(
        self, shelf: Shelf, state: str
    ) -> None:
        assert not await self.is_texted(shelf, {"state": state, "delivered_at": NOW})

    async def test_none_while_the_partner_is_paused(self, shelf: Shelf) -> None:
        held = {"state": "held", "hold_reason": HoldReason.PARTNER_PAUSED}
        assert not await self.is_texted(shelf, held)

    @pytest.mark.parametrize(
        ("off", "other", "texted"),
        [
            (EndpointState.PAUSED, "delivered", False),
            (EndpointState.PAUSED, "delivering", True),
            (EndpointState.DISABLED, "delivered", True),
        ],
    )
    async def test_a_paused_endpoint_beside_another(
        self, shelf: Shelf, off: EndpointState, other: str, texted: bool
    ) -> None:
        await shelf.add_partner(sms_fallback=True)
        for number in range(2):
            await shelf.add_endpoint(url=f"https://hooks.shop.example/{number}")
        event = an_event("out_for_delivery")
        first, second = (await shelf.plan(event)).deliveries
        row = await shelf.one(DeliveryRow, first.delivery_id)
        await shelf.change(EndpointRow, row.endpoint_id, state=off)
        held = {"state": "held", "hold_reason": HoldReason.ENDPOINT_OFF}
        await shelf.change(DeliveryRow, first.delivery_id, **held)
        await shelf.change(DeliveryRow, second.delivery_id, state=other)
        text = await shelf.database.write(plan_fallback, event.event_id, NOW)
        assert (text is not None) == texted


class TestHowLongTheWebhookHas:
    async def seconds(
        self, shelf: Shelf, event_type: str = "out_for_delivery", **toggles: Any
    ) -> float | None:
        await shelf.add_partner(**{"sms_fallback": True, **toggles})
        await shelf.add_endpoint()
        event = await shelf.accept(an_event(event_type))
        return await self.seconds_of(shelf, event.event_id)

    async def seconds_of(self, shelf: Shelf, event_id: str, now: datetime = NOW) -> float | None:
        tasks = [PlanEvent(event_id, list(DELAYS))]
        [planned] = await shelf.database.write(plan_with_fallback, tasks, now)
        assert planned is not None
        return planned.plan.fallback_in_s

    async def test_most_of_the_schedule(self, shelf: Shelf) -> None:
        seconds = await self.seconds(shelf)
        assert seconds is not None
        assert 570 < seconds < 630

    async def test_less_where_the_otp_ends_earlier(self, shelf: Shelf) -> None:
        await shelf.add_partner(sms_fallback=True)
        await shelf.add_endpoint()
        event = await shelf.accept(an_event("out_for_delivery"))
        later = after(1800 - 300)  # five minutes before the OTP ends
        await shelf.change(EventRow, event.event_id, accepted_at=later)
        assert await self.seconds_of(shelf, event.event_id, later) == 180

    @pytest.mark.parametrize(
        ("event_type", "toggles"),
        [
            ("out_for_delivery", {"sms_fallback": False}),
            ("out_for_delivery", {"sms_enabled": True}),
            ("out_for_delivery", {"webhook_enabled": False}),
            ("order_confirmed", {}),
        ],
    )
    async def test_none_where_no_text_is_to_stand_in(
        self, shelf: Shelf, event_type: str, toggles: dict[str, Any]
    ) -> None:
        assert await self.seconds(shelf, event_type, **toggles) is None

    async def test_none_once_a_text_was_planned(self, shelf: Shelf) -> None:
        await self.seconds(shelf)
        [event_id] = await shelf.database.read(lambda s: s.exec(select(EventRow.event_id)).all())
        await shelf.database.write(plan_fallback, event_id, NOW)
        assert await self.seconds_of(shelf, event_id) is None
