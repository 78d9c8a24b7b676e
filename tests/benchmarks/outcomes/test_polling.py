"""The world before: what an hourly poll sees of an order, and who calls."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from benchmarks.outcomes.assumptions import BEGINS, CALLS_WHEN_NOT, CALLS_WHEN_TOLD
from benchmarks.outcomes.calls import calls_of, chance
from benchmarks.outcomes.faults import Calendar, Fault, Kind
from benchmarks.outcomes.orders import PlayedOrder, events_of_order
from benchmarks.outcomes.partners import PARTNERS
from benchmarks.outcomes.polling import Sighting, polled, polls_of
from sandbox.export_rows import ExportRow
from sandbox.order_export import OrderMaker
from sandbox.parcels import Course, DeliveryAttempt
from sandbox.people import make_rider
from sandbox.places import CITIES

SHOP = PARTNERS[0]
NO_FAULTS = Calendar([])
SEED = 7
FIRST_POLL_S = polls_of(SHOP, SEED, NO_FAULTS)[0]


def an_order(*steps_s: float) -> PlayedOrder:
    """Confirmed, out and delivered at these moments."""
    city, dice = CITIES[0], random.Random(1)
    confirmed_s, out_s, end_s = steps_s
    moment = BEGINS + timedelta(seconds=confirmed_s)
    row = ExportRow("0x1", "R1", "P1", city, moment, moment, None, None, None, None, False, ())
    parcel = OrderMaker(SEED, [SHOP.id], [row], BEGINS).parcel(1, row)
    rider = make_rider(dice, city, "R1")
    return PlayedOrder(parcel, Course(confirmed_s, (DeliveryAttempt(out_s, end_s, rider, "1"),)))


def told_after(order: PlayedOrder, calendar: Calendar = NO_FAULTS) -> list[float | None]:
    """When the merchant knew of each event, in whole seconds."""
    found = [one.after_s for one in polled([order], SEED, calendar)]
    return [None if one is None else round(one) for one in found]


class TestPolling:
    def test_a_state_between_two_polls_is_never_seen(self) -> None:
        second = FIRST_POLL_S + 3600
        order = an_order(FIRST_POLL_S - 600, FIRST_POLL_S + 60, FIRST_POLL_S + 1800)
        assert told_after(order) == [600, None, round(second - FIRST_POLL_S - 1800)]

    def test_a_state_that_stays_is_seen_by_the_next_poll(self) -> None:
        order = an_order(FIRST_POLL_S + 60, FIRST_POLL_S + 3660, FIRST_POLL_S + 7260)
        assert told_after(order) == [3540, 3540, 3540]

    def test_who_is_down_does_not_poll(self) -> None:
        outage = Fault(FIRST_POLL_S - 60, FIRST_POLL_S + 60, SHOP.endpoints[0].name, Kind.OUTAGE)
        order = an_order(FIRST_POLL_S - 600, FIRST_POLL_S + 1200, FIRST_POLL_S + 9000)
        assert told_after(order) == [600, 2400, 1800]
        assert told_after(order, Calendar([outage])) == [None, 2400, 1800]

    def test_polls_come_once_an_hour_but_for_those_that_fail(self) -> None:
        polls = polls_of(SHOP, SEED, NO_FAULTS)
        apart = {round(later - one) for one, later in pairwise(polls)}
        assert min(apart) == 3600
        assert all(one % 3600 == 0 for one in apart)
        assert len(polls) / ((84 + 2) * 24) == pytest.approx(0.98, abs=0.01)


class TestCalls:
    def test_the_chance_grows_evenly_with_the_time_until_somebody_is_told(self) -> None:
        assert chance(0.0) == CALLS_WHEN_TOLD
        assert chance(1800.0) == pytest.approx((CALLS_WHEN_TOLD + CALLS_WHEN_NOT) / 2)
        assert chance(7200.0) == chance(None) == CALLS_WHEN_NOT

    def test_who_is_told_sooner_calls_no_more_often(self) -> None:
        events = [
            event for n in range(300) for event in events_of_order(an_order(n, n + 60, n + 90))
        ]
        late = calls_of((Sighting(one, None) for one in events), SEED)
        soon = calls_of((Sighting(one, 1.0) for one in events), SEED)
        assert soon == calls_of((Sighting(one, 1.0) for one in events), SEED)
        assert soon <= late
