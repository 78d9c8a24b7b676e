"""An endpoint with few places: never more attempts at once, everything delivered, each with one
attempt."""

import asyncio

import pytest

from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from tests.support.factories import make_event
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


async def test_no_more_attempts_at_once_than_there_are_places(stack: Stack) -> None:
    async with Merchant(behaviour=[Hang(), Hang(), Hang(), Answer(200)]) as merchant:
        await stack.add_partner()
        await stack.add_endpoint(merchant.url, in_flight_limit=3)
        async with stack.worker():
            events = [await stack.send(make_event()) for _ in range(12)]
            await merchant.wait_for(3)
            await eventually(lambda: _count(stack, events, "held"), lambda count: count == 9)
            assert len(merchant.received) == 3
            merchant.release()
            for event_id in events:
                delivered = await stack.delivery(event_id, "delivered")
                assert len(delivered["attempts"]) == 1
    assert len(merchant.received) == 12


async def test_a_rate_delays_and_costs_no_attempt(stack: Stack) -> None:
    async with Merchant() as merchant:
        await stack.add_partner()
        await stack.add_endpoint(merchant.url, rate_limit=2)
        async with stack.worker():
            events = [await stack.send(make_event()) for _ in range(9)]
            for event_id in events:
                delivered = await stack.delivery(event_id, "delivered")
                assert len(delivered["attempts"]) == 1
    assert len(merchant.received) == 9


async def _count(stack: Stack, event_ids: list[str], state: str) -> int:
    """How many events have their only delivery in this state."""
    events = await asyncio.gather(*(stack.event(one) for one in event_ids))
    found = [one["deliveries"][0]["state"] for one in events if one["deliveries"]]
    return found.count(state)
