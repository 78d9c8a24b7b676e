"""What leaves the house: verifiable signatures to merchants, and no personal data to Temporal."""

import json

import pytest

from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Refuse
from tests.support.factories import make_event
from tests.support.histories import everything_temporal_has
from tests.support.stack import Stack
from tests.support.twilio import texter_on

pytestmark = pytest.mark.extended

PERSONAL = (
    "Asha",
    "Kulkarni",
    "9876543210",
    "Lakshmi Nivas",
    "483920",
    "Imran",
    "9812345678",
    "token=hook-secret",
)


class TestSignatures:
    async def test_during_a_rotation_either_secret_verifies(self, stack: Stack) -> None:
        async with Merchant() as merchant:
            endpoint = await stack.open_shop(merchant.url)
            rotated = await stack.api.post(f"/v1/endpoints/{endpoint['id']}/rotate-secret")
            merchant.secrets = [endpoint["secret"], rotated.json()["secret"]]
            async with stack.worker():
                await stack.delivery(await stack.send(make_event()), "delivered")
        assert endpoint["secret"] != rotated.json()["secret"]
        assert merchant.received[0].verified_with == (0, 1)

    async def test_a_stranger_s_secret_does_not_verify(self, stack: Stack) -> None:
        async with Merchant() as merchant, Merchant() as other:
            await stack.open_shop(merchant.url)
            merchant.secrets = [(await stack.add_endpoint(other.url))["secret"]]
            async with stack.worker():
                await stack.deliveries(await stack.send(make_event()), "delivered", "delivered")
        assert not merchant.received[0].verified


class TestHistories:
    @pytest.mark.parametrize(
        "event_type", ["out_for_delivery", pytest.param("delivered", marks=pytest.mark.extended)]
    )
    async def test_no_history_holds_personal_data(self, stack: Stack, event_type: str) -> None:
        echo = json.dumps(make_event()).encode()
        async with (
            TwilioSandbox(behaviour=[Refuse(20429), Refuse(21211)]) as twilio,
            Merchant(behaviour=Answer(500, body=echo)) as merchant,
        ):
            await stack.add_partner(sms_fallback=True, sms_fallback_types=[event_type])
            await stack.add_endpoint(f"{merchant.url}?token=hook-secret")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event(event_type))
                deliveries = await stack.deliveries(event_id, "dead_lettered", "dead_lettered")
                await stack.ended(event_id)
                history = await everything_temporal_has(stack.handle(event_id))
                await stack.retry(deliveries[0]["id"])
                await merchant.wait_for(8, timeout=30)
                await stack.deliveries(event_id, "dead_lettered", "dead_lettered")
                history += await everything_temporal_has(stack.handle(event_id))
        assert event_id in history, "the search looks at the decoded payloads"
        assert [secret for secret in PERSONAL if secret in history] == []

    async def test_thirteen_events_for_a_delivered_event(self, stack: Stack) -> None:
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
                history = await stack.handle(event_id).fetch_history()
        assert len(history.events) <= 13
