"""Temporal behind a proxy that for a while at a time gives no answer of Temporal's, and what ops
and partners hear of the API meanwhile."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.kills import Kill
from benchmarks.layout import PROXY
from benchmarks.ledger.oms import Oms
from benchmarks.proxy import Answer
from benchmarks.rig import Rig

_LEAST, _MOST = 0.3, 0.6
"""Of its part of the time."""

_ASK_EVERY_S = 0.2
_MAY_BE_ANSWERED = {"status": {200}, "retry": {202, 409, 503}}
_RETRIED = ("delivering", "dead_lettered")


@dataclass(frozen=True)
class Span:
    """From this second on, for so long, every call is answered so."""

    at_s: float
    answer: Answer
    for_s: float


def plan_spans(seed: int, play_s: float) -> list[Span]:
    """Every wrong answer once, in any order, one in each equal part of the time."""
    dice = random.Random(f"failover/{seed}")
    answers = [one for one in Answer if one is not Answer.PASSED_ON]
    dice.shuffle(answers)
    part = play_s / len(answers)
    return [
        Span(
            part * (number + dice.uniform(0, 1 - _MOST)), answer, part * dice.uniform(_LEAST, _MOST)
        )
        for number, answer in enumerate(answers)
    ]


async def carry_out(plan: Sequence[Span], rig: Rig) -> list[Kill]:
    """Have the proxy answer so. Each change cuts the connections that are open."""
    began = time.monotonic()
    done = []
    for span in plan:
        await asyncio.sleep(began + span.at_s - time.monotonic())
        from_ = await _switch(rig, span.answer)
        await asyncio.sleep(span.for_s)
        done.append(Kill(span.answer.in_words, from_, await _switch(rig, Answer.PASSED_ON)))
    return done


async def _switch(rig: Rig, answer: Answer) -> float:
    if rig.layout.proxy is None:
        raise RuntimeError("this rig has no proxy")
    await rig.processes[PROXY].stop()
    rig.layout.proxy.answer = answer
    return await rig.processes[PROXY].start()


@dataclass
class Asker:
    """Asks for the status of events, and for retries of webhooks, all the while. `answers`: how
    often it heard what."""

    rig: Rig
    oms: Oms
    seed: int
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest_s: float = 0.0

    @contextlib.asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Ask until the context ends."""
        task = asyncio.create_task(self._ask())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _ask(self) -> None:
        dice = random.Random(f"asker/{self.seed}")
        async with httpx.AsyncClient(
            base_url=self.rig.layout.api_urls[0],
            headers={"authorization": f"Bearer {self.rig.layout.key}"},
            timeout=60,
            trust_env=False,
        ) as client:
            while True:
                await asyncio.sleep(_ASK_EVERY_S)
                if self.oms.acknowledged:
                    await self._ask_about(client, dice.choice(self.oms.acknowledged).event_id)

    async def _ask_about(self, client: httpx.AsyncClient, event_id: str) -> None:
        status = await self._answered("status", client, "GET", f"/v1/events/{event_id}/status")
        for one in status.get("deliveries", []):
            if one["channel"] == "webhook" and one["state"] in _RETRIED:
                path = f"/v1/deliveries/{one['delivery_id']}/retry"
                await self._answered("retry", client, "POST", path)

    async def _answered(
        self, what: str, client: httpx.AsyncClient, method: str, path: str
    ) -> dict[str, Any]:
        asked = time.monotonic()
        answer = await client.request(method, path)
        self.slowest_s = max(self.slowest_s, time.monotonic() - asked)
        self.answers[what, answer.status_code] += 1
        return dict(answer.json())


def unfit(answers: Mapping[tuple[str, int], int]) -> list[str]:
    """Answers that nobody should get, whatever Temporal answers."""
    return [
        f"{what} was answered {status}, {count} times"
        for (what, status), count in answers.items()
        if status not in _MAY_BE_ANSWERED[what]
    ]
