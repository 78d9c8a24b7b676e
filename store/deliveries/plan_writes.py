"""The plans of events, written in one statement: payloads, deliveries, the attempts that leave at
once, and the events that have a plan from now on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel

from contracts.delivery.states import AttemptState, Trigger
from contracts.payload.payload import Payload
from store.db.bulk_insert import BulkInsert
from store.deliveries.drafts import NewDelivery
from store.encryption.columns import PAYLOAD_BODY
from store.encryption.sealing import seal_bytes
from store.tables import AttemptRow, DeliveryRow, PayloadRow


@dataclass(frozen=True)
class NewAttempt:
    """A first attempt that is not stored yet."""

    id: str
    delivery_id: str
    endpoint_id: str
    started_at: datetime
    number: int = 1
    round: int = 1
    trigger: Trigger = Trigger.SCHEDULED
    state: AttemptState = AttemptState.IN_FLIGHT
    charged: bool = False


@dataclass(frozen=True)
class _NewPayload:
    event_id: str
    schema_version: str
    body: bytes
    otp_valid_until: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class NewPlan:
    """What is to be stored of an event that is being planned. Without a payload, and its bytes,
    there is nothing to send."""

    event_id: str
    deliveries: Sequence[NewDelivery]
    payload: Payload | None = None
    body: bytes = b""
    attempts: list[NewAttempt] = field(default_factory=list)


def store_plans(session: Session, plans: Sequence[NewPlan], now: datetime) -> None:
    """Store the plans of events."""
    if not plans:
        return
    payloads = [_payload(session, one, one.payload, now) for one in plans if one.payload]
    values: dict[str, Any] = {
        "now": now,
        "event_ids": [one.event_id for one in plans],
        "counts": [len(one.deliveries) for one in plans],
        **_PAYLOADS.values([vars(one) for one in payloads]),
        **_DELIVERIES.values([vars(row) for one in plans for row in one.deliveries]),
        **_ATTEMPTS.values([vars(row) for one in plans for row in one.attempts]),
    }
    session.connection().exec_driver_sql(_STORE, values)


def _payload(session: Session, plan: NewPlan, payload: Payload, now: datetime) -> _NewPayload:
    otp, key = payload.data.otp, (plan.event_id, payload.schema_version)
    return _NewPayload(
        event_id=plan.event_id,
        schema_version=payload.schema_version,
        body=seal_bytes(session, PAYLOAD_BODY, plan.body, *key),
        otp_valid_until=otp.valid_until if otp and otp.code else None,
        created_at=now,
    )


def _insert(row: type[SQLModel], kind: type[Any]) -> BulkInsert:
    return BulkInsert(row, [one.name for one in fields(kind)])


_PAYLOADS = _insert(PayloadRow, _NewPayload)
_DELIVERIES = _insert(DeliveryRow, NewDelivery)
_ATTEMPTS = _insert(AttemptRow, NewAttempt)
_STORE = f"""
    WITH planned AS (
        UPDATE events SET state = 'planned', planned_at = %(now)s, delivery_count = plan.count
        FROM unnest(%(event_ids)s::text[], %(counts)s::int[]) AS plan (event_id, count)
        WHERE events.event_id = plan.event_id
    ), new_payloads AS ({_PAYLOADS.sql}), new_deliveries AS ({_DELIVERIES.sql})
    {_ATTEMPTS.sql}
"""  # noqa: S608 - names of our own
