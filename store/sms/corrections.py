"""Whether the phone of a text may be corrected: what `contracts/sms/corrections.py` asks for."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.delivery.states import DeliveryState, HoldReason, SmsState
from contracts.delivery.transitions import Command
from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from contracts.refusals import Refusal
from contracts.sms.corrections import TextStanding, why_not_correctable
from store.deliveries.state_changes import hold
from store.encryption.columns import DELIVERY_PHONE
from store.encryption.sealing import seal
from store.events.bodies import body_of
from store.events.phones import country_code_of
from store.tables import DeliveryRow, EventRow, SmsMessageRow

SENT_BY_ITSELF_AFTER = timedelta(minutes=2)
"""A redirected text whose retry Temporal did not take is sent all the same, a little later."""


def require_correctable(
    session: Session, delivery: DeliveryRow, event: EventRow, phone: str, now: datetime
) -> None:
    """Conflict where its text may not go elsewhere, Invalid where not to this phone."""
    found = session.exec(
        select(SmsMessageRow.state).where(col(SmsMessageRow.delivery_id) == delivery.id)
    ).all()
    standing = standing_of(delivery, event, [SmsState(one) for one in found], now)
    why_not = why_not_correctable(standing)
    if why_not is not None:
        raise Conflict(why_not, cause=Refusal.PHONE_NOT_CORRECTABLE)
    if standing.otp_in_force and country_code_of(phone) != _country_of(session, event):
        raise Invalid(
            "while its OTP is in force, a text goes to a phone of the same country only",
            field="phone",
            cause=Refusal.PHONE_OF_ANOTHER_COUNTRY,
        )


def standing_of(
    delivery: DeliveryRow, event: EventRow, texts: Collection[SmsState], now: datetime
) -> TextStanding:
    """How the text of a delivery stands, for the rule."""
    carries = event.event_type is EventType.OUT_FOR_DELIVERY and event.otp_erased_at is None
    in_force = carries and event.otp_until is not None and now < event.otp_until
    return TextStanding(delivery.channel, delivery.state, delivery.skip_reason, in_force, texts)


def correct_phone(
    session: Session, delivery: DeliveryRow, phone: str, index: str, now: datetime
) -> None:
    """Let the text go to this phone; one that was skipped goes out by itself in a while."""
    delivery.corrected_phone = seal(session, DELIVERY_PHONE, phone, delivery.id)
    delivery.corrected_phone_index, delivery.changed_at = index, now
    if delivery.state is DeliveryState.SKIPPED:
        until, command = now + SENT_BY_ITSELF_AFTER, Command.REDIRECT
        hold(session, delivery, HoldReason.REDIRECTED, now, until=until, command=command)


def _country_of(session: Session, event: EventRow) -> str | None:
    """The country of the phone that the event has."""
    customer = body_of(session, event).data.order.customer
    return country_code_of(customer.phone) if customer and customer.phone else None
