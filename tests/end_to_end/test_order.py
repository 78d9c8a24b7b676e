"""An ordered endpoint: no later event of an order arrives before an earlier one has ended."""

import asyncio
import random
from collections import Counter

import pytest

from sandbox.behaviour import Policy
from sandbox.http_connection import Head
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Step
from tests.support.factories import make_event, make_groups, make_order
from tests.support.stack import Stack

TYPES = ("order_confirmed", "out_for_delivery", "delivered")
MOST_REFUSALS = 2
"""Of one webhook: a third and a fourth would make it a dead letter."""


def moody() -> Policy:
    """A merchant that refuses one request in five."""
    dice = random.Random(11)
    refused = Counter[str]()

    def decide(head: Head) -> Step:
        webhook_id = head.headers["webhook-id"]
        if refused[webhook_id] >= MOST_REFUSALS or dice.random() >= 0.2:
            return Answer(200)
        refused[webhook_id] += 1
        return Answer(503)

    return decide


async def check(stack: Stack, orders: int) -> None:
    """Play so many orders, and hold what the merchant saw against their order."""
    async with Merchant(behaviour=moody()) as merchant:
        await stack.add_partner()
        await stack.add_endpoint(merchant.url, ordered=True)
        async with stack.worker():
            events = await asyncio.gather(*(_play(stack, number) for number in range(orders)))
            for event_ids in events:
                for event_id in event_ids:
                    await stack.delivery(event_id, "delivered", timeout=600)
    taken: dict[str | None, list[str | None]] = {}
    for received in merchant.received:
        seen = taken.setdefault(received.order_id, [])
        earlier = TYPES[: TYPES.index(received.event_type or "")]
        assert tuple(seen[: len(earlier)]) == earlier, received.order_id
        if received.accepted and received.event_type not in seen:  # at least once
            seen.append(received.event_type)
    assert len(taken) == orders
    assert all(tuple(seen) == TYPES for seen in taken.values())


async def _play(stack: Stack, number: int) -> list[str]:
    order = make_order(order_id=f"ORD-{number}")
    return [await stack.send(make_event(kind, data=make_groups(order=order))) for kind in TYPES]


@pytest.mark.extended
async def test_ten_orders(stack: Stack) -> None:
    await check(stack, 10)


@pytest.mark.extended
@pytest.mark.timeout(900)
async def test_a_hundred_orders(stack: Stack) -> None:
    await check(stack, 100)
