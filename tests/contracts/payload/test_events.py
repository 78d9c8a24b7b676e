"""The event as it is taken: what is wrong with one is named, all at once, and never shown."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.payload.event_age import fault_of_age
from contracts.payload.events import MOST_SEQUENCE, TrackingEvent
from contracts.payload.warnings import warnings_of
from tests.support.factories import make_event, make_groups, make_order

NEEDED = {
    "order_confirmed": ["order"],
    "out_for_delivery": ["order", "rider", "otp"],
    "delivered": ["order", "rider", "delivery"],
    "delivery_failed": ["order", "rider", "failure"],
    "return_initiated": ["order", "return"],
}
NEEDED_CELLS = [(event_type, group) for event_type, groups in NEEDED.items() for group in groups]
GROUPS = ("order", "rider", "otp", "failure", "return", "delivery")


def faults(event: Any) -> list[str]:
    """The dotted paths of everything that is wrong."""
    with pytest.raises(ValidationError) as caught:
        TrackingEvent.model_validate(event)
    return sorted(".".join(map(str, line["loc"])) for line in caught.value.errors())


def paths_to_null(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where something may be null, of what was taken."""
    for name, one in value.items():
        if isinstance(one, dict):
            yield from paths_to_null(one, (*path, name))
        elif one is None:
            yield (*path, name)


class TestBlanks:
    """Many systems know no null."""

    NULLS = sorted(
        paths_to_null(
            TrackingEvent.model_validate(
                make_event(
                    data=make_groups(
                        order=make_order(customer={}, pickup_location={}),
                        otp={**make_groups()["otp"], "code": None},
                        rider={"rider_id": "RDR-7", "name": "Imran", "phone_masked": "98XXXXXX10"},
                        delivery={**make_groups()["delivery"], "received_by": None},
                    )
                )
            ).data.model_dump(by_alias=True)
        )
    )

    def test_every_kind_of_field_is_tried(self) -> None:
        named = {".".join(path) for path in self.NULLS}
        assert {"order.tracking_url", "order.weight_grams", "rider.vehicle_type"} <= named
        assert {"order.customer.name", "rider.eta_at", "otp.code", "rider.location"} <= named

    @pytest.mark.parametrize("path", NULLS, ids=".".join)
    @pytest.mark.parametrize("blank", ["", "  \n"])
    def test_one_is_null_where_null_may_be(self, path: tuple[str, ...], blank: str) -> None:
        event = make_event(data=make_groups())
        *groups, field = path
        held = event["data"]
        for group in groups:
            held = held.setdefault(group, {})
        held[field] = blank
        read: Any = TrackingEvent.model_validate(event).data.model_dump(by_alias=True)
        for name in path:
            read = read[name]
        assert read is None
        assert not warnings_of(TrackingEvent.model_validate(event), event)

    @pytest.mark.parametrize("field", ["order_id", "status", "shipment_id", "payment_mode"])
    def test_one_is_a_fault_where_something_is_needed(self, field: str) -> None:
        event = make_event(data=make_groups(order=make_order(**{field: ""})))
        assert faults(event) == [f"data.order.{field}"]

    @pytest.mark.parametrize(("event_type", "group"), NEEDED_CELLS)
    def test_a_group_that_is_needed_is_none(self, event_type: str, group: str) -> None:
        data = make_groups(**{group: ""})
        assert faults(make_event(event_type, data=data)) == [f"data.{group}"]


