"""The plan: who gets an event, for every combination of toggles, endpoints and phones."""

import json
from itertools import product

import pytest

from contracts.delivery.states import Channel, DeliveryState, EndpointState, EventState, SkipReason
from contracts.errors import NotFound
from contracts.tiers import Tier
from store.db.database import Database
from store.deliveries import planning
from store.deliveries.drafts import Draft, draft_deliveries
from store.deliveries.fallback import plan_fallback
from store.tables import DeliveryRow, EndpointRow, EventRow, PartnerRow, PayloadRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, after, an_event, planned_of

OPEN, PAUSED, OFF = EndpointState.ENABLED, EndpointState.PAUSED, EndpointState.DISABLED
PENDING, SKIPPED = DeliveryState.PENDING, DeliveryState.SKIPPED

ENDPOINTS: dict[str, tuple[list[tuple[EndpointState, list[str] | None]], list[str]]] = {
    "no endpoint": ([], []),
    "one open": ([(OPEN, None)], ["pending"]),
    "one paused": ([(PAUSED, None)], ["held"]),
    "one disabled": ([(OFF, None)], ["held"]),
    "subscribed": ([(OPEN, ["delivered", "order_confirmed"])], ["pending"]),
    "not subscribed": ([(OPEN, ["delivered"])], ["skipped type_not_subscribed"]),
    "paused and not subscribed": ([(PAUSED, ["delivered"])], ["skipped type_not_subscribed"]),
    "an open and a paused one": ([(OPEN, None), (PAUSED, None)], ["pending", "held"]),
    "one of two subscribed": (
        [(OPEN, ["delivered"]), (OPEN, None)],
        ["skipped type_not_subscribed", "pending"],
    ),
}
CUSTOMERS: dict[str, tuple[dict[str, str] | None, str]] = {
    "a phone": ({"phone": "+919876543210"}, "pending"),
    "no phone": ({"name": "Asha"}, "skipped invalid_phone"),
    "no customer": (None, "skipped invalid_phone"),
}
TOGGLES = (True, False)


def in_words(draft: Draft) -> str:
    return f"{draft.state} {draft.skip_reason}" if draft.skip_reason else str(draft.state)


class TestTheTable:
    @pytest.mark.parametrize(
        ("webhook", "sms", "fallback", "endpoints", "customer"),
        list(product(TOGGLES, TOGGLES, TOGGLES, ENDPOINTS, CUSTOMERS)),
    )
    def test_every_combination(
        self, webhook: bool, sms: bool, fallback: bool, endpoints: str, customer: str
    ) -> None:
        partner = PartnerRow(
            id="shop",
            name="Chai Point",
            tier=Tier.GROWTH,
            webhook_enabled=webhook,
            sms_enabled=sms,
            sms_fallback=fallback,
            created_at=NOW,
        )
        given, webhooks = ENDPOINTS[endpoints]
        rows = [
            EndpointRow(
                id=f"ep_{number}",
                partner_id="shop",
                url="https://x.example",
                state=state,
                event_types=types,
                created_at=NOW,
            )
            for number, (state, types) in enumerate(given)
        ]
        who, text = CUSTOMERS[customer]
        event = an_event(data=make_groups(order=make_order(customer=who)))
        drafts = draft_deliveries(event, partner, rows)

        expected: list[tuple[str | None, str, str]] = [
            *(("webhook", f"ep_{number}", told) for number, told in enumerate(webhooks) if webhook),
            *([("sms", "sms", text)] if sms else []),
        ] or [(None, "none", "skipped no_channel")]
        assert [(one.channel, one.target, in_words(one)) for one in drafts] == expected
        assert all(
            one.endpoint_id == (one.target if one.channel is Channel.WEBHOOK else None)
            for one in drafts
        )


