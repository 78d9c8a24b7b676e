"""What partners are told of failed deliveries at the door that nobody has answered, once a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.notifications.kinds import NotificationKind
from store.instructions.unanswered import UnansweredDelivery, is_unanswered, unanswered_delivery
from store.notifications.in_the_day import is_day, once_a_day, without_those_told
from store.notifications.notify import notify
from store.tables import EventRow, PartnerRow

WAITED_FOR = timedelta(hours=4)
"""So long the customers themselves have to answer."""

OF_USE_FOR = timedelta(hours=1)
"""So much time has to be left for an answer."""

MOST_COUNTED = 100
"""The latest are counted; what is older is mostly too late."""

_KIND = NotificationKind.INSTRUCTIONS_UNANSWERED


def partners_with_unanswered(session: Session, now: datetime) -> Sequence[str]:
    """Partners with failed deliveries that nobody has answered for so long, and that were not told
    today. Only those in whose place it is day."""
    zones = session.execute(select_columns(col(PartnerRow.id), col(PartnerRow.time_zone)))
    once = {
        partner_id: once_a_day(_KIND, partner_id, now, zone)
        for partner_id, zone in zones
        if is_day(now, zone)
    }
    left = without_those_told(session, once)
    query = select(EventRow.partner_id).where(col(EventRow.partner_id).in_(left), *_has_waited(now))
    return session.exec(query.distinct()).all() if left else []


def notify_of_unanswered(session: Session, partner_id: str, now: datetime) -> bool:
    """Have a partner told how many failed deliveries wait for its answer, and since when; whether
    that is news. Those to which an answer would come too late are none of them."""
    partner = session.get_one(PartnerRow, partner_id)
    waiting = [one for one in _latest(session, partner, now) if _is_of_use(one, now)]
    if not waiting:
        return False
    oldest = min(one.event.occurred_at for one in waiting)
    return (
        notify(
            session,
            _KIND,
            now,
            partner_id=partner_id,
            about={"count": len(waiting), "oldest": oldest.isoformat()},
            once=once_a_day(_KIND, partner_id, now, partner.time_zone),
        )
        is not None
    )


def some_unanswered(session: Session, partner_id: str, now: datetime) -> bool:
    """Whether a failed delivery still waits for an answer, for so long that its partner was
    told."""
    partner_s = col(EventRow.partner_id) == partner_id
    query = select(EventRow.event_id).where(partner_s, *_has_waited(now))
    return session.exec(query.limit(1)).first() is not None


def _latest(session: Session, partner: PartnerRow, now: datetime) -> list[UnansweredDelivery]:
    query = (
        select(EventRow)
        .where(col(EventRow.partner_id) == partner.id, *_has_waited(now))
        .order_by(col(EventRow.occurred_at).desc())
        .limit(MOST_COUNTED)
    )
    found = (unanswered_delivery(session, row, partner) for row in session.exec(query))
    return [one for one in found if one is not None]


def _has_waited(now: datetime) -> list[ColumnElement[bool]]:
    return [col(EventRow.occurred_at) <= now - WAITED_FOR, *is_unanswered(now)]


def _is_of_use(delivery: UnansweredDelivery, now: datetime) -> bool:
    return bool(delivery.actions) and delivery.until > now + OF_USE_FOR
