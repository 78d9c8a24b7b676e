"""The body of an event, out of its encrypted column."""

from sqlmodel import Session

from contracts.payload.events import TrackingEvent
from store.encryption.columns import EVENT_BODY
from store.encryption.sealing import open_sealed
from store.tables import EventRow


def body_of(session: Session, row: EventRow) -> TrackingEvent:
    """The event as it was accepted."""
    return opened_body(session, row.event_id, row.body)


def opened_body(session: Session, event_id: str, sealed: str) -> TrackingEvent:
    """The event as it was accepted, out of its column."""
    return TrackingEvent.model_validate_json(open_sealed(session, EVENT_BODY, sealed, event_id))
