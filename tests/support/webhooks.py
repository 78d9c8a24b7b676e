"""Attempts that are about to leave, for tests of the sender."""

from contracts.clock import utc_now
from contracts.payload.events import TrackingEvent
from contracts.payload.payload import build_payload, to_bytes
from contracts.payload.signature import new_secret
from store.deliveries.attempts import ReadyAttempt
from tests.support.factories import make_event

SECRET = new_secret()


def a_body(event_type: str = "out_for_delivery") -> bytes:
    """The payload of an event."""
    event = TrackingEvent.model_validate(make_event(event_type))
    return to_bytes(build_payload(event, sequence=1, emitted_at=utc_now()))


BODY = a_body()


def ready_for(url: str, event_id: str = "evt-1", **headers: str) -> ReadyAttempt:
    """An attempt that is about to leave for this address, with custom headers."""
    return ReadyAttempt("att_1", 1, event_id, "ep_1", url, [SECRET], BODY, headers)
