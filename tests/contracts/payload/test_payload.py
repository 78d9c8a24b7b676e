"""The payload, schema 1.0: which groups, which fields, and what becomes of an OTP."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.payload import Payload, build_payload, to_bytes
from tests.support.factories import make_event, make_groups
from tests.support.strategies import events

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

MATRIX = {
    #                    order  rider  otp    failure return delivery
    "order_confirmed": (True, False, False, False, False, False),
    "out_for_delivery": (True, True, True, False, False, False),
    "delivered": (True, True, False, False, False, True),
    "delivery_failed": (True, True, False, True, False, False),
    "return_initiated": (True, False, False, False, True, False),
}
COLUMNS = ("order", "rider", "otp", "failure", "return", "delivery")
CELLS = [
    (event_type, column, there)
    for event_type, row in MATRIX.items()
    for column, there in zip(COLUMNS, row, strict=True)
]
NEEDED = {
    event_type: frozenset(column for column, there in zip(COLUMNS, row, strict=True) if there)
    for event_type, row in MATRIX.items()
}

FIELDS = {
    "": "type timestamp schema_version event_id sequence emitted_at partner_id is_test data",
    "data": "order? rider? otp? failure? return? delivery?",
    "data.order": "order_id partner_order_ref? shipment_id awb_number? source? status "
    "previous_status? service_type? payment_mode cod_amount? customer? delivery_address "
    "pickup_location? package_count weight_grams? ordered_at promised_at? "
    "estimated_delivery_at? attempt_number tracking_url?",
    "data.order.cod_amount": "amount currency",
    "data.order.customer": "name? phone?",
    "data.order.delivery_address": "line1? line2? city state pincode country latitude? longitude?",
    "data.order.pickup_location": "id? name? city?",
    "data.rider": "rider_id name phone? phone_masked vehicle_type? vehicle_number? location? "
    "eta_at?",
    "data.rider.location": "latitude longitude recorded_at",
    "data.otp": "code? purpose valid_from valid_until",
    "data.failure": "reason_code reason_category reason_text carrier_code? attempt_number "
    "max_attempts attempted_at location? evidence next_action next_attempt_at?",
    "data.failure.location": "latitude longitude",
    "data.failure.evidence[]": "type url captured_at",
    "data.return": "return_id return_type reason_code reason_text initiated_at initiated_by "
    "return_awb_number? destination? expected_return_at? attempts_made disposition?",
    "data.return.destination": "name city pincode",
    "data.delivery": "delivered_at received_by? recipient_type? verification_method otp_verified "
    "proof location? cod_collected?",
    "data.delivery.proof[]": "type url captured_at",
    "data.delivery.location": "latitude longitude",
    "data.delivery.cod_collected": "amount currency mode?",
}
"""Every field of every group, `?` where it may be null: section 6 of the design, written out."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
MONEY = re.compile(r"\d+\.\d\d")


def payload_of(event: dict[str, Any], emitted_at: datetime = NOW) -> dict[str, Any]:
    """The payload as a partner reads it."""
    built = build_payload(TrackingEvent.model_validate(event), sequence=7, emitted_at=emitted_at)
    read: dict[str, Any] = json.loads(to_bytes(built))
    return read


