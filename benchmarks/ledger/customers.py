"""Customers whose delivery failed: each opens the tracking page and asks for something, again and
again until they have read that it was taken. What they hold is the first count of instructions."""

import asyncio
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from benchmarks.ledger.counts import GivenInstruction
from benchmarks.ledger.oms import MOST_PATIENT_S
from benchmarks.ledger.orders import Posting
from store.tracking.links import LinkedOrder

_ACTIONS = ("reattempt", "hold", "return")
_ATTEMPT = re.compile(r'name="attempt" value="([^"]+)"')
_TAKEN, _FORM = 303, 200
_PAUSE_S = 0.3


@dataclass
class Customers:
    """`tokens` are those of their links; one asks one of several APIs, another one each time."""

    urls: Sequence[str]
    tokens: Mapping[LinkedOrder, str]
    seed: int
    told: list[GivenInstruction] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)

    async def answer(self, posting: Posting) -> None:
        """Answer the failed delivery of a posting, where somebody is to."""
        if posting.is_answered:
            event = posting.event
            dice = random.Random(f"{self.seed}/{event.order_id}")
            order = LinkedOrder(event.partner_id, event.order_id)
            await self.give(order, dice.choice(_ACTIONS), dice)

    async def give(self, order: LinkedOrder, action: str, dice: random.Random) -> None:
        """Ask for something on the page of an order, until it is taken."""
        token = self.tokens[order]
        began, asked = time.monotonic(), dice.randrange(len(self.urls))
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            while time.monotonic() - began < MOST_PATIENT_S:
                asked += 1
                place = f"{self.urls[asked % len(self.urls)]}/t/{token}/answer/{action}"
                if await _ask(client, place):
                    self.told.append(GivenInstruction(order.partner_id, order.order_id, action))
                    return
                await asyncio.sleep(_PAUSE_S * dice.uniform(0.5, 1.5))
        self.gave_up.append(order.order_id)


async def _ask(client: httpx.AsyncClient, place: str) -> bool:
    """Open the form and send it; whether it was taken. Sent once more it is the same."""
    try:
        form = await client.get(place)
        found = _ATTEMPT.search(form.text)
        if form.status_code != _FORM or found is None:
            return False
        answer = await client.post(place, data={"attempt": found.group(1)})
    except httpx.TransportError:
        return False
    return answer.status_code == _TAKEN
