"""The body of an event, out of its encrypted column."""

from sqlmodel import Session

from contracts.payload.events import TrackingEvent
from store.encryption.columns import EVENT_BODY
from store.encryption.sealing import open_sealed
from store.tables import EventRow


def body_of(session: Session, row: EventRow) -> TrackingEvent:
    """The event as it was accepted."""
    body = open_sealed(session, EVENT_BODY, row.body, row.event_id)
    return TrackingEvent.model_validate_json(body)