class TestTextsByType:
    @pytest.mark.parametrize(
        ("types", "customer", "told"),
        [
            (None, {"phone": "+919876543210"}, "pending"),
            (["order_confirmed"], {"phone": "+919876543210"}, "pending"),
            (["order_confirmed", "delivered"], None, "skipped invalid_phone"),
            (["delivered"], {"phone": "+919876543210"}, "skipped sms_off_for_type"),
            (["delivered"], None, "skipped sms_off_for_type"),
        ],
    )
    async def test_a_type_that_is_off_is_skipped_with_the_reason(
        self, shelf: Shelf, types: list[str] | None, customer: dict[str, str] | None, told: str
    ) -> None:
        await shelf.add_partner(tier="smb", sms_event_types=types)
        event = an_event(data=make_groups(order=make_order(customer=customer)))
        [planned] = (await shelf.plan(event)).deliveries
        row = await shelf.one(DeliveryRow, planned.delivery_id)
        assert told == (f"{row.state} {row.skip_reason}" if row.skip_reason else str(row.state))

    async def test_the_fallback_too(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(sms_fallback=True, sms_event_types=["delivered"])
        await shelf.add_endpoint()
        event = an_event()
        await shelf.plan(event)
        text = await database.write(plan_fallback, event.event_id, after(900))
        assert text is not None
        assert (text.state, text.skip_reason) == (SKIPPED, SkipReason.SMS_OFF_FOR_TYPE)

    async def test_without_the_owners_yes_it_is_skipped_for_whatever_type_and_phone(
        self, shelf: Shelf
    ) -> None:
        await shelf.add_partner(tier="smb", sms_enabled=None, sms_event_types=["delivered"])
        for customer in ({"phone": "+919876543210"}, None):
            event = an_event(data=make_groups(order=make_order(customer=customer)))
            [planned] = (await shelf.plan(event)).deliveries
            row = await shelf.one(DeliveryRow, planned.delivery_id)
            assert (row.state, row.skip_reason) == (SKIPPED, SkipReason.SMS_AWAITS_OWNER)

    async def test_no_fallback_texts_before_the_owners_yes(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(
            tier="smb", sms_enabled=None, webhook_enabled=True, sms_fallback=True
        )
        await shelf.add_endpoint()
        event = an_event()
        await shelf.plan(event)
        assert await database.write(plan_fallback, event.event_id, after(900)) is None

    async def test_webhooks_go_out_all_the_same(self, shelf: Shelf) -> None:
        await shelf.add_partner(sms_enabled=True, sms_event_types=["delivered"])
        await shelf.add_endpoint()
        plan = await shelf.plan()
        assert sorted(one.state for one in plan.deliveries) == [PENDING, SKIPPED]


class TestAPausedPartner:
    async def test_what_is_planned_is_held(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(sms_enabled=True)
        await shelf.add_endpoint()
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        plan = await shelf.plan()
        assert [one.state for one in plan.deliveries] == [DeliveryState.HELD] * 2

    async def test_what_is_skipped_is_skipped(self, shelf: Shelf) -> None:
        await shelf.add_partner(sms_enabled=True, sms_event_types=["delivered"])
        await shelf.add_endpoint(event_types=["delivered"])
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        assert [one.state for one in (await shelf.plan()).deliveries] == [SKIPPED] * 2


class TestPlanning:
    async def test_it_stores_the_deliveries_and_says_so_of_the_event(self, shelf: Shelf) -> None:
        await shelf.add_partner(sms_enabled=True)
        endpoint = await shelf.add_endpoint()
        event = an_event()
        plan = await shelf.plan(event)
        webhook = planned_of(plan, lambda one: one.channel is Channel.WEBHOOK)
        row = await shelf.one(DeliveryRow, webhook.delivery_id)
        assert (row.event_id, row.partner_id) == (event.event_id, "shop")
        assert (row.target, row.endpoint_id) == (endpoint.id, endpoint.id)
        assert (row.state, row.round, row.charged, row.attempts) == (PENDING, 1, 0, 0)
        planned = await shelf.one(EventRow, event.event_id)
        assert planned.state is EventState.PLANNED
        assert (planned.planned_at, planned.delivery_count) == (NOW, 2)

    async def test_a_second_time_it_gives_the_stored_plan_and_adds_nothing(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner("shop", "enterprise", sms_enabled=True)
        for _ in range(5):
            await shelf.add_endpoint()
        event = an_event()
        plan = await shelf.plan(event)
        body = await shelf.payload_bytes(event.event_id)
        await shelf.add_endpoint()
        again = await database.write(planning.plan_event, event.event_id, after(60))
        assert again == plan
        assert len(plan.deliveries) == 6
        assert await shelf.count(DeliveryRow) == 6
        assert await shelf.payload_bytes(event.event_id) == body

    async def test_the_stored_plan_has_the_states_as_they_are_now(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        again = await database.write(planning.plan_event, webhook.event.event_id, after(60))
        assert [one.state for one in again.deliveries] == [DeliveryState.DELIVERED]

    async def test_the_payload_s_bytes_are_stored_once_with_the_otp_s_end(
        self, shelf: Shelf
    ) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        event = an_event("out_for_delivery")
        await shelf.plan(event)
        row = await shelf.one(PayloadRow, (event.event_id, "1.0"))
        payload = json.loads(await shelf.payload_bytes(event.event_id))
        assert (payload["event_id"], payload["sequence"]) == (event.event_id, 1)
        assert payload["emitted_at"] == "2026-03-02T10:00:00Z"
        assert payload["data"]["otp"]["code"] == "483920"
        assert row.otp_valid_until == after(1800)

    async def test_a_payload_without_a_code_has_no_end_to_watch(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        event = an_event("order_confirmed")
        await shelf.plan(event)
        assert (await shelf.one(PayloadRow, (event.event_id, "1.0"))).otp_valid_until is None

    async def test_a_removed_endpoint_gets_nothing(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        await shelf.change(EndpointRow, endpoint.id, removed_at=NOW)
        [planned] = (await shelf.plan()).deliveries
        assert planned.skip_reason is SkipReason.NO_CHANNEL

    async def test_another_partner_s_endpoint_gets_nothing(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await shelf.add_partner("other")
        await shelf.add_endpoint("other")
        [planned] = (await shelf.plan()).deliveries
        assert planned.skip_reason is SkipReason.NO_CHANNEL

    async def test_an_unknown_event(self, database: Database) -> None:
        with pytest.raises(NotFound, match="no event evt-none"):
            await database.write(planning.plan_event, "evt-none", NOW)


def test_the_table_has_a_row_for_every_state_of_an_endpoint() -> None:
    states = {state for given, _ in ENDPOINTS.values() for state, _ in given}
    assert states == set(EndpointState)
