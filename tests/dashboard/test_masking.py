"""What a page shows of a payload: every field, and nothing personal."""

import json
from typing import Any

import pytest

from contracts.payload.events import EventType
from contracts.payload.payload import build_payload, to_bytes
from dashboard.masking import masked_payload
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, after, an_event

MASK = "***"
MOMENT = NOW.isoformat()
PROOF = [{"type": "photo", "url": "https://pod.example/asha/1.jpg", "captured_at": MOMENT}]
GROUPS = make_groups(
    order=make_order(
        awb_number="AWB-1",
        ordered_at=MOMENT,
        tracking_url="https://track.example/t/asha-4411",
        delivery_address={
            "line1": "14 Lakshmi Nivas",
            "line2": "Near Ram Mandir",
            "city": "Pune",
            "state": "Maharashtra",
            "pincode": "411004",
            "latitude": 18.52043,
            "longitude": 73.85674,
        },
        cod_amount={"amount": "499.00"},
    ),
    rider={
        "rider_id": "RDR-7",
        "name": "Imran Shaikh",
        "phone": "+919812345678",
        "vehicle_number": "MH12AB1234",
        "location": {"latitude": 18.11111, "longitude": 73.22222, "recorded_at": MOMENT},
    },
    otp={"code": "483920", "valid_from": MOMENT, "valid_until": after(1800).isoformat()},
    failure={
        "reason_code": "customer_unavailable",
        "reason_category": "customer",
        "reason_text": "asha did not pick up 98765 43210, spoke to Lakshmi",
        "attempt_number": 1,
        "max_attempts": 3,
        "attempted_at": MOMENT,
        "location": {"latitude": 18.33333, "longitude": 73.44444},
        "evidence": PROOF,
        "next_action": "reattempt",
    },
    delivery={
        "delivered_at": MOMENT,
        "received_by": "Sunita Kulkarni",
        "verification_method": "otp",
        "otp_verified": True,
        "proof": PROOF,
        "location": {"latitude": 18.55555, "longitude": 73.66666},
        "cod_collected": {"amount": "499.00", "mode": "cash"},
    },
)
GROUPS["return"] |= {
    "initiated_at": MOMENT,
    "reason_text": "Asha Kulkarni refused, call 9876543210",
    "destination": {"name": "Warehouse 3", "city": "Pune", "pincode": "411001"},
}
PERSONAL = (
    *("Asha", "Kulkarni", "asha", "9876543210", "98765 43210", "Lakshmi", "Ram Mandir", "411004"),
    *("Imran", "9812345678", "MH12AB1234", "483920", "Sunita", "1.jpg", "t/asha"),
    *("18.52043", "73.85674", "18.11111", "73.22222", "18.33333", "18.55555"),
)


def shown(event_type: str) -> tuple[str, dict[str, Any]]:
    """The payload of an event with every group, as text and read again."""
    event = an_event(event_type, data=GROUPS)
    text = masked_payload(to_bytes(build_payload(event, sequence=1, emitted_at=NOW)))
    return text, json.loads(text)["data"]


class TestEveryGroup:
    @pytest.mark.parametrize("event_type", list(EventType))
    def test_nothing_personal_is_left_of_any_type(self, event_type: EventType) -> None:
        text, _ = shown(event_type)
        assert [value for value in PERSONAL if value in text] == []

    @pytest.mark.parametrize("event_type", list(EventType))
    def test_every_field_is_there(self, event_type: EventType) -> None:
        event = an_event(event_type, data=GROUPS)
        body = to_bytes(build_payload(event, sequence=1, emitted_at=NOW))
        assert _shape(json.loads(masked_payload(body))) == _shape(json.loads(body))

    def test_the_order(self) -> None:
        _, data = shown("order_confirmed")
        order = data["order"]
        assert (order["order_id"], order["awb_number"]) == ("ORD-1", "AWB-1")
        assert order["customer"] == {"name": MASK, "phone": "+91********10"}
        address = order["delivery_address"]
        assert (address["city"], address["state"]) == ("Pune", "Maharashtra")
        assert (address["line1"], address["pincode"], address["latitude"]) == (MASK, MASK, MASK)
        assert order["tracking_url"] == "https://track.example/***"
        assert order["cod_amount"] == {"amount": "499.00", "currency": "INR"}

    def test_the_rider(self) -> None:
        _, data = shown("out_for_delivery")
        rider = data["rider"]
        assert (rider["rider_id"], rider["name"]) == ("RDR-7", MASK)
        assert rider["phone"] == rider["phone_masked"] == "+91********78"
        assert (rider["vehicle_number"], rider["location"]["latitude"]) == (MASK, MASK)

    def test_the_otp(self) -> None:
        _, data = shown("out_for_delivery")
        assert data["otp"]["code"] == MASK
        assert data["otp"]["valid_until"] == "2026-03-02T10:30:00Z"

    def test_the_failure(self) -> None:
        _, data = shown("delivery_failed")
        failure = data["failure"]
        assert failure["reason_code"] == "customer_unavailable"
        assert failure["reason_text"] == "*** did not pick up ***, spoke to ***"
        assert failure["evidence"][0]["url"] == "https://pod.example/***"
        assert failure["location"] == {"latitude": MASK, "longitude": MASK}

    def test_the_return(self) -> None:
        _, data = shown("return_initiated")
        assert data["return"]["reason_text"] == "*** refused, call ***"
        assert data["return"]["destination"]["name"] == "Warehouse 3"

    def test_the_delivery(self) -> None:
        _, data = shown("delivered")
        delivery = data["delivery"]
        assert (delivery["received_by"], delivery["otp_verified"]) == (MASK, True)
        assert delivery["proof"][0]["url"] == "https://pod.example/***"
        assert delivery["cod_collected"]["amount"] == "499.00"


def test_a_field_that_nobody_knows_is_masked() -> None:
    body = json.dumps({"data": {"order": {"gate_code": "77", "order_id": "ORD-1"}}}).encode()
    assert json.loads(masked_payload(body))["data"]["order"] == {
        "gate_code": MASK,
        "order_id": "ORD-1",
    }


def _shape(value: Any) -> Any:
    """The names of all fields, and which are null."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return value is None
