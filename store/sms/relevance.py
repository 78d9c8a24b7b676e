"""Whether a text is still of use, by what the database knows in clear: no body is opened."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel, DeliveryState
from contracts.payload.events import EventType
from contracts.sms.relevance import OVERTAKEN_BY, USEFUL_FOR
from store.tables import DeliveryRow, EventRow


def is_pointless(
    session: Session, delivery: DeliveryRow, event: EventRow, now: datetime, margin: timedelta
) -> bool:
    """Whether a text sent now would come too late, or tell what somebody has told already.

    Too late: its type's time is over, its OTP ends within `margin` or was superseded or used, or
    the order has moved on. Told: a fallback whose webhooks were all delivered since.
    """
    return (
        now - event.occurred_at > USEFUL_FOR[event.event_type]
        or _has_lost_its_otp(event, now, margin)
        or _was_overtaken(session, event)
        or (delivery.fallback and not _has_dead_webhook(session, event.event_id))
    )


def useful_until(event: EventRow) -> datetime:
    """Until when its text may arrive: its type's time, or the end of its OTP."""
    end = event.occurred_at + USEFUL_FOR[event.event_type]
    return min(end, event.otp_until) if _carries_otp(event) and event.otp_until else end


def _carries_otp(event: EventRow) -> bool:
    return event.event_type is EventType.OUT_FOR_DELIVERY


def _has_lost_its_otp(event: EventRow, now: datetime, margin: timedelta) -> bool:
    if not _carries_otp(event):
        return False
    over = event.otp_until is not None and now + margin >= event.otp_until
    return over or event.otp_erased_at is not None


def _was_overtaken(session: Session, event: EventRow) -> bool:
    """Whether something later of the same order makes this text pointless."""
    enders = OVERTAKEN_BY[event.event_type]
    if not enders:
        return False
    later = or_(
        col(EventRow.occurred_at) > event.occurred_at,
        and_(
            col(EventRow.occurred_at) == event.occurred_at,
            col(EventRow.sequence) > event.sequence,
        ),
    )
    query = select(EventRow.event_id).where(
        col(EventRow.order_id) == event.order_id,
        col(EventRow.partner_id) == event.partner_id,
        col(EventRow.event_type).in_(enders),
        col(EventRow.event_id) != event.event_id,
        later,
    )
    return session.exec(query.limit(1)).first() is not None


def _has_dead_webhook(session: Session, event_id: str) -> bool:
    query = select(DeliveryRow.id).where(
        col(DeliveryRow.event_id) == event_id,
        col(DeliveryRow.channel) == Channel.WEBHOOK,
        col(DeliveryRow.state).not_in((DeliveryState.DELIVERED, DeliveryState.SKIPPED)),
        col(DeliveryRow.delivered_at).is_(None),  # else it is only being sent again
    )
    return session.exec(query.limit(1)).first() is not None
