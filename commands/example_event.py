"""`doorstep events example`: an event that happens now, as an order-management system sends it."""

from typing import Any

from commands.checked import named
from contracts.clock import utc_now
from contracts.payload.events import EventType
from contracts.payload.samples import sample_event


def example_event(partner_id: str, event_type: str) -> dict[str, Any]:
    """A test event with everything that it may have. CommandFailed where the type is none."""
    now = utc_now()
    kind = named(EventType, event_type, "--type")
    event_id = f"evt_example_{now:%Y%m%dT%H%M%S%f}"
    event = sample_event(kind, event_id=event_id, partner_id=partner_id, now=now)
    said: dict[str, Any] = event.model_dump(mode="json", by_alias=True)
    return said
