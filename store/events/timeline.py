"""What the pages of one event, and of one order, are made of."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from contracts.errors import NotFound, SealBroken
from contracts.payload.events import TrackingEvent
from store.encryption.columns import PAYLOAD_BODY
from store.encryption.sealing import open_bytes
from store.events.bodies import body_of
from store.events.detail import EventDetail, event_detail
from store.events.filters import EventFilter
from store.events.search import ListedEvent, list_events
from store.tables import (
    AttemptRow,
    DeadLetterRow,
    DeliveryRow,
    EndpointRow,
    EventRow,
    PayloadRow,
    SmsMessageRow,
)

_log = logging.getLogger(__name__)

MOST_STEPS = 200
"""Events of one order that its page shows; nobody's order has as many."""


@dataclass(frozen=True)
class EventStory:
    """An event with all that became of it. `payloads` are the stored bytes, by schema version: to
    be masked before anybody sees them. `endpoints`, also removed ones, by id."""

    detail: EventDetail
    payloads: Mapping[str, bytes] = field(repr=False)
    endpoints: Mapping[str, EndpointRow]

    @property
    def open_dead_letters(self) -> Mapping[str, DeadLetterRow]:
        """The open dead letters, by their delivery."""
        return _open_by_delivery(self.detail.dead_letters)


@dataclass(frozen=True)
class OrderStory:
    """The events of an order by when they happened. Their deliveries, texts and bodies are by the
    events' ids, without bodies that are erased or cannot be opened; dead letters and last attempts
    by the deliveries'."""

    events: Sequence[ListedEvent]
    deliveries: Mapping[str, Sequence[DeliveryRow]]
    open_dead_letters: Mapping[str, DeadLetterRow]
    endpoints: Mapping[str, EndpointRow]
    last_attempts: Mapping[str, AttemptRow]
    texts: Mapping[str, Sequence[SmsMessageRow]]
    bodies: Mapping[str, TrackingEvent] = field(repr=False)


def event_story(session: Session, event_id: str, *, owner: str) -> EventStory:
    """One event of the owner's, whole. NotFound when there is none."""
    detail = event_detail(session, event_id, owner=owner)
    rows = session.exec(select(PayloadRow).where(col(PayloadRow.event_id) == event_id))
    payloads = {
        row.schema_version: open_bytes(
            session, PAYLOAD_BODY, row.body, event_id, row.schema_version
        )
        for row in rows
        if row.body
    }
    return EventStory(detail, payloads, _endpoints(session, detail.deliveries))


def order_story(session: Session, order_id: str, *, owner: str) -> OrderStory:
    """One order of the owner's. NotFound when there is no event of it."""
    wanted = EventFilter(order_id=order_id)
    events = list_events(session, wanted, owner=owner, after=None, limit=MOST_STEPS)
    if not events:
        raise NotFound(f"no event of order {order_id}")
    ids = [event.event_id for event in events]
    query = select(DeliveryRow).where(col(DeliveryRow.event_id).in_(ids))
    found = session.exec(query.order_by(col(DeliveryRow.target))).all()
    delivery_ids = [row.id for row in found]
    dead_letters = session.exec(
        select(DeadLetterRow).where(
            col(DeadLetterRow.delivery_id).in_(delivery_ids),
            col(DeadLetterRow.resolved_at).is_(None),
        )
    )
    return OrderStory(
        sorted(events, key=lambda event: (event.occurred_at, event.sequence)),
        {one: [row for row in found if row.event_id == one] for one in ids},
        _open_by_delivery(dead_letters.all()),
        _endpoints(session, found),
        _last_attempts(session, delivery_ids),
        _texts(session, ids),
        _bodies(session, ids),
    )


def _last_attempts(session: Session, delivery_ids: Sequence[str]) -> dict[str, AttemptRow]:
    query = select(AttemptRow).where(col(AttemptRow.delivery_id).in_(delivery_ids))
    return {row.delivery_id: row for row in session.exec(query.order_by(col(AttemptRow.number)))}


def _texts(session: Session, event_ids: Sequence[str]) -> dict[str, list[SmsMessageRow]]:
    """The texts of each event, the oldest first."""
    query = select(SmsMessageRow).where(col(SmsMessageRow.event_id).in_(event_ids))
    found: dict[str, list[SmsMessageRow]] = {}
    for row in session.exec(query.order_by(col(SmsMessageRow.claimed_at), col(SmsMessageRow.id))):
        found.setdefault(row.event_id, []).append(row)
    return found


def _bodies(session: Session, event_ids: Sequence[str]) -> dict[str, TrackingEvent]:
    query = select(EventRow).where(
        col(EventRow.event_id).in_(event_ids), col(EventRow.erased_at).is_(None)
    )
    found = {}
    for row in session.exec(query):
        try:
            found[row.event_id] = body_of(session, row)
        except SealBroken:
            _log.warning("event %s cannot be opened", row.event_id)
    return found


def _open_by_delivery(dead_letters: Sequence[DeadLetterRow]) -> dict[str, DeadLetterRow]:
    return {one.delivery_id: one for one in dead_letters if one.resolved_at is None}


def _endpoints(session: Session, deliveries: Sequence[DeliveryRow]) -> dict[str, EndpointRow]:
    return endpoints_of(session, {row.endpoint_id for row in deliveries})


def endpoints_of(session: Session, ids: Collection[str | None]) -> dict[str, EndpointRow]:
    """The endpoints that deliveries go to, also removed ones, by id."""
    known = sorted(one for one in ids if one is not None)
    if not known:
        return {}
    rows = session.exec(select(EndpointRow).where(col(EndpointRow.id).in_(known)))
    return {row.id: row for row in rows}
