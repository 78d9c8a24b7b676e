"""The app with its OpenAPI 3.1 document: the real errors, examples and `webhooks`."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from api.middleware.security_headers import SecurityHeaders
from api.openapi import errors, examples, webhooks
from api.published import read_example
from contracts.access.callers import Scope
from contracts.payload.events import GROUP_MATRIX, EventType
from contracts.payload.payload import SCHEMA_VERSION


class DocumentedApp(FastAPI):
    """FastAPI, whose document is completed, and whose answers all carry the security headers."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            errors.document_errors(document["paths"])
            _say_which_keys(document)
            _show_an_event(document)
            examples.add_examples(document)
            document["components"]["schemas"] |= webhooks.components()
            document["webhooks"] = webhooks.webhooks()
        return self.openapi_schema or {}

    def build_middleware_stack(self) -> ASGIApp:
        """Everything, and around it the headers: around the answer to a mistake of ours, too."""
        return SecurityHeaders(super().build_middleware_stack())


def _say_which_keys(document: dict[str, Any]) -> None:
    """Describe a key of each scope as a way in of its own, any of which is enough; and state of
    operations without a key that they need none: silence may mean anything."""
    [key] = document["components"]["securitySchemes"].values()
    document["components"]["securitySchemes"] = {
        scope.value: {**key, "description": f"A key of the scope {scope}: {key['description']}"}
        for scope in Scope
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            needed = [one for each in operation.get("security", []) for one in each.values()]
            operation["security"] = [{scope: []} for scopes in needed for scope in scopes]


def operation_id(route: APIRoute) -> str:
    """The name of the route's function: it is what generated clients call it."""
    return route.name


def _show_an_event(document: dict[str, Any]) -> None:
    """Give the routes that take events one of each type to start from."""
    kinds = sorted(EventType, key=lambda kind: kind is not EventType.OUT_FOR_DELIVERY)
    events = {kind.value: {"value": _as_sent(kind)} for kind in kinds}
    batches = {name: {"value": {"events": [one["value"]]}} for name, one in events.items()}
    for path, shown in {"/v1/events": events, "/v1/events/batch": batches}.items():
        body = document["paths"][path]["post"]["requestBody"]
        body["content"]["application/json"]["examples"] = shown


def _as_sent(kind: EventType) -> dict[str, Any]:
    """The event behind a published payload, as the order-management system sends it."""
    payload = json.loads(read_example(SCHEMA_VERSION, kind))
    sent: dict[str, Any] = _without_nulls(
        {
            **{name: payload[name] for name in ("event_id", "type", "partner_id")},
            "occurred_at": payload["timestamp"],
            "data": {group: payload["data"][group] for group in sorted(GROUP_MATRIX[kind])},
        }
    )
    return sent


def _without_nulls(value: Any) -> Any:
    """The same without the fields that may as well be left out."""
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value
