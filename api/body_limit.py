"""Refuse request bodies over a limit before they fill the memory."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.sms.rules import STATUS_PATH

MOST_BYTES = 256 * 1024
MOST_BATCH_BYTES = 8 * 1024 * 1024
MOST_CALLBACK_BYTES = 8 * 1024
"""Of Twilio's status callback: it has about 20 short fields, and anybody may send one."""
_MOST = {"/v1/events/batch": MOST_BATCH_BYTES, STATUS_PATH: MOST_CALLBACK_BYTES}


class BodyLimit:
    """Counts a request's body as it arrives; over the limit is a 413, stored nowhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _MOST.get(scope["path"], MOST_BYTES)
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413, f"send at most {most // 1024} KiB at once")
            return message

        await self._app(scope, counted, send)
