"""Held texts whose waiting is over: the ones that may be sent now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel, DeliveryState, HoldReason, SkipReason
from store.deliveries.state_changes import skip
from store.events.outbox import Startable, startables
from store.sms.relevance import is_pointless
from store.tables import DeliveryRow, EventRow, SmsSuspensionRow

REQUESTED_AGAIN_AFTER = timedelta(minutes=2)
"""How long a text that was asked for has to be claimed before it is asked for again."""

_BY_THE_CLOCK = (HoldReason.DAILY_CAP, HoldReason.NOT_REACHED, HoldReason.REDIRECTED)
_MARGIN = timedelta(seconds=10)


def any_due_text(session: Session, now: datetime) -> bool:
    """Whether some text may go now; cheap enough to ask every few seconds."""
    released = select(DeliveryRow.id).where(*_held_texts(), _waited_enough(now)).limit(1)
    if session.exec(released).first() is not None:
        return True
    return any(
        session.exec(select(DeliveryRow.id).where(*_held_by(suspension_id, now)).limit(1)).first()
        for suspension_id in _due_suspensions(session, now)
    )


def take_due_texts(
    session: Session, now: datetime, *, limit: int
) -> list[tuple[Startable, list[str]]]:
    """The events of texts that may go now, with the deliveries to ask for; others leave them alone
    for a while. What has become pointless meanwhile is skipped."""
    due = [*_released(session, now, limit), *_probes(session, now)]
    wanted: dict[str, list[str]] = {}
    for delivery in due:
        event = session.get_one(EventRow, delivery.event_id)
        if event.erased_at is not None or is_pointless(session, delivery, event, now, _MARGIN):
            reason = SkipReason.ERASED if event.erased_at else SkipReason.STALE
            skip(session, delivery, reason, now)
            delivery.changed_at = now
        else:
            delivery.next_attempt_at = now + REQUESTED_AGAIN_AFTER
            wanted.setdefault(delivery.event_id, []).append(delivery.id)
    return [(event, wanted[event.event_id]) for event in startables(session, list(wanted))]


def _released(session: Session, now: datetime, limit: int) -> Sequence[DeliveryRow]:
    """Held by a stop that was lifted, or until a time that has come; the oldest first."""
    query = (
        select(DeliveryRow)
        .where(*_held_texts(), _waited_enough(now))
        .order_by(col(DeliveryRow.created_at), col(DeliveryRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return session.exec(query).all()


def _probes(session: Session, now: datetime) -> list[DeliveryRow]:
    """One text, the youngest, for each stop of Doorstep's own that is to be tried."""
    found: list[DeliveryRow] = []
    for suspension_id in _due_suspensions(session, now):
        query = (
            select(DeliveryRow)
            .where(*_held_by(suspension_id, now))
            .order_by(col(DeliveryRow.created_at).desc(), col(DeliveryRow.id).desc())
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True)
        )
        found += session.exec(query).all()
    return found


def _due_suspensions(session: Session, now: datetime) -> Sequence[str]:
    query = select(SmsSuspensionRow.id).where(
        col(SmsSuspensionRow.lifted_at).is_(None), col(SmsSuspensionRow.probe_at) <= now
    )
    return session.exec(query).all()


def _waited_enough(now: datetime) -> ColumnElement[bool]:
    """Its stop was lifted, or the time has come that it waited for."""
    lifted = select(SmsSuspensionRow.id).where(col(SmsSuspensionRow.lifted_at).is_not(None))
    return or_(
        and_(
            col(DeliveryRow.hold_reason) == HoldReason.SMS_SUSPENDED,
            col(DeliveryRow.sms_suspension_id).in_(lifted),
            _not_asked_for(now),
        ),
        and_(
            col(DeliveryRow.hold_reason).in_(_BY_THE_CLOCK),
            col(DeliveryRow.next_attempt_at) <= now,
        ),
    )


def _not_asked_for(now: datetime) -> ColumnElement[bool]:
    asked_for = col(DeliveryRow.next_attempt_at)
    return or_(asked_for.is_(None), asked_for <= now)


def _held_by(suspension_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        *_held_texts(),
        col(DeliveryRow.sms_suspension_id) == suspension_id,
        _not_asked_for(now),
    )


def _held_texts() -> tuple[ColumnElement[bool], ...]:
    return (
        col(DeliveryRow.state) == DeliveryState.HELD,
        col(DeliveryRow.channel) == Channel.SMS,
    )
