"""Two events of one order that say the same make one text, whatever their ids.

An order-management system that scans a parcel twice sends two events. What a text says is written
on its row while the customer may have it, and the database keeps that unique for a partner and a
phone; a text that certainly did not arrive gives it up, so that the next one may go.
"""

import hashlib

from sqlmodel import Session, col, select

from contracts.clock import INDIA_TIME
from contracts.payload.events import EventType, TrackingEvent
from store.encryption.sealing import keyed_digest
from store.tables import EventRow, SmsMessageRow


def what_it_says(session: Session, row: EventRow, event: TrackingEvent) -> str | None:
    """What the text of an event tells the customer, in one line without personal data: equal for
    events that say the same. None for a test event, which is always texted.

    An attempt fails once, and an order is confirmed, delivered or sent back once. It may be out
    for delivery several times: another day, attempt, rider or OTP is news.
    """
    if row.only_target is not None:
        return None
    match event.type:
        case EventType.OUT_FOR_DELIVERY:
            told = _of_out_for_delivery(session, event)
        case EventType.DELIVERY_FAILED:
            told = _of_failure(event)
        case _:
            told = ""
    return f"{event.type}/{told}/{row.order_id}"


def who_said(session: Session, partner_id: str, phone_index: str, says: str) -> str | None:
    """The delivery of the text that says this to a phone, where the customer may have one."""
    query = select(SmsMessageRow.delivery_id).where(
        col(SmsMessageRow.partner_id) == partner_id,
        col(SmsMessageRow.to_phone_index) == phone_index,
        col(SmsMessageRow.says) == says,
    )
    return session.exec(query).first()


def _of_failure(event: TrackingEvent) -> str:
    failure = event.data.failure
    return str(failure.attempt_number) if failure else ""


def _of_out_for_delivery(session: Session, event: TrackingEvent) -> str:
    """The day and the attempt in clear; rider and OTP as a keyed digest, for an OTP is found by
    trying them all."""
    data = event.data
    rider = data.rider.rider_id if data.rider else ""
    otp = (data.otp.code if data.otp else None) or ""
    digest = keyed_digest(session, hashlib.sha256(f"{otp}|{rider}".encode()).hexdigest())
    day = event.occurred_at.astimezone(INDIA_TIME).date()
    return f"{day}/{data.order.attempt_number}/{digest}"