class TestMissingGroups:
    @pytest.mark.parametrize(("event_type", "group"), NEEDED_CELLS)
    def test_one_left_out_is_named(self, event_type: str, group: str) -> None:
        data = make_groups()
        del data[group]
        assert faults(make_event(event_type, data=data)) == [f"data.{group}"]

    @pytest.mark.parametrize(("event_type", "group"), NEEDED_CELLS)
    def test_one_sent_as_null_is_named(self, event_type: str, group: str) -> None:
        assert faults(make_event(event_type, data=make_groups(**{group: None}))) == [
            f"data.{group}"
        ]

    @pytest.mark.parametrize("event_type", list(NEEDED))
    def test_one_that_the_type_does_not_need_may_be_missing(self, event_type: str) -> None:
        groups = make_groups()
        data = {name: groups[name] for name in NEEDED[event_type]}
        TrackingEvent.model_validate(make_event(event_type, data=data))

    @pytest.mark.parametrize("event_type", list(NEEDED))
    def test_all_missing_are_named_at_once(self, event_type: str) -> None:
        wanted = sorted(f"data.{group}" for group in NEEDED[event_type])
        assert faults(make_event(event_type, data={})) == wanted

    def test_wrong_fields_and_missing_groups_are_named_together(self) -> None:
        wrong = make_order(status="", delivery_address={"city": "Pune", "pincode": "011004"})
        data = make_groups(order=wrong, otp=None)
        del data["rider"]
        event = make_event("out_for_delivery", data=data, sequence=0, colour="red")
        assert faults(event) == [
            "colour",
            "data.order.delivery_address.pincode",
            "data.order.delivery_address.state",
            "data.order.status",
            "data.otp",
            "data.rider",
            "sequence",
        ]

    def test_a_place_in_a_list_is_named_by_its_number(self) -> None:
        data = make_groups()
        good = {
            "type": "photo",
            "url": "https://x.example/1",
            "captured_at": "2026-03-02T10:00:00Z",
        }
        data["failure"]["evidence"] = [good, {**good, "url": "not a link"}]
        assert faults(make_event("delivery_failed", data=data)) == ["data.failure.evidence.1.url"]

    @pytest.mark.parametrize("data", [None, [], "order", 7])
    def test_data_that_is_no_object(self, data: object) -> None:
        assert faults(make_event(data=data)) == ["data"]

    def test_without_a_type_the_rest_is_still_looked_at(self) -> None:
        assert faults(make_event("teleported", data={}, partner_id="a b")) == [
            "data.order",
            "partner_id",
            "type",
        ]

    def test_the_python_name_of_return_is_not_its_name(self) -> None:
        data = make_groups()
        data["return_"] = data.pop("return")
        assert faults(make_event("return_initiated", data=data)) == ["data.return", "data.return_"]


class TestWhatIsNeverShown:
    def test_no_value_is_in_an_error(self) -> None:
        data = make_groups(rider=None)
        data["order"]["customer"] = {"name": "Asha Kulkarni", "phone": "98765-MARKER"}
        data["order"]["cod_amount"] = {"amount": 31337.5}
        data["otp"]["code"] = "MARKER-OTP"
        event = make_event("out_for_delivery", data=data, occurred_at="MARKER-TIME")
        with pytest.raises(ValidationError) as caught:
            TrackingEvent.model_validate(event)
        shown = f"{caught.value!s} {caught.value.errors(include_input=False)!r}"
        for value in ("MARKER", "Asha", "98765", "31337"):
            assert value not in shown


class TestIds:
    GOOD = ("a", "evt-1", "EVT_9", "-", "x" * 64)
    BAD = ("", "x" * 65, "a b", "a.b", "a/b", "ä", "evt-1\n", "a\x00", "१२३", 7, None)

    @pytest.mark.parametrize("field", ["event_id", "partner_id"])
    @pytest.mark.parametrize("value", GOOD)
    def test_good(self, field: str, value: str) -> None:
        TrackingEvent.model_validate(make_event(**{field: value}))

    @pytest.mark.parametrize("field", ["event_id", "partner_id"])
    @pytest.mark.parametrize("value", BAD)
    def test_bad(self, field: str, value: object) -> None:
        assert faults({**make_event(), field: value}) == [field]


class TestTheEnvelope:
    @pytest.mark.parametrize("field", ["event_id", "type", "partner_id", "occurred_at", "data"])
    def test_a_missing_field_is_named(self, field: str) -> None:
        event = make_event()
        del event[field]
        assert faults(event) == [field]

    @pytest.mark.parametrize("sequence", [0, -1, 2_147_483_648, "one", 1.5])
    def test_a_sequence_counts_from_1_and_fits_the_store(self, sequence: object) -> None:
        assert faults(make_event(sequence=sequence)) == ["sequence"]

    @pytest.mark.parametrize("sequence", [None, 1, MOST_SEQUENCE])
    def test_sequences_that_are_taken(self, sequence: int | None) -> None:
        assert TrackingEvent.model_validate(make_event(sequence=sequence)).sequence == sequence

    def test_an_unknown_field_is_refused_at_every_depth(self) -> None:
        data = make_groups()
        data["order"]["delivery_address"]["planet"] = "Earth"
        data["planet"] = data["rider"]["planet"] = "Earth"
        assert faults(make_event(data=data, planet="Earth")) == [
            "data.order.delivery_address.planet",
            "data.planet",
            "data.rider.planet",
            "planet",
        ]

    def test_an_event_cannot_be_changed(self) -> None:
        event = TrackingEvent.model_validate(make_event())
        with pytest.raises(ValidationError):
            event.event_id = "another"  # type: ignore[misc]