def objects(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a payload with its path; `[]` stands for a place in a list."""
    if isinstance(value, dict):
        yield path, value
        for name, inner in value.items():
            yield from objects(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, f"{path}[]")


any_event = st.one_of([events(event_type, needed) for event_type, needed in NEEDED.items()])
many_times = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class TestTheMatrix:
    @pytest.mark.parametrize(("event_type", "group", "there"), CELLS)
    def test_a_cell(self, event_type: str, group: str, there: bool) -> None:
        sent = make_groups()
        assert all(sent[column] is not None for column in COLUMNS), "every group is sent"
        data = payload_of(make_event(event_type, data=sent))["data"]
        assert (data[group] is not None) is there

    def test_it_covers_every_type(self) -> None:
        assert set(MATRIX) == set(EventType)


class TestEveryFieldIsThere:
    @many_times
    @given(any_event)
    def test_at_every_depth_in_every_payload(self, event: dict[str, Any]) -> None:
        for path, shown in objects(payload_of(event)):
            assert set(shown) == {name.rstrip("?") for name in FIELDS[path].split()}, path

    @many_times
    @given(any_event)
    def test_null_only_where_the_table_allows_it(self, event: dict[str, Any]) -> None:
        payload = payload_of(event)
        for path, shown in objects(payload):
            never_null = [name for name in FIELDS[path].split() if not name.endswith("?")]
            assert [name for name in never_null if shown[name] is None] == [], path
        data = payload["data"]
        if data["failure"]:
            assert isinstance(data["failure"]["evidence"], list)
        if data["delivery"]:
            assert isinstance(data["delivery"]["proof"], list)

    @many_times
    @given(any_event)
    def test_times_end_with_z_and_money_has_two_places(self, event: dict[str, Any]) -> None:
        for path, shown in objects(payload_of(event)):
            for name, value in shown.items():
                if value is not None and (name.endswith("_at") or name.startswith("valid_")):
                    assert MOMENT.fullmatch(value), f"{path}.{name}"
                if name == "amount":
                    assert MONEY.fullmatch(value), f"{path}.{name}"

    @many_times
    @given(any_event)
    def test_what_was_sent_is_what_arrives(self, event: dict[str, Any]) -> None:
        """The strategies send normalised values, so a present one comes out as it went in."""
        shown = payload_of(event)["data"]
        for name in NEEDED[event["type"]] - {"otp"}:
            assert differences(event["data"][name], shown[name]) == [], name

    @many_times
    @given(any_event)
    def test_reading_the_bytes_and_writing_them_again_changes_none(
        self, event: dict[str, Any]
    ) -> None:
        """So that nulling an OTP in stored bytes changes nothing else."""
        built = build_payload(TrackingEvent.model_validate(event), sequence=1, emitted_at=NOW)
        body = to_bytes(built)
        assert to_bytes(Payload.model_validate_json(body)) == body

    @many_times
    @given(any_event)
    def test_an_accepted_event_survives_the_store(self, event: dict[str, Any]) -> None:
        accepted = TrackingEvent.model_validate(event)
        assert TrackingEvent.model_validate_json(accepted.model_dump_json()) == accepted

    def test_the_table_names_every_object_of_the_schema(self) -> None:
        full = {name: make_full(name) for name in COLUMNS}
        seen: set[str] = set()
        for event_type in MATRIX:
            seen |= {path for path, _ in objects(payload_of(make_event(event_type, data=full)))}
        assert seen == set(FIELDS)


def differences(sent: Any, shown: Any) -> list[tuple[Any, Any]]:
    """What was sent and does not appear; times and money compared by their meaning."""
    if isinstance(sent, dict):
        return [one for name in sent for one in differences(sent[name], shown[name])]
    if isinstance(sent, list):
        return [one for pair in zip(sent, shown, strict=True) for one in differences(*pair)]
    if isinstance(shown, str) and MOMENT.fullmatch(shown):
        return (
            [] if datetime.fromisoformat(sent) == datetime.fromisoformat(shown) else [(sent, shown)]
        )
    if isinstance(shown, str) and MONEY.fullmatch(shown):
        return [] if float(sent) == float(shown) else [(sent, shown)]
    return [] if sent == shown else [(sent, shown)]


def make_full(name: str) -> dict[str, Any]:
    """A group with every nested object there."""
    place = {"latitude": 18.52, "longitude": 73.85}
    proof = [{"type": "photo", "url": "https://cdn.example/1.jpg", "captured_at": NOW.isoformat()}]
    more: dict[str, dict[str, Any]] = {
        "order": {
            "cod_amount": {"amount": "499"},
            "pickup_location": {"city": "Pune"},
        },
        "rider": {"location": {**place, "recorded_at": NOW.isoformat()}},
        "failure": {"location": place, "evidence": proof},
        "return": {"destination": {"name": "Shop", "city": "Pune", "pincode": "411004"}},
        "delivery": {"location": place, "proof": proof, "cod_collected": {"amount": "499"}},
    }
    return {**make_groups()[name], **more.get(name, {})}


class TestTheEnvelope:
    def test_it_says_what_when_and_for_whom(self) -> None:
        event = make_event(
            event_id="evt-1", partner_id="chai", occurred_at="2026-03-02T15:00:00+05:30"
        )
        shown = payload_of(event)
        assert {name: value for name, value in shown.items() if name != "data"} == {
            "type": "order_confirmed",
            "timestamp": "2026-03-02T09:30:00Z",
            "schema_version": "1.0",
            "event_id": "evt-1",
            "sequence": 7,
            "emitted_at": "2026-03-02T10:00:00Z",
            "partner_id": "chai",
            "is_test": False,
        }

    def test_the_bytes_are_compact_utf_8_and_the_same_every_time(self) -> None:
        event = TrackingEvent.model_validate(
            make_event("delivered", data=make_groups(delivery=make_full("delivery")))
        )
        bodies = {to_bytes(build_payload(event, sequence=1, emitted_at=NOW)) for _ in range(20)}
        [body] = bodies
        assert b": " not in re.sub(rb'"[^"]*"', b"", body)
        assert json.loads(body)["type"] == "delivered"

    def test_devanagari_is_sent_as_it_is_not_escaped(self) -> None:
        data = make_groups()
        data["order"]["customer"]["name"] = "आशा कुलकर्णी"
        event = TrackingEvent.model_validate(make_event(data=data))
        assert "आशा कुलकर्णी".encode() in to_bytes(build_payload(event, sequence=1, emitted_at=NOW))


class TestTheOtp:
    UNTIL = NOW + timedelta(minutes=30)

    def code_at(self, emitted_at: datetime) -> str | None:
        otp = {
            "code": "483920",
            "valid_from": NOW.isoformat(),
            "valid_until": self.UNTIL.isoformat(),
        }
        event = make_event("out_for_delivery", data=make_groups(otp=otp))
        shown: dict[str, Any] = payload_of(event, emitted_at)["data"]["otp"]
        assert shown["valid_until"] == "2026-03-02T10:30:00Z"
        assert shown["purpose"] == "delivery"
        code: str | None = shown["code"]
        return code

    @pytest.mark.parametrize(
        ("seconds", "code"),
        [(-1800, "483920"), (-0.000001, "483920"), (0, None), (0.000001, None), (3600, None)],
    )
    def test_it_is_null_from_valid_until_on(self, seconds: float, code: str | None) -> None:
        assert self.code_at(self.UNTIL + timedelta(seconds=seconds)) == code
