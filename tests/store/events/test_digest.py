"""What two posts of one event have in common, whatever fields are added between them."""

from pydantic import create_model

from contracts.payload.events import TrackingEvent
from store.events.acceptance import canonical
from tests.support.shelf import an_event


def test_a_field_that_is_added_and_not_filled_changes_nothing() -> None:
    event = an_event()
    later = create_model("TrackingEvent", __base__=TrackingEvent, carrier_note=(str | None, None))
    again = later.model_validate(event.model_dump())
    assert again.model_dump_json() != event.model_dump_json()
    assert canonical(again) == canonical(event)


def test_null_and_absent_are_the_same_and_a_value_is_not() -> None:
    event = an_event()
    order = event.data.order
    absent = event.model_copy(update={"sequence": None})
    other = order.model_copy(update={"order_id": "ORD-2"})
    changed = event.model_copy(update={"data": event.data.model_copy(update={"order": other})})
    assert canonical(absent) == canonical(event)
    assert canonical(changed) != canonical(event)
