"""Twilio's status callbacks: form-encoded, signed, and as unruly as they are told to be.

The initial status has no callback; `sent` may be the last one. Each callback is one task that
tries once, as Twilio does by default.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import httpx
from twilio.request_validator import RequestValidator

from sandbox.behaviour_text import parse_seconds
from sandbox.twilio_messages import API_VERSION, Message
from sandbox.waiting import Changes

_TIMEOUT_S = 15.0
_ORDERS = ("in_order", "reversed", "shuffled")


@dataclass(frozen=True)
class Callbacks:
    """How status callbacks come: their order, twice each, with a forged one, and how far apart."""

    order: Literal["in_order", "reversed", "shuffled"] = "in_order"
    doubled: bool = False
    forged: bool = False
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

    def __init__(self, auth_token: str, plan: Callbacks | None, changes: Changes) -> None:
        self.plan = plan
        self.sent: list[SentCallback] = []
        self._validator = RequestValidator(auth_token)
        self._forger = RequestValidator("not the " + auth_token)
        self._changes = changes
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, message: Message) -> None:
        """Let a message that was taken go its way, in the background."""
        if self.plan is None:
            return
        task = asyncio.create_task(self._tell_all(message, self.plan))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> bool:
        """Some message is still on its way."""
        return bool(self._tasks)

    async def tell(
        self, message: Message, status: str, error_code: int | None = None, *, forged: bool = False
    ) -> SentCallback | None:
        """Post one callback now; None when the message asked for none."""
        if message.status_callback is None:
            return None
        fields = _fields(message, status, error_code)
        signer = self._forger if forged else self._validator
        signature = signer.compute_signature(message.status_callback, fields)
        headers = {"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1"}
        answer: int | str
        try:
            response = await self._client.post(
                message.status_callback, data=fields, headers=headers
            )
            answer = response.status_code
        except httpx.HTTPError as error:
            answer = type(error).__name__
        told = SentCallback(message.status_callback, fields, forged, answer)
        self.sent.append(told)
        await self._changes.announce()
        return told

    async def close(self) -> None:
        """Drop what has not been told yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _tell_all(self, message: Message, plan: Callbacks) -> None:
        statuses = _statuses(message)
        final = statuses[-1]
        for status in _arranged(statuses, plan, key=message.sid):
            await asyncio.sleep(plan.pause_s)
            code = message.fate.error_code if status in {"undelivered", "failed"} else None
            _advance(message, status, code, statuses)
            await self.tell(message, status, code)
        if plan.forged:
            lie = "failed" if final == "delivered" else "delivered"
            await self.tell(message, lie, 30008 if lie == "failed" else None, forged=True)
        await self._changes.announce()


def parse_callbacks(text: str) -> Callbacks | None:
    """Read `off`, or words such as `shuffled,doubled,forged,pause=50ms,seed=7`."""
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
    if word in {"doubled", "forged"}:
        return {word: True}
    if name in readers and value:
        return {"pause_s" if name == "pause" else name: readers[name](value)}
    raise ValueError(f"{word!r} is not one of {', '.join(_ORDERS)}, doubled, forged, pause=50ms")


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


def _fields(message: Message, status: str, error_code: int | None) -> dict[str, str]:
    fields = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.from_ or "+15005550006",
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "To": message.to,
    }
    if message.messaging_service_sid:
        fields["MessagingServiceSid"] = message.messaging_service_sid
    if error_code is not None:
        fields["ErrorCode"] = str(error_code)
    if status in {"delivered", "undelivered"}:
        fields["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
    return fields
