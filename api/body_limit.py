"""Refuse request bodies over a limit before they fill the memory."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024
MOST_BATCH_BYTES = 8 * 1024 * 1024
_BATCH_PATH = "/v1/events/batch"


class BodyLimit:
    """Counts a request's body as it arrives; over the limit is a 413, stored nowhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_BATCH_BYTES if scope["path"] == _BATCH_PATH else MOST_BYTES
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413, f"send at most {most // 1024} KiB at once")
            return message

        await self._app(scope, counted, send)
