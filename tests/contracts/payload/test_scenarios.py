"""Test orders: whole from the confirmation on, free of contradictions, and plainly of nobody."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, pairwise

import pytest

from contracts.clock import utc_now
from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.payload import Payload, build_payload
from contracts.payload.samples import NOBODY
from contracts.payload.scenarios import Scenario, scenario_events
from contracts.payload.warnings import warnings_of
from store.access.budgets import TEST_EVENTS

NOW = utc_now()


def play(scenario: Scenario) -> list[TrackingEvent]:
    """The events of a scenario, called test_1, test_2 and so on."""
    names: Iterator[str] = (f"test_{number}" for number in count(1))
    return scenario_events(scenario, partner_id="shop", now=NOW, make_id=lambda: next(names))


def received(scenario: Scenario) -> list[Payload]:
    """The payloads of a scenario, as they are built at once."""
    return [
        build_payload(one, sequence=one.sequence or 0, emitted_at=NOW) for one in play(scenario)
    ]


@pytest.mark.parametrize("scenario", Scenario)
class TestEveryScenario:
    def test_it_is_one_order_in_the_order_of_its_events(self, scenario: Scenario) -> None:
        events = play(scenario)
        assert {one.data.order.order_id for one in events} == {"TEST-test_1"}
        assert [one.sequence for one in events] == list(range(1, len(events) + 1))
        assert all(a.occurred_at < b.occurred_at for a, b in pairwise(events))
        assert (events[0].type, events[-1].occurred_at) == (EventType.ORDER_CONFIRMED, NOW)
        assert len({one.event_id for one in events}) == len(events) <= TEST_EVENTS.most

    def test_it_is_a_test_of_nobody(self, scenario: Scenario) -> None:
        for event in play(scenario):
            assert event.is_test
            assert event.data.order.customer is not None
            assert event.data.order.customer.phone == NOBODY

    def test_nothing_in_it_contradicts_itself(self, scenario: Scenario) -> None:
        for event in play(scenario):
            assert warnings_of(event, event.model_dump(by_alias=True)) == []

    def test_each_run_has_a_code_of_its_own_that_is_good_for_a_while(
        self, scenario: Scenario
    ) -> None:
        codes = [one.data.otp for one in received(scenario) if one.data.otp]
        assert len({one.code for one in codes}) == len(codes) >= 1
        assert all(one.code and one.valid_until > NOW + timedelta(hours=1) for one in codes)


class TestWhatBecomesOfIt:
    def test_cash_on_delivery_is_asked_for_and_paid(self) -> None:
        *before, last = received(Scenario.CASH_ON_DELIVERY)
        assert last.data.delivery is not None
        assert last.data.delivery.cod_collected is not None
        for one in (*before, last):
            assert one.data.order.payment_mode == "cod"
            assert one.data.order.cod_amount is not None
            assert one.data.order.cod_amount.amount == last.data.delivery.cod_collected.amount

    def test_a_prepaid_order_has_no_amount(self) -> None:
        for one in received(Scenario.DELIVERED):
            assert (one.data.order.payment_mode, one.data.order.cod_amount) == ("prepaid", None)

    def test_one_that_failed_goes_out_again_with_another_rider(self) -> None:
        events = received(Scenario.FAILED_THEN_DELIVERED)
        assert [one.data.order.attempt_number for one in events] == [0, 1, 1, 2, 2]
        assert [one.data.rider.rider_id[-1] for one in events if one.data.rider] == list("1122")
        assert events[2].data.failure is not None
        assert events[2].data.failure.next_action == "reattempt"
        assert events[2].data.failure.next_attempt_at == events[3].timestamp

    def test_one_that_fails_for_good_goes_back(self) -> None:
        *_, failed, back = received(Scenario.RETURNED_TO_ORIGIN)
        assert failed.data.failure is not None
        assert back.data.return_ is not None
        assert (failed.data.failure.next_action, failed.data.failure.next_attempt_at) == (
            "rto",
            None,
        )
        assert (back.data.return_.return_type, back.data.return_.attempts_made) == ("rto", 2)
        assert back.data.return_.destination is not None

    def test_what_was_delivered_comes_back_from_the_customer(self) -> None:
        *_, delivered, back = received(Scenario.CUSTOMER_RETURN)
        assert delivered.type is EventType.DELIVERED
        assert back.data.return_ is not None
        assert back.data.return_.return_type == "customer_return"
