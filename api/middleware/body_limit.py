"""Refuse request bodies that are too large before they fill the memory, and those that do not
come to an end before they fill the connections."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.sms.rules import STATUS_PATH

MOST_BYTES = 256 * 1024
MOST_BATCH_BYTES = 8 * 1024 * 1024
MOST_CALLBACK_BYTES = 8 * 1024
"""Of Twilio's status callback: it has about 20 short fields, and anybody may send one."""

BODY_WITHIN_S = 30.0
_MOST = {"/v1/events/batch": MOST_BATCH_BYTES, STATUS_PATH: MOST_CALLBACK_BYTES}
_CLOSE = {"connection": "close"}


class BodyLimit:
    """Counts a request's body as it arrives: over the limit is a 413, too slow a 408; nothing of it
    is stored. `within_s` is for the whole body, from when it is first asked for."""

    def __init__(self, app: ASGIApp, within_s: float = BODY_WITHIN_S) -> None:
        self._app = app
        self._within_s = within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _MOST.get(scope["path"], MOST_BYTES)
        counted = _CountedBody(receive, most, self._within_s)
        await self._app(scope, counted.receive, send)


class _CountedBody:
    """One request's body. Once it is whole, waiting on is waiting for the client to go, which may
    take as long as it likes."""

    def __init__(self, receive: Receive, most: int, within_s: float) -> None:
        self._receive, self._most, self._within_s = receive, most, within_s
        self._received, self._whole = 0, False
        self._deadline: float | None = None

    async def receive(self) -> Message:
        """The next message. HTTPException 413 over the limit, 408 after the deadline."""
        if self._whole:
            return await self._receive()
        clock = asyncio.get_running_loop().time
        self._deadline = self._deadline or clock() + self._within_s
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            text = f"send the whole body within {self._within_s:.0f} s"
            raise HTTPException(408, text, headers=_CLOSE) from None
        self._received += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._received > self._most:
            raise HTTPException(413, f"send at most {self._most // 1024} KiB at once")
        return message
