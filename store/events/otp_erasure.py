"""OTPs end: with their time, with the delivery, or when a new one takes their place."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import ColumnElement, and_, exists, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contracts.errors import KeyMissing, SealBroken
from contracts.payload.events import EventType
from contracts.payload.payload import Payload, to_bytes, without_otp
from store.encryption.columns import EVENT_BODY, PAYLOAD_BODY
from store.encryption.sealing import open_bytes, seal, seal_bytes
from store.events.bodies import opened_body
from store.tables import EventRow, PayloadRow

log = logging.getLogger(__name__)

Place = tuple[datetime, str]
"""Of an event in the order in which codes end."""

_EVENTS = """
    UPDATE events SET body = without.body, otp_until = NULL, otp_erased_at = %(now)s
    FROM unnest(%(event_ids)s::text[], %(bodies)s::text[]) AS without (event_id, body)
    WHERE events.event_id = without.event_id
"""
_PAYLOADS = """
    UPDATE payloads SET body = without.body, otp_valid_until = NULL
    FROM unnest(%(of_events)s::text[], %(versions)s::text[], %(payloads)s::bytea[])
        AS without (event_id, schema_version, body)
    WHERE payloads.event_id = without.event_id
        AND payloads.schema_version = without.schema_version
"""
_TEXTS = """
    UPDATE sms_messages SET body = '' FROM deliveries
    WHERE deliveries.id = sms_messages.delivery_id
        AND deliveries.event_id = ANY(%(event_ids)s::text[]) AND sms_messages.body <> ''
"""

_ENDING = (EventType.DELIVERED, EventType.OUT_FOR_DELIVERY)


@dataclass(frozen=True)
class OtpErasure:
    """What came of a batch: how many codes are gone, the ids of the events that could not be
    opened, and where the next batch begins; None: there is none."""

    erased: int
    unreadable: Sequence[str]
    goes_on_after: Place | None


@dataclass(frozen=True)
class _Ended:
    """An event whose code has ended, as it is stored."""

    event_id: str
    otp_until: datetime
    body: str
    payloads: Sequence[PayloadRow]


@dataclass(frozen=True)
class _WithoutOtp:
    """The same bodies without the code, sealed; the payloads by their schema version."""

    event_id: str
    body: str
    payloads: Mapping[str, bytes]


def erase_ended_otps(
    session: Session, now: datetime, *, limit: int, after: Place | None = None
) -> OtpErasure:
    """Take the next OTPs that have ended out of events, payloads and texts. An event that cannot be
    opened is left as it is, and stops no other one."""
    ended = _lock_ended(session, now, limit, after)
    rewritten = [_rewritten(session, one) for one in ended]
    readable = [one for one in rewritten if one is not None]
    _store(session, readable, now)
    unreadable = {one.event_id for one in ended} - {one.event_id for one in readable}
    last = (ended[-1].otp_until, ended[-1].event_id) if len(ended) == limit else None
    return OtpErasure(len(readable), sorted(unreadable), last)


def _lock_ended(session: Session, now: datetime, limit: int, after: Place | None) -> list[_Ended]:
    """The next ones that nobody else has locked, in the order in which their codes end."""
    place = tuple_(col(EventRow.otp_until), col(EventRow.event_id))
    query = select(EventRow.event_id, EventRow.otp_until, EventRow.body).where(
        col(EventRow.otp_until).is_not(None), _has_ended(now)
    )
    if after is not None:
        query = query.where(place > after)
    rows = session.exec(
        query.order_by(col(EventRow.otp_until), col(EventRow.event_id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=EventRow)
    ).all()
    payloads = _payloads(session, [event_id for event_id, _, _ in rows])
    return [
        _Ended(event_id, until, body, payloads.get(event_id, ()))
        for event_id, until, body in rows
        if until is not None
    ]


def _has_ended(now: datetime) -> ColumnElement[bool]:
    later = aliased(EventRow)
    followed = exists().where(
        col(later.order_id) == col(EventRow.order_id),
        col(later.partner_id) == col(EventRow.partner_id),
        col(later.event_type).in_(_ENDING),
        or_(
            col(later.occurred_at) > col(EventRow.occurred_at),
            and_(
                col(later.occurred_at) == col(EventRow.occurred_at),
                col(later.sequence) > col(EventRow.sequence),
            ),
        ),
    )
    return or_(col(EventRow.otp_until) <= now, followed)


def _payloads(session: Session, event_ids: Sequence[str]) -> Mapping[str, Sequence[PayloadRow]]:
    """Those that have the code, locked, by event."""
    query = (
        select(PayloadRow)
        .where(
            col(PayloadRow.event_id) == func.any(event_ids),
            col(PayloadRow.otp_valid_until).is_not(None),
        )
        .order_by(col(PayloadRow.event_id), col(PayloadRow.schema_version))
    )
    of_event: dict[str, list[PayloadRow]] = {}
    for row in session.exec(query.with_for_update(key_share=True)):
        of_event.setdefault(row.event_id, []).append(row)
    return of_event


def _rewritten(session: Session, ended: _Ended) -> _WithoutOtp | None:
    """None, and a line in the log, for what cannot be opened."""
    try:
        body = _event_without(session, ended)
        payloads = {one.schema_version: _payload_without(session, one) for one in ended.payloads}
    except (KeyMissing, SealBroken, ValidationError) as error:
        log.error(
            "the OTP of event %s cannot be erased: %s",
            ended.event_id,
            type(error).__name__,
            extra={"event_id": ended.event_id},
        )
        return None
    return _WithoutOtp(ended.event_id, body, payloads)


def _event_without(session: Session, ended: _Ended) -> str:
    event = opened_body(session, ended.event_id, ended.body)
    without = event.model_copy(update={"data": without_otp(event.data)})
    return seal(session, EVENT_BODY, without.model_dump_json(), ended.event_id)


def _payload_without(session: Session, row: PayloadRow) -> bytes:
    key = (row.event_id, row.schema_version)
    payload = Payload.model_validate_json(open_bytes(session, PAYLOAD_BODY, row.body, *key))
    without = payload.model_copy(update={"data": without_otp(payload.data)})
    return seal_bytes(session, PAYLOAD_BODY, to_bytes(without), *key)


def _store(session: Session, events: Sequence[_WithoutOtp], now: datetime) -> None:
    """Write them, and empty the texts that carried the code: three statements for all."""
    payloads = [(one.event_id, *item) for one in events for item in one.payloads.items()]
    values = {
        "now": now,
        "event_ids": [one.event_id for one in events],
        "bodies": [one.body for one in events],
        "of_events": [event_id for event_id, _, _ in payloads],
        "versions": [version for _, version, _ in payloads],
        "payloads": [body for _, _, body in payloads],
    }
    for statement in (_EVENTS, _PAYLOADS, _TEXTS):
        session.connection().exec_driver_sql(statement, values)
