"""What partners are told of their failed deliveries: that some wait for a person, once a day."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.notifications.kinds import NotificationKind
from store.dead_letters.record import waits_for_somebody
from store.notifications.in_the_day import is_day, once_a_day, without_those_told
from store.notifications.notify import notify
from store.tables import DeadLetterRow, PartnerRow

WAITED_FOR = timedelta(hours=1)
"""What is sent again sooner needs nobody to be told."""

_KIND = NotificationKind.FAILED_DELIVERIES


def partners_with_failed_deliveries(session: Session, now: datetime) -> list[str]:
    """Partners with failed deliveries that have waited for so long, and that were not told today.
    Only those in whose place it is day."""
    query = (
        select_columns(col(PartnerRow.id), col(PartnerRow.time_zone))
        .join(DeadLetterRow, col(DeadLetterRow.partner_id) == col(PartnerRow.id))
        .where(*_waits(now))
        .group_by(col(PartnerRow.id))
    )
    once = {
        partner_id: once_a_day(_KIND, partner_id, now, zone)
        for partner_id, zone in session.execute(query)
        if is_day(now, zone)
    }
    return without_those_told(session, once)


def notify_of_failed_deliveries(session: Session, partner_id: str, now: datetime) -> bool:
    """Have a partner told how many failed deliveries wait, and since when; whether that is news.
    Those of test events wait for nobody."""
    query = select_columns(func.count(), func.min(col(DeadLetterRow.created_at))).where(
        col(DeadLetterRow.partner_id) == partner_id, *_waits(now)
    )
    count, oldest = session.execute(query).one()
    if not count:
        return False
    zone = session.get_one(PartnerRow, partner_id).time_zone
    about = {"count": count, "oldest": oldest.isoformat()}
    once = once_a_day(_KIND, partner_id, now, zone)
    return notify(session, _KIND, now, partner_id=partner_id, about=about, once=once) is not None


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    waited = col(DeadLetterRow.created_at) <= now - WAITED_FOR
    return *waits_for_somebody(), waited
