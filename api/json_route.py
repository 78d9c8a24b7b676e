"""The class of every route of the API: bodies are JSON, and nothing that only looks like it."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.auth.key_check import OPEN_PATHS
from api.json_bodies import read_json
from contracts.payload.faults import Unreadable

_NOT_JSON = "send the body as JSON, with the header Content-Type: application/json"
_UNKNOWN = "this route takes no such parameter: leave it out"
_TWICE = "send it once"
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
        known = _names_of_query(self.dependant) if _asks_for_rows(self) else None

        async def checked(request: Request) -> Response:
            own = JsonRequest(request.scope, request.receive)
            if known is not None:
                _require_known_names(own, known)
            if takes_a_body and await own.body():
                _require_json(own)
            return await handle(own)

        return checked


def _asks_for_rows(route: APIRoute) -> bool:
    """Whether a name that is not understood would widen what is asked for, or done."""
    return route.path.startswith("/v1/") and not route.path.startswith(OPEN_PATHS)


def _names_of_query(dependant: Dependant) -> frozenset[str]:
    """What a route takes in its query, those of its models among them."""
    names: set[str] = set()
    for inner in dependant.dependencies:
        names |= _names_of_query(inner)
    for parameter in dependant.query_params:
        kind: Any = parameter.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        names |= _names_of(kind) if is_model else {parameter.alias}
    return frozenset(names)


def _names_of(model: type[BaseModel]) -> set[str]:
    """The fields of a query's model, as they are sent."""
    return {field.alias or name for name, field in model.model_fields.items()}


def _require_known_names(request: Request, known: frozenset[str]) -> None:
    """A filter that is misspelt, or there twice, is a fault: without it everybody's rows come."""
    counted = Counter(name for name, _ in request.query_params.multi_items())
    faults = [
        {"type": "query", "loc": ("query", name), "msg": _TWICE if name in known else _UNKNOWN}
        for name, count in counted.items()
        if count > 1 or name not in known
    ]
    if faults:
        raise RequestValidationError(faults)


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
