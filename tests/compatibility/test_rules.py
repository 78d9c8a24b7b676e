"""Each rule over two schemas: what it refuses, what it lets through, and the path that it names."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from compatibility.rules import broken_promises
from compatibility.second_opinion import is_compatible
from contracts.payload.schema import payload_schema

Change = Callable[[dict[str, Any]], object]


def objects(schema: dict[str, Any]) -> dict[str, Any]:
    """The named objects of a schema."""
    found: dict[str, Any] = schema["$defs"]
    return found


def field(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """One field of one object, such as `Order.status`."""
    group, name = path.split(".")
    found: dict[str, Any] = objects(schema)[group]["properties"][name]
    return found


def replace(path: str, **keywords: Any) -> Change:
    """Set keywords of a field; None takes one away."""

    def change(schema: dict[str, Any]) -> None:
        there = field(schema, path)
        there.update(keywords)
        for name in [name for name, value in there.items() if value is None]:
            del there[name]

    return change


def remove(schema: dict[str, Any]) -> None:
    del objects(schema)["Order"]["properties"]["tracking_url"]
    objects(schema)["Order"]["required"].remove("tracking_url")


def rename(schema: dict[str, Any]) -> None:
    rider = objects(schema)["Rider"]
    rider["properties"]["identifier"] = rider["properties"].pop("rider_id")
    rider["required"][0] = "identifier"


def make_nullable(schema: dict[str, Any]) -> None:
    order = objects(schema)["Order"]["properties"]
    order["shipment_id"] = {"anyOf": [order["shipment_id"], {"type": "null"}]}


def make_object_nullable(schema: dict[str, Any]) -> None:
    order = objects(schema)["Order"]["properties"]
    order["delivery_address"] = {"anyOf": [order["delivery_address"], {"type": "null"}]}


def widen_nullable_enum(schema: dict[str, Any]) -> None:
    field(schema, "Rider.vehicle_type")["anyOf"][0]["enum"].append("bicycle")


def free_nullable_pattern(schema: dict[str, Any]) -> None:
    del field(schema, "Otp.code")["anyOf"][0]["pattern"]


def add_field(schema: dict[str, Any]) -> None:
    objects(schema)["Rider"]["properties"]["rating"] = {"type": "integer"}
    objects(schema)["Rider"]["required"].append("rating")


def add_group(schema: dict[str, Any]) -> None:
    objects(schema)["Weather"] = {
        "type": "object",
        "properties": {"rain": {"type": "boolean"}},
        "required": ["rain"],
    }
    data = objects(schema)["EventData"]
    data["properties"]["weather"] = {"anyOf": [{"$ref": "#/$defs/Weather"}, {"type": "null"}]}
    data["required"].append("weather")


BREAKS: dict[str, tuple[Change, str]] = {
    "a removed field": (remove, "data.order.tracking_url: was removed or renamed"),
    "a renamed field": (rename, "data.rider.rider_id: was removed or renamed"),
    "a removed group": (
        lambda schema: (
            objects(schema)["EventData"]["properties"].pop("otp"),
            objects(schema)["EventData"]["required"].remove("otp"),
        ),
        "data.otp: was removed or renamed",
    ),
    "an optional field": (
        lambda schema: objects(schema)["Otp"]["required"].remove("code"),
        "data.otp.code: is not required; every field is always there, null or not",
    ),
    "a nullable field": (make_nullable, "data.order.shipment_id: may now be null"),
    "a nullable object": (make_object_nullable, "data.order.delivery_address: may now be null"),
    "another type": (
        replace("Order.package_count", type="number"),
        "data.order.package_count: was of type integer, now number",
    ),
    "a widened enum": (
        lambda schema: field(schema, "Failure.next_action")["enum"].append("burn"),
        "data.failure.next_action: takes new values burn, but the list was closed",
    ),
    "a widened nullable enum": (
        widen_nullable_enum,
        "data.rider.vehicle_type: takes new values bicycle, but the list was closed",
    ),
    "an opened enum": (
        replace("Failure.next_action", enum=None),
        "data.failure.next_action: was one of hold, none, reattempt, reschedule, rto, now anything",
    ),
    "another constant": (
        replace("Otp.purpose", const="pickup"),
        "data.otp.purpose: takes new values pickup, but the list was closed",
    ),
    "a loosened pattern": (
        replace("Destination.pincode", pattern="^[0-9]{5,6}$"),
        "data.return.destination.pincode: pattern was ^[1-9][0-9]{5}$, now ^[0-9]{5,6}$",
    ),
    "a pattern gone": (
        replace("Money.currency", pattern=None),
        "data.order.cod_amount.currency: pattern was ^[A-Z]{3}$, now not there",
    ),
    "a pattern gone from a nullable field": (
        free_nullable_pattern,
        "data.otp.code: pattern was ^[0-9]{4,6}$, now not there",
    ),
    "a format gone": (
        replace("Order.ordered_at", format=None),
        "data.order.ordered_at: format was date-time, now not there",
    ),
    "another format": (
        replace("Order.ordered_at", format="date"),
        "data.order.ordered_at: format was date-time, now date",
    ),
    "a higher maximum": (
        replace("Place.latitude", maximum=180),
        "data.failure.location.latitude: maximum was 90, now 180",
    ),
    "a lower minimum": (
        replace("Failure.attempt_number", minimum=0),
        "data.failure.attempt_number: minimum was 1, now 0",
    ),
    "a longer text": (
        replace("Order.order_id", maxLength=501),
        "data.order.order_id: maxLength was 500, now 501",
    ),
    "a text that may be empty": (
        replace("Order.order_id", minLength=None),
        "data.order.order_id: minLength was 1, now not there",
    ),
    "a longer list": (
        replace("Failure.evidence", maxItems=None),
        "data.failure.evidence: maxItems was 20, now not there",
    ),
    "a break inside a list": (
        replace("Evidence.url", maxLength=9999),
        "data.failure.evidence[].url: maxLength was 2000, now 9999",
    ),
    "a closed object": (
        lambda schema: objects(schema)["Customer"].update(additionalProperties=False),
        "data.order.customer: is closed; published objects stay open for new fields",
    ),
    "a keyword without a rule": (
        replace("Order.status", contentEncoding="base64"),
        "data.order.status: contentEncoding was not there, now base64",
    ),
}

FINE: dict[str, Change] = {
    "an added field": add_field,
    "an added group": add_group,
    "a narrower list of values": lambda schema: field(schema, "Failure.next_action")["enum"].pop(),
    "a narrower bound": replace("Order.order_id", maxLength=100),
    "a bound where there was none": replace("Money.currency", maxLength=3),
    "another identifier": lambda schema: schema.update({"$id": "urn:doorstep:of-a-later-day"}),
    "another description": replace("Order.order_id", description="in other words"),
    "a field that is no longer null": lambda schema: objects(schema)["Rider"]["properties"].update(
        phone=field(schema, "Rider.phone")["anyOf"][0]
    ),
}


def changed(change: Change) -> dict[str, Any]:
    """The schema of the day with one change."""
    schema = copy.deepcopy(payload_schema())
    change(schema)
    return schema


class TestWhatBreaks:
    @pytest.mark.parametrize("name", BREAKS)
    def test_it_is_named_with_its_path(self, name: str) -> None:
        change, sentence = BREAKS[name]
        assert sentence in broken_promises(payload_schema(), changed(change))

    def test_a_new_field_has_to_be_required_and_open_too(self) -> None:
        def add_badly(schema: dict[str, Any]) -> None:
            add_group(schema)
            objects(schema)["Weather"] |= {"required": [], "additionalProperties": False}

        assert broken_promises(payload_schema(), changed(add_badly)) == [
            "data.weather.rain: is not required; every field is always there, null or not",
            "data.weather: is closed; published objects stay open for new fields",
        ]


class TestWhatDoesNot:
    def test_the_same_again(self) -> None:
        assert broken_promises(payload_schema(), payload_schema()) == []

    @pytest.mark.parametrize("name", FINE)
    def test_it_passes(self, name: str) -> None:
        proposed = changed(FINE[name])
        assert broken_promises(payload_schema(), proposed) == []
        assert is_compatible(payload_schema(), proposed)
