"""Sample events: whole for every type, and plainly of nobody."""

import phonenumbers
import pytest

from contracts.clock import utc_now
from contracts.payload.events import GROUP_MATRIX, EventType
from contracts.payload.payload import build_payload
from contracts.payload.samples import sample_event


@pytest.mark.parametrize("event_type", EventType)
def test_it_carries_every_group_of_its_type(event_type: EventType) -> None:
    now = utc_now()
    event = sample_event(event_type, event_id="test_1", partner_id="shop", now=now)
    payload = build_payload(event, sequence=1, emitted_at=now)
    groups = payload.data.model_dump(by_alias=True)
    assert {name for name, group in groups.items() if group} == set(GROUP_MATRIX[event_type])
    assert (payload.is_test, payload.type, payload.sequence) == (True, event_type, 1)


def test_its_phones_are_nobodys() -> None:
    event = sample_event(EventType.DELIVERED, event_id="test_1", partner_id="shop", now=utc_now())
    customer, rider = event.data.order.customer, event.data.rider
    assert customer is not None
    assert rider is not None
    for phone in (customer.phone or "", rider.phone or ""):
        assert not phonenumbers.is_valid_number(phonenumbers.parse(phone))
