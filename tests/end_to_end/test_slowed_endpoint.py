"""A merchant that takes so much a second and answers 429 to the rest: all is delivered, at its
pace, and nobody has to set a rate."""

import asyncio
import time
from collections import Counter
from functools import partial
from typing import Any

import pytest

from sandbox.http_connection import Head
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Step
from tests.support.factories import make_event
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

TOO_MANY = Answer(429, headers={"retry-after": "1"})
BUSY = Answer(503, headers={"retry-after": "1"})


class TakesASecond:
    """Takes so many in each second of the clock; the rest gets `refusal`."""

    def __init__(self, most: int, refusal: Answer = TOO_MANY) -> None:
        self._most, self._refusal = most, refusal
        self._taken: Counter[int] = Counter()

    def __call__(self, _head: Head) -> Step:
        second = int(time.monotonic())
        self._taken[second] += 1
        return Answer(200) if self._taken[second] <= self._most else self._refusal


async def all_delivered(stack: Stack, event_ids: list[str], *, timeout: float) -> list[Any]:
    """The only delivery of each event, once all of them are delivered."""
    found = []
    for event_id in event_ids:
        shown = await eventually(partial(stack.event, event_id), _ended, timeout=timeout)
        found.append(shown["deliveries"][0])
    assert [one["state"] for one in found] == ["delivered"] * len(event_ids)
    return found


def _ended(event: dict[str, Any]) -> bool:
    states = {one["state"] for one in event["deliveries"]}
    return bool(states) and states <= {"delivered", "dead_lettered"}


@pytest.mark.parametrize("refusal", [TOO_MANY, BUSY], ids=["429", "503"])
async def test_a_burst_is_delivered_at_no_charge(patient_stack: Stack, refusal: Answer) -> None:
    stack = patient_stack
    async with Merchant(behaviour=TakesASecond(4, refusal)) as merchant:
        await stack.open_shop(merchant.url)
        async with stack.worker():
            events = await asyncio.gather(*(stack.send(make_event()) for _ in range(16)))
            deliveries = await all_delivered(stack, events, timeout=60)
    assert not any(one["dead_letters"] for one in deliveries)
    assert not any(tried["charged"] for one in deliveries for tried in one["attempts"])
    assert {one.webhook_id for one in merchant.received if one.answer == 200} == set(events)


@pytest.mark.extended
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("count", "every_s"), [(40, 0.0), (200, 0.2)])
async def test_one_a_second_and_far_more_than_that(
    patient_stack: Stack, count: int, every_s: float
) -> None:
    """40 at once, and 200 at five a second."""
    stack = patient_stack
    async with Merchant(behaviour=TakesASecond(1)) as merchant:
        await stack.open_shop(merchant.url)
        async with stack.worker():
            events = []
            for _ in range(count):
                events.append(await stack.send(make_event()))
                await asyncio.sleep(every_s)  # the rate that is asked for, nothing is waited for
            deliveries = await all_delivered(stack, events, timeout=600)
    assert not any(one["dead_letters"] for one in deliveries)
    refused = [one for one in merchant.received if one.answer == 429]
    print(f"{count} delivered, {len(refused)} refused")
    assert len(refused) < 4 * count
