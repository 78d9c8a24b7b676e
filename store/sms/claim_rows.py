"""What is known of a text before it is claimed, and the row that a claim writes for it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.delivery.states import SmsState
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from store.encryption.columns import DELIVERY_PHONE, SMS_BODY, SMS_PHONE
from store.encryption.sealing import open_sealed, phone_index, seal
from store.events.bodies import body_of
from store.sms.rendering import Wording
from store.sms.repeats import what_it_says, who_said
from store.tables import DeliveryRow, EventRow, PartnerRow, SmsMessageRow


@dataclass(frozen=True)
class Candidate:
    """A text that may be sent: its delivery, event and partner, its phone, and the row it has."""

    delivery: DeliveryRow
    event: EventRow
    partner: PartnerRow
    phone: str = field(repr=False)
    phone_index: str
    row: SmsMessageRow | None
    says: str | None


def current_row(session: Session, delivery: DeliveryRow) -> SmsMessageRow | None:
    """The text of the copy that may be sent, to the phone that it goes to now."""
    event_phone = select(EventRow.customer_phone_index).where(
        col(EventRow.event_id) == delivery.event_id
    )
    index = delivery.corrected_phone_index or session.exec(event_phone).one()
    query = select(SmsMessageRow).where(
        col(SmsMessageRow.delivery_id) == delivery.id,
        col(SmsMessageRow.to_phone_index) == index,
        col(SmsMessageRow.copy_number) == delivery.copy_number,
    )
    return session.exec(query).first()


def candidate_of(
    session: Session, delivery: DeliveryRow, event: EventRow, partner: PartnerRow
) -> Candidate:
    """The text of a delivery, to the customer's phone or to the one it was corrected to. NotFound
    without a phone."""
    body = body_of(session, event)
    if delivery.corrected_phone is not None:
        phone = open_sealed(session, DELIVERY_PHONE, delivery.corrected_phone, delivery.id)
    else:
        customer = body.data.order.customer
        if customer is None or customer.phone is None:
            raise NotFound(f"delivery {delivery.id} has no phone to text")
        phone = customer.phone
    row, says = current_row(session, delivery), what_it_says(session, event, body)
    return Candidate(delivery, event, partner, phone, phone_index(session, phone), row, says)


def said_by(session: Session, text: Candidate) -> str | None:
    """The delivery whose text says the same and may be with the customer: perhaps this one, where
    a person asked for one more copy."""
    if text.says is None:
        return None
    return who_said(session, text.partner.id, text.phone_index, text.says)


def put_row(session: Session, text: Candidate, worded: Wording, now: datetime) -> SmsMessageRow:
    """The row of this event, phone and copy, with what is to be sent; nobody can make it twice."""
    sms = row_of(session, text, now)
    sms.body = seal(session, SMS_BODY, worded.body, sms.id)
    sms.sender, sms.language, sms.template = worded.sender, worded.language, worded.template
    sms.content_template_id, sms.fault = worded.content_template_id, None
    sms.encoding, sms.parts = worded.parts.encoding, worded.parts.count
    session.flush()  # the unique claim, before anything is sent
    return sms


def row_of(session: Session, text: Candidate, now: datetime) -> SmsMessageRow:
    """The row that the copy has, or a new one, for this round."""
    delivery, sms_id = text.delivery, text.row.id if text.row else new_id(IdKind.SMS)
    sms = text.row or SmsMessageRow(
        id=sms_id,
        event_id=delivery.event_id,
        delivery_id=delivery.id,
        partner_id=delivery.partner_id,
        round=delivery.round,
        copy_number=delivery.copy_number,
        to_phone=seal(session, SMS_PHONE, text.phone, sms_id),
        to_phone_index=text.phone_index,
        body="",
        state=SmsState.CLAIMED,
        created_at=now,
        claimed_at=now,
    )
    sms.round, sms.claimed_at = delivery.round, now
    session.add(sms)
    return sms
