"""What a restore of the database has forgotten: texts that may have gone out after the backup.

Twilio has them, and no row says so. Each text that may be one of them becomes `unknown` and is not
sent again by itself; that goes for events that the OMS sends again as well, which the backup never
had. A person who knows better asks for one more copy.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.payload.event_age import MOST_AHEAD
from store.tables import DeliveryRow, EventRow, RestoreRow, SmsMessageRow

RESTORED = "restored"
"""The code of what may have been sent before the restore."""


def last_restore(session: Session) -> RestoreRow | None:
    """The newest one, which has forgotten at least what those before it had."""
    newest = select(RestoreRow).order_by(col(RestoreRow.restored_at).desc()).limit(1)
    return session.exec(newest).first()


def is_forgotten(session: Session, delivery: DeliveryRow, event: EventRow) -> bool:
    """Whether the text of this delivery may have gone out unseen, and was not looked at since."""
    restore = last_restore(session)
    if restore is None or taken_first(event) > restore.lost_until:
        return False
    since = select(SmsMessageRow.id).where(
        col(SmsMessageRow.delivery_id) == delivery.id,
        col(SmsMessageRow.claimed_at) >= restore.restored_at,
    )
    return session.exec(since.limit(1)).first() is None


def may_have_happened(session: Session, at: datetime, *, after: timedelta = timedelta()) -> bool:
    """Whether what follows a moment, by so much at the least, may have been done and forgotten."""
    restore = last_restore(session)
    return restore is not None and at + after <= restore.lost_until


def taken_first(event: EventRow) -> datetime:
    """When the event may have been accepted for the first time, before it was forgotten: not much
    earlier than it happened."""
    return min(event.accepted_at, event.occurred_at - MOST_AHEAD)
