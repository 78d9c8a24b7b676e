"""What is sent to an endpoint, as an example of each type of event."""

from collections.abc import Mapping
from datetime import datetime

from contracts.payload.events import EventType
from contracts.payload.payload import build_payload
from contracts.payload.samples import sample_event

_EVENT_ID = "evt_20261123_000481"


def payload_samples(partner_id: str, now: datetime) -> Mapping[EventType, str]:
    """A payload of each type, to be read."""
    return {one: _sample(one, partner_id, now) for one in EventType}


def _sample(event_type: EventType, partner_id: str, now: datetime) -> str:
    event = sample_event(event_type, event_id=_EVENT_ID, partner_id=partner_id, now=now)
    payload = build_payload(event, sequence=1, emitted_at=now)
    return payload.model_dump_json(indent=2)
