"""From a failed delivery to the next attempt: asked for over the API, decided, and driven."""

from collections.abc import AsyncIterator

import pytest

from contracts.instructions.posts import OmsWebhook
from contracts.payload.signature import new_secret
from sandbox.merchant import Merchant
from sandbox.oms import OmsClient
from sandbox.oms_instructions import OmsInstructions, accept_within
from tests.support.factories import make_event
from tests.support.instructions import ended
from tests.support.parts import OPERATOR_KEY
from tests.support.stack import Stack

pytestmark = pytest.mark.extended

SECRET = new_secret()
ORDER = "/v1/orders/ORD-1/instructions"


@pytest.fixture
async def receiving(stack: Stack) -> AsyncIterator[OmsInstructions]:
    """An OMS that has posted a failed delivery, and takes instructions."""
    async with (
        stack.called_by_twilio() as url,
        OmsClient(url, OPERATOR_KEY) as oms,
        OmsInstructions(
            oms, url, OPERATOR_KEY, secret=SECRET, rule=accept_within("411")
        ) as receiving,
        Merchant() as merchant,
    ):
        await stack.open_shop(merchant.url)
        failed = make_event("delivery_failed")
        assert (await oms.send(failed)).accepted
        receiving.expect(failed)
        yield receiving


async def types_of_order(stack: Stack) -> list[str]:
    """The types of the events of the order, the oldest first."""
    page = (await stack.api.get("/v1/events", params={"order_id": "ORD-1"})).json()
    return [one["event_type"] for one in reversed(page["items"])]


async def test_accepted_it_is_driven_again_and_delivered(
    stack: Stack, receiving: OmsInstructions
) -> None:
    async with stack.worker(oms=OmsWebhook(receiving.url, SECRET)):
        given = await stack.api.post(ORDER, json={"partner_id": "shop", "action": "reattempt"})
        [decided] = await receiving.wait_for(1)
        await ended(stack)
    assert (decided.status, decided.instruction["instruction_id"]) == (200, given.json()["id"])
    assert await types_of_order(stack) == ["delivery_failed", "out_for_delivery", "delivered"]
    shown = (await stack.api.get(f"/v1/instructions/{given.json()['id']}")).json()
    assert (shown["state"], shown["post_state"]) == ("accepted", "posted")
    assert shown["next_attempt_at"]


async def test_rejected_there_may_be_another(stack: Stack, receiving: OmsInstructions) -> None:
    far = {"line1": "1 Marine Drive", "city": "Mumbai", "pincode": "400001"}
    asked = {"partner_id": "shop", "action": "change_address", "address": far}
    async with stack.worker(oms=OmsWebhook(receiving.url, SECRET)):
        await stack.api.post(ORDER, json=asked)
        await receiving.wait_for(1)
        await stack.api.post(ORDER, json={"partner_id": "shop", "action": "return"})
        first, second = await receiving.wait_for(2)
        await ended(stack)
    assert first.decision["decision"] == "rejected"
    assert second.decision["decision"] == "accepted"
    assert await types_of_order(stack) == ["delivery_failed", "return_initiated"]
    states = [one["state"] for one in (await stack.api.get("/v1/instructions")).json()["items"]]
    assert states == ["rejected", "accepted"]
