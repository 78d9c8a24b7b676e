"""Which keys may call which route, and how a test calls it. A new route needs a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.access.callers import Scope
from tests.support.factories import make_event
from tests.support.pictures import a_png

Ids = Mapping[str, str]
"""`partner_id`, `endpoint_id`, `event_id`, `delivery_id`, `dead_letter_id`, `recovery_id`,
`instruction_id`, `order_id`, `key_id` and `opt_out_id`, all of one partner; and `suspension_id`,
`sender` and `content_template_id`, which are for ops."""

PATH_WORDS: Mapping[str, str] = {
    "event_type": "order_confirmed",
    "language": "en",
    "order_id": "ORD-1",
    "figure": "first_attempt_success",
}
"""What else stands in paths: words that are nobody's."""

OMS, OPS, PARTNER = Scope.OMS, Scope.OPS, Scope.PARTNER

OPEN = frozenset(
    {
        "GET /openapi.json",
        "GET /healthz",
        "GET /readyz",
        "GET /docs",
        "POST /v1/sms/status",
        "GET /o/{token}",
        "POST /o/{token}",
        "GET /dashboard",  # leads on to /dashboard/, which asks who it is
    }
)
"""Anyone may call these; besides them everything below `/v1/schemas/` and `/docs/`."""

OPEN_BELOW = ("GET /v1/schemas/", "GET /docs/")


A_REGISTRATION: Mapping[str, str] = {"entity_id": "1101234567890123456", "header": "DRSTEP"}
A_CONTENT_TEMPLATE: Mapping[str, str] = {
    "event_type": "order_confirmed",
    "language": "en",
    "category": "service_implicit",
    "text": "{#alphanumeric#}: your order {#alphanumeric#} is confirmed.",
}


def _nothing(_ids: Ids) -> None:
    return None


@dataclass(frozen=True)
class Rule:
    """The scopes that a route allows, and a request that it takes, made of a partner's ids;
    `content` is a body that is not JSON."""

    scopes: frozenset[Scope]
    body: Callable[[Ids], Any] = _nothing
    content: bytes | None = None
    query: Callable[[Ids], dict[str, str] | None] = _nothing


def rule(*scopes: Scope, **how: Any) -> Rule:
    """A rule; `body` and `query` make them of ids."""
    return Rule(frozenset(scopes), **how)


DAYS_BEFORE = {"from": "2025-06-01", "to": "2025-08-31"}

