"""`POST /v1/deliveries/{id}/retry`: who may be sent again, and who may not."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, EndpointState
from store.deliveries.dead_lettering import record_dead_letter
from store.tables import DeliveryRow, EndpointRow, EventRow
from tests.support.shelf import NOW, Shelf, Text, Webhook, an_event
from tests.support.stack import Stack

ASKED = 503
"""Temporal is away in these tests: a retry that may be sent gets as far as asking it."""


@pytest.fixture
async def webhook(lonely: Stack, shelf: Shelf) -> Webhook:
    """A planned delivery of the partner `shop`."""
    endpoint = await shelf.add_endpoint()
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint.id)


class TestWhoMayBeSentAgain:
    @pytest.mark.parametrize(
        ("state", "body", "status"),
        [
            (DeliveryState.PENDING, {}, ASKED),
            (DeliveryState.HELD, {}, ASKED),
            (DeliveryState.DELIVERING, {}, ASKED),
            (DeliveryState.DEAD_LETTERED, {}, ASKED),
            (DeliveryState.DELIVERED, {}, 409),
            (DeliveryState.DELIVERED, {"resend": False}, 409),
            (DeliveryState.DELIVERED, {"resend": True}, ASKED),
            (DeliveryState.SKIPPED, {}, 409),
            (DeliveryState.SKIPPED, {"resend": True}, 409),
            (DeliveryState.DISCARDED, {}, 409),
            (DeliveryState.EXPIRED, {}, 409),
        ],
    )
    async def test_by_its_state(
        self,
        lonely: Stack,
        webhook: Webhook,
        state: DeliveryState,
        body: dict[str, Any],
        status: int,
    ) -> None:
        await webhook.shelf.change(DeliveryRow, webhook.id, state=state)
        answer = await lonely.retry(webhook.id, **body)
        assert answer.status_code == status
        assert (await webhook.row()).state is state

    @pytest.mark.parametrize("state", [EndpointState.PAUSED, EndpointState.DISABLED])
    async def test_not_while_its_endpoint_is_off(
        self, lonely: Stack, webhook: Webhook, state: EndpointState
    ) -> None:
        await webhook.shelf.change(EndpointRow, webhook.endpoint_id, state=state)
        answer = await lonely.retry(webhook.id)
        assert answer.status_code == 409
        assert webhook.endpoint_id in answer.json()["detail"]
        assert "enable it first" in answer.json()["detail"]

    async def test_not_while_its_partner_is_paused(self, lonely: Stack, webhook: Webhook) -> None:
        await lonely.api.patch("/v1/partners/shop", json={"paused": True})
        answer = await lonely.retry(webhook.id)
        assert answer.status_code == 409
        assert "partner shop is paused: resume it first" in answer.json()["detail"]

    async def test_without_a_body_as_well(self, lonely: Stack, webhook: Webhook) -> None:
        answer = await lonely.api.post(f"/v1/deliveries/{webhook.id}/retry")
        assert answer.status_code == ASKED

    async def test_an_event_that_nobody_was_to_hear_of(self, lonely: Stack, shelf: Shelf) -> None:
        [skipped] = (await shelf.plan(an_event())).deliveries
        answer = await lonely.retry(skipped.delivery_id)
        assert answer.status_code == 409
        assert "skipped" in answer.json()["detail"]

    async def test_an_unknown_one(self, lonely: Stack) -> None:
        answer = await lonely.retry("dlv_none")
        assert answer.status_code == 404
        assert "dlv_none" in answer.json()["detail"]


class TestTemporalAway:
    async def test_it_is_a_503_and_the_dead_letter_stays(
        self, lonely: Stack, webhook: Webhook
    ) -> None:
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
        await lonely.database.write(record_dead_letter, dead_letter, NOW)
        answer = await lonely.retry(webhook.id)
        assert answer.status_code == 503
        assert "ask again" in answer.json()["detail"]
        [kept] = await webhook.dead_letters()
        assert kept.resolved_at is None
        assert (await webhook.row()).round == 1


class TestAnotherPhone:
    async def test_a_text_that_arrived_stays_where_it_is(
        self, lonely: Stack, shelf: Shelf, webhook: Webhook
    ) -> None:
        """By a partner's own key, with the OTP in force."""
        await lonely.api.patch(
            "/v1/partners/shop", json={"sms_enabled": True, "webhook_enabled": False}
        )
        event = an_event("out_for_delivery")
        [planned] = (await shelf.plan(event)).deliveries
        text = Text(shelf, event, planned.delivery_id)
        await text.settle(await text.ready())
        later = {"otp_until": utc_now() + timedelta(hours=1), "occurred_at": utc_now()}
        await shelf.change(EventRow, event.event_id, **later)
        for phone in ("+919845012345", "+14155550123"):
            answer = await lonely.api.post(
                f"/v1/deliveries/{text.id}/redirect", json={"phone": phone}
            )
            assert answer.status_code == 409, answer.text
        assert (await text.row()).corrected_phone is None
