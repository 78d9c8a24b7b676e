"""Twilio's status callbacks: form-encoded, signed, and as unruly as they are set to be.

The initial status has no callback; `sent` may be the last one. Each message is one task, and each
callback is tried once, as Twilio does by default.

How they come is written as `off`, or as any of these words with commas between:

| word | does |
|---|---|
| `in_order`, `reversed`, `shuffled` | their order; `seed=7` fixes the shuffled one |
| `doubled` | each one comes twice |
| `forged` | a last one that lies comes too, signed with another key |
| `sha256` | signed with HMAC-SHA256, as a shared key signs, and with the header that says so |
| `extra` | each has a field that Twilio has not documented |
| `pause=50ms` | the time before each |
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import httpx

from sandbox.behaviour_text import parse_seconds
from sandbox.twilio_callback_request import Signer, callback_fields
from sandbox.twilio_messages import Message
from sandbox.waiting import Changes

_TIMEOUT_S = 15.0
_ORDERS = ("in_order", "reversed", "shuffled")
_SWITCHES = ("doubled", "forged", "sha256", "extra")


@dataclass(frozen=True)
class Callbacks:
    """How status callbacks come; the words of the syntax are its fields. `pause_s` in seconds."""

    order: Literal["in_order", "reversed", "shuffled"] = "in_order"
    doubled: bool = False
    forged: bool = False
    sha256: bool = False
    extra: bool = False
    pause_s: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class SentCallback:
    """One callback and its answer: an HTTP status, or the kind of error."""

    url: str
    fields: dict[str, str]
    forged: bool
    answer: int | str


class CallbackSender:
    """Posts the callbacks of every message, each message in its own task."""

    def __init__(self, signer: Signer, plan: Callbacks | None, changes: Changes) -> None:
        self.plan = plan
        self.sent: list[SentCallback] = []
        self._signer = signer
        self._changes = changes
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, message: Message) -> None:
        """Let a message that was taken go its way, in the background."""
        if self.plan is None:
            return
        task = asyncio.create_task(self._post_all(message, self.plan))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> bool:
        """Some message is still on its way."""
        return bool(self._tasks)

    async def post(
        self, message: Message, status: str, error_code: int | None = None, *, forged: bool = False
    ) -> SentCallback | None:
        """Post one callback now; None when the message asked for none."""
        plan = self.plan or Callbacks()
        return await self._post(plan, message, status, error_code, forged=forged)

    async def close(self) -> None:
        """Drop what has not been posted yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _post_all(self, message: Message, plan: Callbacks) -> None:
        statuses = _statuses(message)
        final = statuses[-1]
        for status in _arranged(statuses, plan, key=message.sid):
            await asyncio.sleep(plan.pause_s)
            code = message.fate.error_code if status in {"undelivered", "failed"} else None
            _advance(message, status, code, statuses)
            await self._post(plan, message, status, code)
        if plan.forged:
            lie = "failed" if final == "delivered" else "delivered"
            code = 30008 if lie == "failed" else None
            await self._post(plan, message, lie, code, forged=True)
        await self._changes.announce()

    async def _post(
        self,
        plan: Callbacks,
        message: Message,
        status: str,
        error_code: int | None,
        *,
        forged: bool = False,
    ) -> SentCallback | None:
        url = message.status_callback
        if url is None:
            return None
        fields = callback_fields(message, status, error_code, extra=plan.extra)
        headers = self._signer.headers(url, fields, sha256=plan.sha256, forged=forged)
        answer: int | str
        try:
            answer = (await self._client.post(url, data=fields, headers=headers)).status_code
        except httpx.HTTPError as error:
            answer = type(error).__name__
        sent = SentCallback(url, fields, forged, answer)
        self.sent.append(sent)
        await self._changes.announce()
        return sent


def parse_callbacks(text: str) -> Callbacks | None:
    """Read `off`, or words such as `shuffled,doubled,forged,pause=50ms,seed=7`; ValueError says
    what is wrong with them."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if words == ["off"]:
        return None
    plan: dict[str, object] = {}
    for word in words:
        plan |= _setting(word)
    return Callbacks(**plan)  # type: ignore[arg-type]  # each value was made for its field


def _setting(word: str) -> dict[str, object]:
    name, _, value = word.partition("=")
    readers: dict[str, Callable[[str], object]] = {"pause": parse_seconds, "seed": int}
    if word in _ORDERS:
        return {"order": word}
    if word in _SWITCHES:
        return {word: True}
    if name in readers and value:
        return {"pause_s" if name == "pause" else name: readers[name](value)}
    known = ", ".join([*_ORDERS, *_SWITCHES, "pause=50ms", "seed=7"])
    raise ValueError(f"{word!r} is not one of {known}")


def _statuses(message: Message) -> list[str]:
    """The statuses after the initial one."""
    before = ["queued"] if message.messaging_service_sid else []
    match message.fate.outcome:
        case "sent":
            return [*before, "sent"]
        case "failed":
            return [*before, "failed"]
        case outcome:
            return [*before, "sent", outcome]


def _arranged(statuses: list[str], plan: Callbacks, *, key: str) -> list[str]:
    arranged = [status for status in statuses for _ in range(2 if plan.doubled else 1)]
    if plan.order == "reversed":
        arranged.reverse()
    if plan.order == "shuffled":
        random.Random(f"{plan.seed}/{key}").shuffle(arranged)
    return arranged


def _advance(message: Message, status: str, code: int | None, statuses: list[str]) -> None:
    """The resource itself never goes back, however its callbacks are arranged."""
    if message.status in statuses and statuses.index(status) <= statuses.index(message.status):
        return
    message.move_to(status, code)
