"""Rows in clear as version 0.1.0 stored them, for a database that stands at migration 0001."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table

from contracts.events import TrackingEvent
from tests.support.factories import make_event

BODY = TrackingEvent.model_validate(
    make_event("out_for_delivery", event_id="evt-old")
).model_dump_json()
PAYLOAD = BODY.encode()  # the store does not look into it
SECRET, EXCERPT, PHONE, TEXT = "whsec_old", "it's broken", "+919876543210", "Namaste"

_NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
_ROWS: dict[str, dict[str, Any]] = {
    "partners": {
        "id": "shop",
        "name": "Chai Point",
        "tier": "growth",
        "webhook_enabled": True,
        "sms_enabled": False,
        "sms_fallback": False,
        "created_at": _NOW,
    },
    "endpoints": {
        "id": "ep_1",
        "partner_id": "shop",
        "url": "https://x.example",
        "state": "enabled",
        "schema_version": "1.0",
        "created_at": _NOW,
    },
    "endpoint_secrets": {
        "id": "sec_1",
        "endpoint_id": "ep_1",
        "secret": SECRET,
        "created_at": _NOW,
    },
    "events": {
        "event_id": "evt-old",
        "partner_id": "shop",
        "order_id": "ORD-1",
        "event_type": "out_for_delivery",
        "sequence": 1,
        "is_test": False,
        "occurred_at": _NOW,
        "accepted_at": _NOW,
        "body": BODY,
        "body_sha256": hashlib.sha256(BODY.encode()).hexdigest(),
        "state": "planned",
        "delivery_count": 1,
    },
    "payloads": {
        "event_id": "evt-old",
        "schema_version": "1.0",
        "body": PAYLOAD,
        "created_at": _NOW,
    },
    "deliveries": {
        "id": "dlv_1",
        "event_id": "evt-old",
        "partner_id": "shop",
        "channel": "webhook",
        "target": "ep_1",
        "endpoint_id": "ep_1",
        "state": "delivering",
        "round": 1,
        "charged": 1,
        "attempts": 1,
        "created_at": _NOW,
        "moved_at": _NOW,
    },
    "attempts": {
        "id": "att_1",
        "delivery_id": "dlv_1",
        "number": 1,
        "round": 1,
        "trigger": "scheduled",
        "state": "failed",
        "charged": True,
        "response_excerpt": EXCERPT,
        "started_at": _NOW,
    },
    "sms_messages": {
        "id": "sms_1",
        "delivery_id": "dlv_1",
        "partner_id": "shop",
        "round": 1,
        "to_phone": PHONE,
        "body": TEXT,
        "state": "accepted",
        "created_at": _NOW,
    },
}


def insert_rows_of_0001(connection: Connection) -> None:
    """One row in each table that holds something in clear, and what those rows hang on."""
    for name, row in _ROWS.items():
        table = Table(name, MetaData(), autoload_with=connection)
        connection.execute(table.insert().values(**row))
