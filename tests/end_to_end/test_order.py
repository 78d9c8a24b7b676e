"""An ordered endpoint: no later event of an order arrives before an earlier one has ended."""

import asyncio
import random
from collections.abc import Sequence

import pytest

from sandbox.merchant import Merchant
from sandbox.steps import Answer, Step
from tests.support.factories import make_event, make_groups, make_order
from tests.support.stack import Stack

TYPES = ("order_confirmed", "out_for_delivery", "delivered")
DICE = random.Random(11)


def moods(count: int) -> Sequence[Step]:
    """A merchant that refuses one request in five."""
    return [Answer(503 if DICE.random() < 0.2 else 200) for _ in range(count)] + [Answer(200)]


async def check(stack: Stack, orders: int) -> None:
    """Play so many orders, and hold what the merchant saw against their order."""
    async with Merchant(behaviour=moods(orders * len(TYPES))) as merchant:
        await stack.add_partner()
        await stack.add_endpoint(merchant.url, ordered=True)
        async with stack.worker():
            events = await asyncio.gather(*(_play(stack, number) for number in range(orders)))
            for event_ids in events:
                for event_id in event_ids:
                    await stack.delivery(event_id, "delivered", timeout=120)
    taken: dict[str | None, list[str | None]] = {}
    for received in merchant.received:
        seen = taken.setdefault(received.order_id, [])
        assert len(seen) == TYPES.index(received.event_type or ""), received.order_id
        if received.accepted:
            seen.append(received.event_type)
    assert len(taken) == orders
    assert all(tuple(seen) == TYPES for seen in taken.values())


async def _play(stack: Stack, number: int) -> list[str]:
    order = make_order(order_id=f"ORD-{number}")
    return [await stack.send(make_event(kind, data=make_groups(order=order))) for kind in TYPES]


async def test_ten_orders(stack: Stack) -> None:
    await check(stack, 10)


@pytest.mark.extended
@pytest.mark.timeout(300)
async def test_a_hundred_orders(stack: Stack) -> None:
    await check(stack, 100)