class TestGroupsOfTheirOwn:
    def test_an_otp_ends_after_it_starts(self) -> None:
        moment = "2026-03-02T10:00:00Z"
        otp = {"code": "4839", "valid_from": moment, "valid_until": moment}
        assert faults(make_event("out_for_delivery", data=make_groups(otp=otp))) == ["data.otp"]

    @pytest.mark.parametrize("code", ["483", "4839201", "48a9", True, 4839.5])
    def test_an_otp_is_four_to_six_digits(self, code: object) -> None:
        data = make_groups()
        data["otp"]["code"] = code
        assert faults(make_event("out_for_delivery", data=data)) == ["data.otp.code"]

    def test_a_rider_without_any_phone_is_refused(self) -> None:
        rider = {"rider_id": "RDR-7", "name": "Imran"}
        assert faults(make_event("delivered", data=make_groups(rider=rider))) == ["data.rider"]

    def test_a_rider_s_phone_is_masked_where_the_mask_is_not_sent(self) -> None:
        rider = {"rider_id": "RDR-7", "name": "Imran", "phone": "098123 45678"}
        event = TrackingEvent.model_validate(make_event(data=make_groups(rider=rider)))
        assert event.data.rider is not None
        assert event.data.rider.phone_masked == "+91********78"

    def test_a_mask_that_is_sent_is_kept(self) -> None:
        rider = {"rider_id": "RDR-7", "name": "Imran", "phone_masked": "+91-9XXXX-XX678"}
        event = TrackingEvent.model_validate(make_event(data=make_groups(rider=rider)))
        assert event.data.rider is not None
        assert event.data.rider.phone is None
        assert event.data.rider.phone_masked == "+91-9XXXX-XX678"

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("order.source", "amazon"),
            ("order.service_type", "interplanetary"),
            ("order.payment_mode", "barter"),
            ("order.package_count", 0),
            ("order.weight_grams", -1),
            ("order.attempt_number", -1),
            ("order.tracking_url", "javascript:alert(1)"),
            ("order.tracking_url", "https://a b.example"),
            ("rider.vehicle_type", "horse"),
            ("failure.reason_category", "weather"),
            ("failure.attempt_number", 0),
            ("failure.max_attempts", 0),
            ("failure.next_action", "shrug"),
            ("return.return_type", "boomerang"),
            ("return.initiated_by", "fate"),
            ("return.attempts_made", -1),
            ("delivery.recipient_type", "dog"),
            ("delivery.verification_method", "hunch"),
            ("otp.purpose", "login"),
        ],
    )
    def test_a_closed_field_takes_nothing_else(self, path: str, value: object) -> None:
        group, field = path.split(".")
        data = make_groups()
        data[group][field] = value
        assert faults(make_event("delivered", data=data)) == [f"data.{path}"]

    def test_a_reason_code_is_an_open_string(self) -> None:
        data = make_groups()
        data["failure"]["reason_code"] = "monsoon_flood"
        TrackingEvent.model_validate(make_event("delivery_failed", data=data))


class TestAges:
    NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("age", "notify", "refused"),
        [
            (timedelta(0), True, False),
            (timedelta(minutes=-5), True, False),
            (timedelta(minutes=-5, microseconds=-1), True, True),
            (timedelta(minutes=-6), False, True),
            (timedelta(days=7), True, False),
            (timedelta(days=7, microseconds=1), True, True),
            (timedelta(days=4000), False, False),
        ],
    )
    def test_too_young_and_too_old(self, age: timedelta, notify: bool, refused: bool) -> None:
        event = make_event(occurred_at=(self.NOW - age).isoformat(), notify=notify)
        fault = fault_of_age(TrackingEvent.model_validate(event), self.NOW)
        assert (fault is not None) is refused
