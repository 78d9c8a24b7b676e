"""The benchmarks' events: as the contract wants them, of every type, of one order each five."""

from benchmarks.events import EventMaker
from contracts.payload.events import EventType, TrackingEvent


def test_every_type_in_turn_and_no_id_twice() -> None:
    maker = EventMaker("run")
    made = [TrackingEvent.model_validate_json(maker.make()[1]) for _ in range(10)]
    assert {event.type for event in made[:5]} == {*EventType}
    assert len({event.event_id for event in made}) == 10
    assert len({event.data.order.order_id for event in made[4:9]}) == 1


def test_a_code_is_good_when_it_is_sent() -> None:
    maker = EventMaker("run")
    made = [TrackingEvent.model_validate_json(maker.make()[1]) for _ in range(5)]
    [otp] = [event.data.otp for event in made if event.data.otp]
    assert otp.valid_until > max(event.occurred_at for event in made)