RULES: Mapping[str, Rule] = {
    "POST /v1/events": rule(OMS, body=lambda ids: make_event(partner_id=ids["partner_id"])),
    "POST /v1/events/batch": rule(
        OMS, body=lambda ids: {"events": [make_event(partner_id=ids["partner_id"])]}
    ),
    "GET /v1/events": rule(OMS, OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "POST /v1/events/search": rule(
        OMS, OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "phone": "98765 43210"}
    ),
    "GET /v1/events/{event_id}": rule(OMS, OPS, PARTNER),
    "GET /v1/events/{event_id}/status": rule(OMS, OPS, PARTNER),
    "GET /v1/deliveries": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/attempts": rule(OPS, PARTNER, query=lambda ids: _of(ids, "endpoint_id")),
    "POST /v1/events/{event_id}/start": rule(OPS),
    "GET /v1/deliveries/{delivery_id}": rule(OPS, PARTNER),
    "POST /v1/deliveries/{delivery_id}/retry": rule(OPS, PARTNER),
    "POST /v1/deliveries/{delivery_id}/redirect": rule(
        OPS, PARTNER, body=lambda _ids: {"phone": "9845012345"}
    ),
    "GET /v1/dead-letters": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/dead-letters/{dead_letter_id}": rule(OPS, PARTNER),
    "POST /v1/dead-letters/retry": rule(
        OPS, PARTNER, body=lambda ids: {"ids": [ids["dead_letter_id"]]}
    ),
    "POST /v1/dead-letters/discard": rule(
        OPS, PARTNER, body=lambda ids: {"ids": [ids["dead_letter_id"]], "reason": "a test"}
    ),
    "GET /v1/instructions": rule(OMS, OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/instructions/{instruction_id}": rule(OMS, OPS, PARTNER),
    "POST /v1/instructions/{instruction_id}/decision": rule(
        OMS, OPS, body=lambda _ids: {"decision": "accepted"}
    ),
    "POST /v1/instructions/{instruction_id}/retry": rule(OPS),
    "GET /v1/orders/{order_id:path}/instructions": rule(
        OMS, OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")
    ),
    "POST /v1/orders/{order_id:path}/instructions": rule(
        OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "action": "hold"}
    ),
    "GET /v1/outcomes": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/outcomes/calls": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/outcomes/partners": rule(OPS),
    "PUT /v1/outcomes/calls": rule(
        OPS, body=lambda ids: {**_of(ids, "partner_id"), "day": "2026-03-02", "calls": 38}
    ),
    "GET /v1/outcomes/baselines": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "PUT /v1/outcomes/baselines": rule(
        OPS,
        body=lambda ids: {**_of(ids, "partner_id"), **DAYS_BEFORE, "figure": "rto", "value": "0.1"},
    ),
    "POST /v1/outcomes/baselines/measured": rule(
        OPS, body=lambda ids: {**_of(ids, "partner_id"), **DAYS_BEFORE}
    ),
    "DELETE /v1/outcomes/baselines/{partner_id}/{figure}": rule(OPS),
    "POST /v1/partners": rule(
        OPS, body=lambda ids: {"id": "new", "name": "A new shop", "tier": "growth"}
    ),
    "GET /v1/partners": rule(OPS),
    "GET /v1/partners/{partner_id}": rule(OPS, PARTNER),
    "PATCH /v1/partners/{partner_id}": rule(OPS, body=lambda ids: {"sms_fallback": True}),
    "POST /v1/partners/{partner_id}/portal-links": rule(
        OPS, body=lambda ids: {"name": "user 4711"}
    ),
    "PUT /v1/partners/{partner_id}/logo": rule(OPS, PARTNER, content=a_png()),
    "DELETE /v1/partners/{partner_id}/logo": rule(OPS, PARTNER),
    "POST /v1/orders/{order_id:path}/tracking-link": rule(
        OMS, OPS, PARTNER, body=lambda ids: _of(ids, "partner_id")
    ),
    "POST /v1/orders/{order_id:path}/tracking-link/revoke": rule(
        OPS, PARTNER, body=lambda ids: _of(ids, "partner_id")
    ),
    "POST /v1/endpoints": rule(
        OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "url": "https://x.example/in"}
    ),
    "GET /v1/endpoints": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/endpoints/{endpoint_id}": rule(OPS, PARTNER),
    "GET /v1/endpoints/{endpoint_id}/health": rule(OPS, PARTNER),
    "PATCH /v1/endpoints/{endpoint_id}": rule(OPS, PARTNER, body=lambda ids: {"state": "paused"}),
    "DELETE /v1/endpoints/{endpoint_id}": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/rotate-secret": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/test-events": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/rehearsals": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/recoveries/preview": rule(OPS, PARTNER),
    "POST /v1/endpoints/{endpoint_id}/recoveries": rule(OPS, PARTNER),
    "GET /v1/endpoints/{endpoint_id}/recoveries": rule(OPS, PARTNER),
    "GET /v1/recoveries/{recovery_id}": rule(OPS, PARTNER),
    "POST /v1/recoveries/{recovery_id}/cancel": rule(OPS, PARTNER),
    "POST /v1/sms/test-messages": rule(OPS, PARTNER, body=lambda ids: _of(ids, "partner_id")),
    "GET /v1/sms/usage": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/sms/suspensions": rule(OPS),
    "POST /v1/sms/suspensions": rule(
        OPS, body=lambda ids: {**_of(ids, "partner_id"), "reason": "a wrong template"}
    ),
    "DELETE /v1/sms/suspensions/{suspension_id}": rule(OPS),
    "GET /v1/sms/templates": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "PUT /v1/sms/templates/{event_type}/{language}": rule(
        OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "text": "{shop}: {order_id}"}
    ),
    "DELETE /v1/sms/templates/{event_type}/{language}": rule(
        OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")
    ),
    "GET /v1/sms/templates/{event_type}/{language}/versions": rule(
        OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")
    ),
    "POST /v1/sms/preview": rule(
        OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "event_type": "delivered"}
    ),
    "GET /v1/sms/opt-outs": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "POST /v1/sms/opt-outs": rule(
        OPS, PARTNER, body=lambda ids: {**_of(ids, "partner_id"), "phone": "9812345678"}
    ),
    "DELETE /v1/sms/opt-outs/{opt_out_id}": rule(OPS, PARTNER),
    "GET /v1/sms/senders": rule(OPS),
    "PUT /v1/sms/senders/{sender}": rule(OPS, body=lambda _ids: A_REGISTRATION),
    "GET /v1/sms/senders/{sender}": rule(OPS),
    "DELETE /v1/sms/senders/{sender}": rule(OPS),
    "GET /v1/sms/senders/{sender}/templates": rule(OPS),
    "PUT /v1/sms/senders/{sender}/templates/{content_template_id}": rule(
        OPS, body=lambda _ids: A_CONTENT_TEMPLATE
    ),
    "DELETE /v1/sms/senders/{sender}/templates/{content_template_id}": rule(OPS),
    "GET /v1/notifications": rule(OPS, PARTNER, query=lambda ids: _of(ids, "partner_id")),
    "GET /v1/partners/{partner_id}/notification-webhook": rule(OPS, PARTNER),
    "PUT /v1/partners/{partner_id}/notification-webhook": rule(
        OPS, PARTNER, body=lambda _ids: {"url": "https://x.example/told"}
    ),
    "DELETE /v1/partners/{partner_id}/notification-webhook": rule(OPS, PARTNER),
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
