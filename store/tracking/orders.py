"""What a tracking page is made of: an order's events, opened, and nothing that is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.payload.events import TrackingEvent
from contracts.tracking.links import link_end
from store.events.bodies import opened_body
from store.tables import EventRow, PartnerRow
from store.tracking.links import LinkedOrder, followed

MOST_EVENTS = 40
"""Of one order, the latest that were accepted; nobody's parcel has as many."""


@dataclass(frozen=True)
class TrackedOrder:
    """An order as its link leads to it. `events` are by when they happened; they have personal
    data, of which a page shows next to nothing."""

    partner: PartnerRow
    order: LinkedOrder
    events: Sequence[TrackingEvent] = field(repr=False)


def tracked_order(session: Session, token: str, now: datetime) -> TrackedOrder | None:
    """The order that a link leads to; None where it leads nowhere: there is no such link, it was
    revoked, it has ended, or what it led to was erased."""
    found = followed(session, token)
    if found is None:
        return None
    order, partner = found
    events = _events(session, order)
    if not events or link_end(events[-1].type, events[-1].occurred_at) <= now:
        return None
    return TrackedOrder(partner, order, events)


def _events(session: Session, order: LinkedOrder) -> list[TrackingEvent]:
    rows = session.exec(
        select(EventRow.event_id, EventRow.body, EventRow.occurred_at, EventRow.sequence)
        .where(
            col(EventRow.order_id) == order.order_id,
            col(EventRow.partner_id) == order.partner_id,
            col(EventRow.is_test) == order.is_test,
            col(EventRow.erased_at).is_(None),
        )
        .order_by(col(EventRow.accepted_at).desc(), col(EventRow.event_id).desc())
        .limit(MOST_EVENTS)
    ).all()
    in_time = sorted(rows, key=lambda row: (row[2], row[3]))
    return [opened_body(session, event_id, body) for event_id, body, _, _ in in_time]
