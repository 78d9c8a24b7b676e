"""The order-management system's side: posts events until each one has its answer.

An OMS does not give up: a 429, any 5xx, a time-out and a refused connection are repeated with
the same event id, no earlier than `Retry-After` asks for. 202 and every other 4xx are final.
Events of one order are posted one after the other, in the order of happening.

By itself: `python -m sandbox oms generate …` or `python -m sandbox oms replay FILE …`.
"""

import asyncio
import json
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import httpx

from sandbox.parcels import TimedEvent
from sandbox.waiting import Changes

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 10.0


@dataclass(frozen=True)
class FinalAnswer:
    """The final answer to one event: 202, or a 4xx with its problem body."""

    status: int
    body: dict[str, Any]
    attempts: int
    took_s: float
    """How long the last attempt took."""
    waited_s: float
    """From the first attempt to the answer."""

    @property
    def accepted(self) -> bool:
        """The OMS may forget the event: it will be delivered."""
        return self.status == 202

    @property
    def duplicate(self) -> bool:
        """The event had been accepted before."""
        return bool(self.body.get("duplicate"))


class OmsClient:
    """Posts events to `POST {base_url}/v1/events`, several orders side by side."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        concurrency: int = 8,
        *,
        journal: Path | None = None,
        timeout_s: float = 10.0,
        first_pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self.answers: dict[str, FinalAnswer] = {}
        self.trouble: Counter[str] = Counter()
        """Answers and errors that were repeated, such as 503 or ConnectError."""
        self._changes = Changes()
        self._concurrency, self._first_pause_s = concurrency, first_pause_s
        self._journal_path = journal
        self._journal: TextIO | None = None
        self._url = f"{base_url.rstrip('/')}/v1/events"
        self._http = httpx.AsyncClient(
            headers={"authorization": f"Bearer {api_key}"},
            timeout=timeout_s,
            limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
            trust_env=False,
            verify=base_url.startswith("https:"),  # certificates take 20 ms to load
        )

    async def __aenter__(self) -> Self:
        """Open the journal."""
        if self._journal_path:
            self._journal = self._journal_path.open("a", encoding="utf-8")
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close connections and the journal."""
        await self._http.aclose()
        if self._journal:
            self._journal.close()

    @property
    def accepted(self) -> set[str]:
        """The ids of all events that were answered 202: none of them may get lost."""
        return {event_id for event_id, answer in self.answers.items() if answer.accepted}

    @property
    def refused(self) -> dict[str, FinalAnswer]:
        """What was answered 4xx, by event id."""
        return {
            event_id: answer for event_id, answer in self.answers.items() if not answer.accepted
        }

    def summary(self) -> dict[str, Any]:
        """The counts that a ledger compares with the receiver's."""
        return {
            "answered": len(self.answers),
            "accepted": len(self.accepted),
            "duplicates": sum(answer.duplicate for answer in self.answers.values()),
            "refused": dict(Counter(str(answer.status) for answer in self.refused.values())),
            "repeated": dict(self.trouble),
        }

    async def wait_until(self, predicate: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Wait until a condition on this client holds; looked at after every answer and error."""
        await self._changes.until(
            predicate, timeout=timeout, seen=lambda: f"the OMS saw {self.summary()}"
        )

    async def send(self, event: dict[str, Any]) -> FinalAnswer:
        """Post one event until it has a final answer."""
        body = json.dumps(event, ensure_ascii=False).encode()
        began, attempts, pause_s = time.monotonic(), 0, self._first_pause_s
        while True:
            attempts += 1
            asked_at = time.monotonic()
            response = await self._post(body)
            now = time.monotonic()
            if response is not None and not _must_repeat(response):
                answer = FinalAnswer(
                    response.status_code, _json(response), attempts, now - asked_at, now - began
                )
                self._keep(event, answer)
                await self._changes.announce()
                return answer
            await self._changes.announce()
            await asyncio.sleep(max(pause_s, _retry_after_s(response)))
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def play(
        self, events: Iterable[TimedEvent], *, speed: float = 1.0, rate: float | None = None
    ) -> dict[str, Any]:
        """Post events at their offsets divided by `speed`, or `rate` a second; returns the summary.

        `speed` shortens the waiting only. To have the events' own times follow, give the speed to
        `lifecycles` or `replay` instead. `math.inf` posts as fast as answers come.
        """
        lanes: list[asyncio.Queue[dict[str, Any] | None]] = [
            asyncio.Queue() for _ in range(self._concurrency)
        ]
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._work(lane))
            await _pace(events, lanes, speed=speed, rate=rate)
            for lane in lanes:
                lane.put_nowait(None)
        return self.summary()

    async def _work(self, lane: "asyncio.Queue[dict[str, Any] | None]") -> None:
        while (event := await lane.get()) is not None:
            await self.send(event)

    async def _post(self, body: bytes) -> httpx.Response | None:
        try:
            response = await self._http.post(
                self._url, content=body, headers={"content-type": "application/json"}
            )
        except httpx.TransportError as error:
            self.trouble[type(error).__name__] += 1
            return None
        if _must_repeat(response):
            self.trouble[str(response.status_code)] += 1
        return response

    def _keep(self, event: dict[str, Any], answer: FinalAnswer) -> None:
        self.answers[event["event_id"]] = answer
        if self._journal is None or not answer.accepted:
            return
        line = {
            "event_id": event["event_id"],
            "partner_id": event["partner_id"],
            "type": event["type"],
            "order_id": event["data"]["order"]["order_id"],
            "answered_at": datetime.now(UTC).isoformat(),
            "duplicate": answer.duplicate,
        }
        self._journal.write(json.dumps(line) + "\n")
        self._journal.flush()


async def _pace(
    events: Iterable[TimedEvent],
    lanes: "list[asyncio.Queue[dict[str, Any] | None]]",
    *,
    speed: float,
    rate: float | None,
) -> None:
    """Hand each event to its order's lane when its time has come."""
    began = time.monotonic()
    for number, timed in enumerate(events):
        due = began + (number / rate if rate else timed.offset_s / speed)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        order_id = str(timed.event["data"]["order"]["order_id"])
        lanes[zlib.crc32(order_id.encode()) % len(lanes)].put_nowait(timed.event)


def _must_repeat(response: httpx.Response) -> bool:
    return response.status_code == 429 or response.status_code >= 500


def _retry_after_s(response: httpx.Response | None) -> float:
    """Seconds that the answer asks to wait, by its number or its date."""
    asked = response.headers.get("retry-after", "") if response is not None else ""
    if asked.isdigit():
        return float(asked)
    try:
        return (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0.0


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
