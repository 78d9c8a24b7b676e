"""Which keys may call which route, and how a test calls it. A new route needs a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.callers import Scope
from tests.support.factories import make_event

Ids = Mapping[str, str]
"""`partner_id`, `endpoint_id`, `event_id`, `delivery_id`, `key_id`, all of one partner."""

OMS, OPS, PARTNER = Scope.OMS, Scope.OPS, Scope.PARTNER

OPEN = frozenset(
    {
        "GET /openapi.json",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /docs",
        "POST /v1/sms/status",
    }
)
"""Anyone may call these; besides them everything below `/v1/schemas/` and `/docs/`."""

OPEN_BELOW = ("GET /v1/schemas/", "GET /docs/")


def _nothing(_ids: Ids) -> None:
    return None


@dataclass(frozen=True)
class Rule:
    """The scopes that a route allows, and a request that it takes, made of a partner's ids."""

    scopes: frozenset[Scope]
    body: Callable[[Ids], Any] = _nothing
    query: Callable[[Ids], dict[str, str] | None] = _nothing


def rule(*scopes: Scope, **how: Any) -> Rule:
    """A rule; `body` and `query` make them of ids."""
    return Rule(frozenset(scopes), **how)


RULES: Mapping[str, Rule] = {
    "POST /v1/events": rule(OMS, body=lambda ids: make_event(partner_id=ids["partner_id"])),
    "POST /v1/events/batch": rule(
        OMS, body=lambda ids: {"events": [make_event(partner_id=ids["partner_id"])]}
    ),
    "GET /v1/events": rule(OMS, OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/events/{event_id}": rule(OMS, OPS, PARTNER),
    "GET /v1/events/{event_id}/status": rule(OMS, OPS, PARTNER),
    "POST /v1/deliveries/{delivery_id}/retry": rule(OPS, PARTNER),
    "POST /v1/partners": rule(
        OPS, body=lambda ids: {"id": "new", "name": "A new shop", "tier": "growth"}
    ),
    "GET /v1/partners": rule(OPS),
    "GET /v1/partners/{partner_id}": rule(OPS, PARTNER),
    "PATCH /v1/partners/{partner_id}": rule(OPS, body=lambda ids: {"sms_fallback": True}),
    "POST /v1/endpoints": rule(
        OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "url": "https://x.example/in"}
    ),
    "GET /v1/endpoints": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/endpoints/{endpoint_id}": rule(OPS, PARTNER),
    "PATCH /v1/endpoints/{endpoint_id}": rule(OPS, PARTNER, body=lambda ids: {"state": "paused"}),
    "DELETE /v1/endpoints/{endpoint_id}": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/rotate-secret": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/test": rule(OPS, PARTNER),
    "POST /v1/keys": rule(
        OPS,
        PARTNER,
        body=lambda ids: {**_of(ids, "partner_id"), "scope": "partner", "label": "the ERP"},
    ),
    "GET /v1/keys": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/keys/{key_id}": rule(OPS, PARTNER),
    "DELETE /v1/keys/{key_id}": rule(OPS, PARTNER),
    "GET /v1/audit": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
}


def _of(ids: Ids, *names: str) -> dict[str, str]:
    return {name: ids[name] for name in names}
