"""OTPs end: with their time, with the delivery, or when a new one takes their place."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import ColumnElement, and_, exists, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contracts.errors import KeyMissing, SealBroken
from contracts.payload.events import EventType
from contracts.payload.payload import Payload, to_bytes, without_otp
from store.encryption.columns import EVENT_BODY, PAYLOAD_BODY
from store.encryption.sealing import open_bytes, seal, seal_bytes
from store.events.bodies import body_of
from store.tables import DeliveryRow, EventRow, PayloadRow, SmsMessageRow

log = logging.getLogger(__name__)

Place = tuple[datetime, str]
"""Of an event in the order in which codes end."""

_ENDING = (EventType.DELIVERED, EventType.OUT_FOR_DELIVERY)


@dataclass(frozen=True)
class OtpErasure:
    """What came of a batch: how many codes are gone, the ids of the events that could not be
    opened, and where the next batch begins; None: there is none."""

    erased: int
    unreadable: Sequence[str]
    goes_on_after: Place | None


def erase_ended_otps(
    session: Session, now: datetime, *, limit: int, after: Place | None = None
) -> OtpErasure:
    """Take the next OTPs that have ended out of events, payloads and texts. An event that cannot be
    opened is left as it is, and stops no other one."""
    place = tuple_(col(EventRow.otp_until), col(EventRow.event_id))
    query = select(EventRow).where(col(EventRow.otp_until).is_not(None), _has_ended(now))
    if after is not None:
        query = query.where(place > after)
    rows = session.exec(
        query.order_by(col(EventRow.otp_until), col(EventRow.event_id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=EventRow)
    ).all()
    places = [(row.otp_until, row.event_id) for row in rows if row.otp_until is not None]
    unreadable = [row.event_id for row in rows if not _erased_one(session, row, now)]
    return OtpErasure(
        len(rows) - len(unreadable), unreadable, places[-1] if len(rows) == limit else None
    )


def _erased_one(session: Session, row: EventRow, now: datetime) -> bool:
    event_id = row.event_id
    try:
        with session.begin_nested():
            _erase_otp(session, row, now)
    except (KeyMissing, SealBroken, ValidationError) as error:
        log.error(
            "the OTP of event %s cannot be erased: %s",
            event_id,
            type(error).__name__,
            extra={"event_id": event_id},
        )
        return False
    return True


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


def _erase_otp(session: Session, row: EventRow, now: datetime) -> None:
    event = body_of(session, row)
    without = event.model_copy(update={"data": without_otp(event.data)})
    row.body = seal(session, EVENT_BODY, without.model_dump_json(), row.event_id)
    row.otp_until, row.otp_erased_at = None, now
    session.add(row)
    for payload in _payloads(session, row.event_id):
        _erase_from_payload(session, payload)
    for sms in _texts(session, row.event_id):
        sms.body = ""
        session.add(sms)


def _erase_from_payload(session: Session, row: PayloadRow) -> None:
    key = (row.event_id, row.schema_version)
    payload = Payload.model_validate_json(open_bytes(session, PAYLOAD_BODY, row.body, *key))
    without = payload.model_copy(update={"data": without_otp(payload.data)})
    row.body = seal_bytes(session, PAYLOAD_BODY, to_bytes(without), *key)
    row.otp_valid_until = None
    session.add(row)


def _payloads(session: Session, event_id: str) -> list[PayloadRow]:
    query = select(PayloadRow).where(
        col(PayloadRow.event_id) == event_id, col(PayloadRow.otp_valid_until).is_not(None)
    )
    return list(session.exec(query.with_for_update(key_share=True)))


def _texts(session: Session, event_id: str) -> list[SmsMessageRow]:
    query = (
        select(SmsMessageRow)
        .join(DeliveryRow, col(DeliveryRow.id) == col(SmsMessageRow.delivery_id))
        .where(col(DeliveryRow.event_id) == event_id)
    )
    return list(session.exec(query))
