"""The class of every route of the API: bodies are JSON, and nothing that only looks like it."""

import json
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

from api.json_bodies import read_json
from contracts.faults import Unreadable

_NOT_JSON = "send the body as JSON, with the header Content-Type: application/json"
_ENCODED = "send the body as it is, without Content-Encoding"


class JsonRequest(Request):
    """A request whose JSON is read by our own rules."""

    async def json(self) -> Any:
        """The body as JSON. HTTPException 400 for what cannot be read as a document at all."""
        if not hasattr(self, "_json"):
            self._json = _document(await self.body())
        return self._json


class JsonRoute(APIRoute):
    """Refuses bodies of other types with a 415 (RFC 9110, section 15.5.16)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind the check."""
        handle, takes_a_body = super().get_route_handler(), self.body_field is not None

        async def checked(request: Request) -> Response:
            own = JsonRequest(request.scope, request.receive)
            if takes_a_body and await own.body():
                _require_json(own)
            return await handle(own)

        return checked


def _require_json(request: Request) -> None:
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, _ENCODED)
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    kind = message.get_content_type()
    if not (
        kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    ):
        raise HTTPException(415, _NOT_JSON)


def _document(body: bytes) -> Any:
    try:
        document = read_json(body)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):
        raise HTTPException(400, "the body is not valid JSON") from None
    if isinstance(document, Unreadable):
        raise HTTPException(400, f"the body cannot be read: {document.reason}")
    return document
