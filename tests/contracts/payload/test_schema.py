"""The published schema and its examples, read by a validator that is not ours."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from compatibility.files import CURRENT, EXAMPLES, RELEASED, generated
from compatibility.reference.tables import Field
from contracts.payload.events import GROUP_MATRIX, EventType, TrackingEvent
from contracts.payload.payload import SCHEMA_VERSION, SCHEMA_VERSIONS, build_payload, to_bytes
from tests.contracts.payload.test_payload import NOW
from tests.deployment.generated_fields import NULL, fields_by_group
from tests.support.strategies import events

SCHEMA = json.loads(CURRENT.read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
FIELDS = [
    pytest.param(field, id=f"{group} {field.path.strip('`')}")
    for group, fields in fields_by_group(SCHEMA).items()
    for field in fields
]


def example(kind: EventType) -> dict[str, Any]:
    """The published example of one type."""
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{kind}.json").read_text())
    return loaded


class TestTheSchema:
    def test_it_is_a_schema_of_2020_12(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)
        assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    def test_it_has_a_name_that_is_the_same_wherever_it_is_served(self) -> None:
        assert SCHEMA["$id"] == f"urn:doorstep:webhook-payload:{SCHEMA_VERSION}"

    @pytest.mark.parametrize("path", generated(), ids=lambda path: path.name)
    def test_each_committed_file_is_what_the_models_give(self, path: Path) -> None:
        assert path.read_text() == generated()[path], "run: make schema"

    def test_every_version_is_published_and_released(self) -> None:
        assert SCHEMA_VERSIONS[-1] == SCHEMA_VERSION
        for version in SCHEMA_VERSIONS:
            assert (CURRENT.parent / f"{version}.json").is_file()
            assert (RELEASED.parent / f"{version}.json").is_file()

    def test_nothing_in_it_is_about_our_side(self) -> None:
        text = CURRENT.read_text()
        assert '"default"' not in text
        assert '"additionalProperties"' not in text


class TestWhatItSays:
    """Of each field what it means, and of those that may be null when they are."""

    @pytest.mark.parametrize("field", FIELDS)
    def test_each_field_has_a_meaning(self, field: Field) -> None:
        assert field.meaning
        assert (NULL in field.meaning.replace("\n", " ")) is field.type.endswith(" or null")

    def test_it_says_what_to_join_on(self) -> None:
        joined = {
            field.path.strip("`")
            for fields in fields_by_group(SCHEMA).values()
            for field in fields
            if "join on this" in field.meaning
        }
        assert joined == {"event_id", "order_id", "partner_order_ref", "awb_number", "return_id"}


class TestWhatItTakes:
    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(EventType).flatmap(lambda kind: events(kind, GROUP_MATRIX[kind])))
    def test_every_payload_that_we_build(self, event: dict[str, Any]) -> None:
        parsed = TrackingEvent.model_validate(event)
        VALIDATOR.validate(json.loads(to_bytes(build_payload(parsed, sequence=1, emitted_at=NOW))))

    @pytest.mark.parametrize("kind", EventType)
    def test_the_examples(self, kind: EventType) -> None:
        shown = example(kind)
        VALIDATOR.validate(shown)
        assert shown["type"] == kind

    def test_a_field_that_it_does_not_know(self) -> None:
        shown = example(EventType.DELIVERED)
        shown["data"]["delivery"]["weather"] = "rain"
        VALIDATOR.validate(shown)


class TestWhatItRefuses:
    @pytest.mark.parametrize("kind", EventType)
    def test_any_field_left_out_at_any_depth(self, kind: EventType) -> None:
        shown = example(kind)
        for inner in objects(shown):
            for name in list(inner):
                value = inner.pop(name)
                assert not VALIDATOR.is_valid(shown), name
                inner[name] = value
        VALIDATOR.validate(shown)

    @pytest.mark.parametrize("wrong", ["2026-11-23T15:04:05+05:30", "2026-11-23", 1_700_000_000])
    def test_a_time_that_is_not_in_utc(self, wrong: object) -> None:
        assert not VALIDATOR.is_valid({**example(EventType.DELIVERED), "timestamp": wrong})


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a document, itself included."""
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in objects(inner))]
    return [found for inner in value for found in objects(inner)] if isinstance(value, list) else []
