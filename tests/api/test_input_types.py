"""No field of any body is lax: numbers are numbers and bounded, texts can be kept and shown.

The fields are found by walking the routes, so that a new one is tried as soon as it is there.
"""

from collections.abc import Iterator
from math import inf
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.api.input_models import api_routes, body_models, taken, type_of
from tests.support.bare_app import BARE_APP

MOST = 2**53 - 1
UNREADABLE = {
    "NUL": "a\x00b",
    "escape": "a\x1bb",
    "next line": "a\x85b",
    "override": "a\u202eb",
    "nothing to see": "\u200b\u2060",
    "endless": "x" * 10_000,
}
ANY_ITEMS = {("EventBatch", "events")}
"""Read one by one as events, so that one that is wrong costs no other."""

FIELDS = {
    f"{model.__name__}.{name}": (model, name)
    for model in sorted(body_models(BARE_APP), key=lambda model: model.__name__)
    for name in model.model_fields
    if (model.__name__, name) not in ANY_ITEMS
}


def schemas_in(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a JSON schema."""
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from schemas_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from schemas_in(inner)


def test_there_are_fields() -> None:
    assert {"Order.order_id", "PartnerChange.retention_days", "KeyCreate.label"} <= set(FIELDS)


@pytest.fixture(scope="module")
def types() -> dict[str, TypeAdapter[Any]]:
    """Each field as pydantic reads it."""
    return {field: type_of(model.model_fields[name]) for field, (model, name) in FIELDS.items()}


class TestEveryField:
    """All at once: by itself each costs less than a test does."""

    def test_takes_no_number_that_is_none(self, types: dict[str, TypeAdapter[Any]]) -> None:
        given = (True, "5", " 3 ", "1_000", "१०", "1e3", 1.0, 2**53, 1e300)
        assert [
            f"{field} makes {read!r} of {one!r}"
            for field, kind in types.items()
            for one in given
            for read in taken(kind, one)
            if is_lax(one, read)
        ] == []

    def test_says_how_great_its_numbers_are(self, types: dict[str, TypeAdapter[Any]]) -> None:
        assert [
            f"{field}: {one}"
            for field, kind in types.items()
            for one in schemas_in(kind.json_schema(mode="serialization"))
            if one.get("type") in ("integer", "number")
            and not (abs(one.get("minimum", inf)) <= MOST and abs(one.get("maximum", inf)) <= MOST)
        ] == []

    def test_takes_no_text_that_cannot_be_kept_and_shown(
        self, types: dict[str, TypeAdapter[Any]]
    ) -> None:
        assert [
            f"{field} takes {why}"
            for field, kind in types.items()
            for why, unreadable in UNREADABLE.items()
            for read in taken(kind, unreadable)
            if isinstance(read, str) and (not read.isprintable() or read == unreadable)
        ] == []


def is_lax(given: Any, read: Any) -> bool:
    """Whether a number, or a yes, was made of what is none."""
    if read is True:
        return given is not True
    number = isinstance(read, int | float) and not isinstance(read, bool)
    return number and not (isinstance(given, float) and abs(read) < MOST)


def test_every_parameter_that_is_a_number_has_bounds() -> None:
    document = BARE_APP.openapi()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                for one in schemas_in(parameter["schema"]):
                    if one.get("type") in ("integer", "number"):
                        assert {"minimum", "maximum"} <= set(one), (path, parameter["name"])


def test_the_walk_finds_every_route() -> None:
    paths = {route.path_format for route in api_routes(BARE_APP)}
    assert set(BARE_APP.openapi()["paths"]) <= paths
