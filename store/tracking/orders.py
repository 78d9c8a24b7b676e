"""What a tracking page is made of: an order's events, read and opened, never written down.

One statement in SQL, and no body opened that the page does not need: pages are read far more often
than events happen, on the cores that deliver them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping
from sqlmodel import Session

from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.groups import Failure
from contracts.sms.languages import Language
from contracts.tracking.links import is_token, link_end
from store.events.bodies import opened_body
from store.tracking.links import LinkedOrder, token_hash

MOST_EVENTS = 40
"""Of one order, the latest that were accepted; nobody's parcel has as many."""

_ORDER = """
    SELECT link.partner_id, link.order_id, link.is_test, partner.name, partner.sms_language,
        partner.time_zone, partner.brand_color, partner.logo_digest,
        partner.sms_enabled OR partner.sms_fallback AS sends_texts,
        event.event_id, event.event_type, event.occurred_at, event.body
    FROM tracking_links AS link
    JOIN partners AS partner ON partner.id = link.partner_id AND partner.tracking_enabled
    CROSS JOIN LATERAL (
        SELECT event_id, event_type, occurred_at, sequence, body FROM events
        WHERE order_id = link.order_id AND partner_id = link.partner_id
            AND is_test = link.is_test AND erased_at IS NULL
        ORDER BY accepted_at DESC, event_id DESC
        LIMIT %(most)s
    ) AS event
    WHERE link.token_hash = %(token_hash)s AND link.revoked_at IS NULL
    ORDER BY event.occurred_at, event.sequence
"""


@dataclass(frozen=True)
class Shop:
    """What a page says of the partner, and how it looks and speaks."""

    id: str
    name: str
    language: Language
    time_zone: str
    brand_color: str | None
    logo_digest: str | None
    sends_texts: bool


@dataclass(frozen=True)
class TrackedEvent:
    """One thing that happened to an order; `failure` is why an attempt failed."""

    type: EventType
    occurred_at: datetime
    failure: Failure | None = field(default=None, repr=False)


@dataclass(frozen=True)
class TrackedOrder:
    """An order as its link leads to it. `events` are by when they happened; `last`, the last of
    them, has personal data, of which a page shows next to nothing."""

    shop: Shop
    order: LinkedOrder
    events: Sequence[TrackedEvent]
    last: TrackingEvent = field(repr=False)


def tracked_order(session: Session, token: str, now: datetime) -> TrackedOrder | None:
    """The order that a link leads to; None where it leads nowhere: there is no such link, it was
    revoked, it has ended, what it led to was erased, or the partner has no tracking pages."""
    if not is_token(token):
        return None
    values = {"token_hash": token_hash(token), "most": MOST_EVENTS}
    rows = session.connection().exec_driver_sql(_ORDER, values).mappings().all()
    if not rows:
        return None
    last = rows[-1]
    if link_end(EventType(last["event_type"]), last["occurred_at"]) <= now:
        return None
    return TrackedOrder(
        shop=_shop(last),
        order=LinkedOrder(last["partner_id"], last["order_id"], last["is_test"]),
        events=[_event(session, row) for row in rows],
        last=opened_body(session, last["event_id"], last["body"]),
    )


def _shop(row: RowMapping) -> Shop:
    return Shop(
        id=row["partner_id"],
        name=row["name"],
        language=Language(row["sms_language"]),
        time_zone=row["time_zone"],
        brand_color=row["brand_color"],
        logo_digest=row["logo_digest"],
        sends_texts=row["sends_texts"],
    )


def _event(session: Session, row: RowMapping) -> TrackedEvent:
    kind, failure = EventType(row["event_type"]), None
    if kind is EventType.DELIVERY_FAILED:
        failure = opened_body(session, row["event_id"], row["body"]).data.failure
    return TrackedEvent(kind, row["occurred_at"], failure)
