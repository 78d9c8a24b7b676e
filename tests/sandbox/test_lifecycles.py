"""Order lifecycles: valid, repeatable, in order, and as varied as deliveries are."""

import math
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import phonenumbers
import pytest

from contracts.payload.events import GROUP_MATRIX, EventType, TrackingEvent
from contracts.payload.groups import KNOWN_REASON_CODES
from sandbox.lifecycles import lifecycles
from sandbox.parcels import TimedEvent
from sandbox.people import NAMES
from sandbox.places import CITIES
from sandbox.reasons import REASONS

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PARTNERS = ("ptn-a", "ptn-b", "ptn-c")

ENDINGS = {
    ("order_confirmed", "out_for_delivery", "delivered"),
    ("order_confirmed", "out_for_delivery", "delivery_failed"),
    ("order_confirmed", "out_for_delivery", "delivery_failed", "return_initiated"),
    *(
        ("order_confirmed", *("out_for_delivery", "delivery_failed", "out_for_delivery"), *end)
        for end in (("delivered",), ("delivery_failed", "return_initiated"))
    ),
}

PIN_PREFIXES = {
    "Delhi": "11",
    "Punjab": "14",
    "Uttar Pradesh": "20 21 22 28",
    "Uttarakhand": "248",
    "Rajasthan": "30",
    "Gujarat": "38 39",
    "Goa": "403",
    "Maharashtra": "40 41 43",
    "Madhya Pradesh": "45 46",
    "Telangana": "50",
    "Karnataka": "56 57",
    "Tamil Nadu": "60 64",
    "Kerala": "68 69",
    "West Bengal": "70",
    "Odisha": "75",
    "Assam": "78",
    "Bihar": "80",
    "Jharkhand": "83",
}


def play(seed: int = 7, orders: int = 400, **options: Any) -> list[TimedEvent]:
    return list(lifecycles(seed, PARTNERS, orders, start=START, **options))


@pytest.fixture(scope="module")
def played() -> list[TimedEvent]:
    return play()


def by_order(played: list[TimedEvent]) -> dict[str, list[dict[str, Any]]]:
    orders: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for timed in played:
        orders[timed.event["data"]["order"]["order_id"]].append(timed.event)
    return orders


class TestEvents:
    def test_every_event_is_valid_and_carries_just_its_groups(
        self, played: list[TimedEvent]
    ) -> None:
        for timed in played:
            event = TrackingEvent.model_validate(timed.event)
            assert set(timed.event["data"]) == GROUP_MATRIX[event.type]

    def test_they_are_merged_by_offset_and_happen_when_they_are_posted(
        self, played: list[TimedEvent]
    ) -> None:
        offsets = [timed.offset_s for timed in played]
        assert offsets == sorted(offsets)
        for timed in played:
            late = datetime.fromisoformat(timed.event["occurred_at"]) - START
            assert -1e-6 <= late.total_seconds() - timed.offset_s <= 0.01

    def test_ids_are_unique_and_the_same_for_the_same_seed(self, played: list[TimedEvent]) -> None:
        ids = [timed.event["event_id"] for timed in played]
        assert len(set(ids)) == len(ids)
        assert played == play()
        assert not set(ids) & {timed.event["event_id"] for timed in play(seed=8)}

    def test_more_orders_change_nothing_about_the_first(self) -> None:
        few, many = by_order(play(orders=20)), by_order(play(orders=40))
        assert all(many[order_id] == events for order_id, events in few.items())

    def test_partners_share_the_orders(self, played: list[TimedEvent]) -> None:
        assert {timed.event["partner_id"] for timed in played} == set(PARTNERS)
        assert all(len({e["partner_id"] for e in es}) == 1 for es in by_order(played).values())

    def test_endless_without_a_number_of_orders(self) -> None:
        assert len(list(islice(lifecycles(7, PARTNERS, start=START), 500))) == 500

    def test_without_a_partner_there_is_nothing_to_tell(self) -> None:
        with pytest.raises(ValueError, match="partner"):
            next(lifecycles(7, []))


