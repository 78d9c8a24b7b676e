"""JSON Schema read as partners meet it: references followed, and null told apart from the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_NULL = {"type": "null"}
SAYS_NOTHING = frozenset(
    {"$schema", "$id", "$defs", "title", "description", "examples", "default", "deprecated"}
)
"""Keywords that no value can break."""


@dataclass(frozen=True)
class Shape:
    """What a value looks like when it is not null, and whether it may be null."""

    schema: Schema
    nullable: bool

    @property
    def properties(self) -> Mapping[str, Schema]:
        """The fields, where it is an object."""
        found: Mapping[str, Schema] = self.schema.get("properties", {})
        return found

    @property
    def required(self) -> frozenset[str]:
        """The fields that are always there."""
        return frozenset(self.schema.get("required", ()))


def shape_of(schema: Schema, root: Schema) -> Shape:
    """A schema with its reference followed and its `null` taken off."""
    arms = schema.get("anyOf")
    if arms is not None and _NULL in arms and len(arms) == 2:
        [other] = [arm for arm in arms if arm != _NULL]
        return Shape(_merged(schema, shape_of(other, root).schema, "anyOf"), nullable=True)
    if "$ref" in schema:
        target = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        inner = shape_of(target, root)
        return Shape(_merged(schema, inner.schema, "$ref"), inner.nullable)
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        rest = [kind for kind in kinds if kind != "null"]
        return Shape({**schema, "type": rest[0] if len(rest) == 1 else rest}, nullable=True)
    return Shape(schema, nullable=False)


def _merged(outer: Schema, inner: Schema, without: str) -> Schema:
    """The inner schema with what stands beside the keyword that led to it."""
    return {**inner, **{key: value for key, value in outer.items() if key != without}}
