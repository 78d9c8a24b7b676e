"""What a restore of the database has forgotten: texts that may have gone out after the backup.

Twilio has them, and no row says so. Each text that may be one of them becomes `unknown` and is not
sent again by itself; that goes for events that the OMS sends again as well, which the backup never
had. A person who knows better asks for one more copy.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from contracts.payload.event_age import MOST_AHEAD
from store.db.restores import last_restore
from store.tables import DeliveryRow, EventRow, SmsMessageRow


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


def taken_first(event: EventRow) -> datetime:
    """When the event may have been accepted for the first time, before it was forgotten: not much
    earlier than it happened."""
    return min(event.accepted_at, event.occurred_at - MOST_AHEAD)