class TestLifecycles:
    def test_each_order_takes_one_of_the_known_ways(self, played: list[TimedEvent]) -> None:
        ways = {tuple(event["type"] for event in events) for events in by_order(played).values()}
        assert ways == ENDINGS

    def test_sequence_time_and_status_go_forward(self, played: list[TimedEvent]) -> None:
        for events in by_order(played).values():
            assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
            times = [event["occurred_at"] for event in events]
            assert times == sorted(set(times))
            orders = [event["data"]["order"] for event in events]
            statuses = [order["status"] for order in orders]
            assert [order["previous_status"] for order in orders] == [None, *statuses[:-1]]

    def test_a_second_attempt_has_another_rider_and_another_code(
        self, played: list[TimedEvent]
    ) -> None:
        seconds = 0
        for events in by_order(played).values():
            attempts = [event["data"] for event in events if event["type"] == "out_for_delivery"]
            assert [data["order"]["attempt_number"] for data in attempts] == [1, 2][: len(attempts)]
            if len(attempts) == 2:
                seconds += 1
                first, second = attempts
                assert first["rider"]["rider_id"] != second["rider"]["rider_id"]
                assert first["otp"] != second["otp"]
        assert seconds > 10

    def test_the_failure_announces_what_follows(self, played: list[TimedEvent]) -> None:
        for events in by_order(played).values():
            for event, following in zip(events, [*events[1:], None], strict=True):
                if event["type"] != "delivery_failed":
                    continue
                failure = event["data"]["failure"]
                if following is None:
                    assert failure["next_action"] in {"hold", "none"}
                elif following["type"] == "return_initiated":
                    assert failure["next_action"] == "rto"
                    assert following["data"]["return"]["reason_code"] == failure["reason_code"]
                else:
                    assert failure["next_action"] in {"reattempt", "reschedule"}
                    assert failure["next_attempt_at"] <= following["occurred_at"]

    def test_reasons_are_the_contracts(self, played: list[TimedEvent]) -> None:
        assert set(REASONS) == set(KNOWN_REASON_CODES)
        failures = [t.event["data"].get("failure") for t in played]
        assert len({f["reason_code"] for f in failures if f}) > 8

    def test_cash_is_collected_only_where_it_is_due(self, played: list[TimedEvent]) -> None:
        for event in (timed.event for timed in played if timed.event["type"] == "delivered"):
            order, delivery = event["data"]["order"], event["data"]["delivery"]
            assert (order["cod_amount"] is None) == (order["payment_mode"] == "prepaid")
            assert (delivery["cod_collected"] is None) == (order["cod_amount"] is None)
            if delivery["cod_collected"]:
                assert delivery["cod_collected"]["amount"] == order["cod_amount"]["amount"]

    def test_a_code_is_valid_for_hours_of_real_time_however_fast_the_story(self) -> None:
        for timed in play(orders=50, speed=3600):
            otp = timed.event["data"].get("otp")
            if otp:
                assert otp["valid_from"] == timed.event["occurred_at"]
                until = datetime.fromisoformat(otp["valid_until"])
                assert until >= START + timedelta(seconds=timed.offset_s, hours=11)

    def test_speed_divides_offsets_and_times_alike(self) -> None:
        slow, fast = play(orders=30), play(orders=30, speed=60)
        assert [t.event["event_id"] for t in slow] == [t.event["event_id"] for t in fast]
        for one, other in zip(slow, fast, strict=True):
            assert math.isclose(one.offset_s / 60, other.offset_s, abs_tol=1e-6)

    def test_the_fastest_story_still_has_an_order_of_happening(self) -> None:
        for events in by_order(play(orders=30, speed=1e12)).values():
            times = [event["occurred_at"] for event in events]
            assert times == sorted(set(times))


class TestIndianData:
    def test_pin_codes_belong_to_their_states(self) -> None:
        for city in CITIES:
            for locality, pincode in city.localities:
                prefixes = tuple(PIN_PREFIXES[city.state].split())
                assert re.fullmatch(r"[1-9]\d{5}", pincode), (city.name, locality)
                assert pincode.startswith(prefixes), (city.name, locality)

    def test_phones_are_valid_indian_mobile_numbers_and_never_magic(
        self, played: list[TimedEvent]
    ) -> None:
        for timed in played:
            data = timed.event["data"]
            phones = [data["order"]["customer"]["phone"]]
            phones += [data["rider"]["phone"]] if data.get("rider") else []
            for phone in phones:
                number = phonenumbers.parse(phone)
                assert phonenumbers.is_valid_number(number), phone
                assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
                assert not phone.startswith("+9199900")

    def test_plates_are_of_the_riders_state(self, played: list[TimedEvent]) -> None:
        plates = {city.name: city.plates for city in CITIES}
        for data in (timed.event["data"] for timed in played if "rider" in timed.event["data"]):
            plate = data["rider"]["vehicle_number"]
            assert re.fullmatch(r"[A-Z]{2}\d{2}[A-HJ-NP-Z]{2}\d{4}", plate)
            assert plate[:4] in plates[data["order"]["delivery_address"]["city"]]

    def test_names_come_in_many_scripts(self, played: list[TimedEvent]) -> None:
        names = {timed.event["data"]["order"]["customer"]["name"] for timed in played}
        blocks = {ord(name[0]) >> 7 for name in names}  # each Indian script has its own block
        assert len(names) > 40
        assert len(blocks) >= 8
        assert all(any(not name.isascii() for name in group) for group in NAMES.values())

    def test_sources_and_services_are_mixed(self, played: list[TimedEvent]) -> None:
        orders = [timed.event["data"]["order"] for timed in played]
        assert {order["source"] for order in orders} == {"shopify", "ondc", "api", "manual"}
        services = Counter(order["service_type"] for order in orders)
        assert services["hyperlocal"] > services["intercity"] > 0
        assert all(set(EventType) >= {timed.event["type"]} for timed in played)
