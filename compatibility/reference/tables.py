"""Schemas of the OpenAPI document as tables for readers: a row for each field.

A small object is shown where it is, by paths such as `items[].id`. A large one that stands in
several places, or deep inside, and a long list of values have a section of their own, and are
linked to; `linked` gathers their names.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compatibility.reference.markdown import code, either, table

Schema = Mapping[str, Any]

_NULL = {"type": "null"}
_LEAST_FIELDS, _LEAST_VALUES = 4, 5
"""What has so many may have a section of its own."""
_DEEP = 2
_PLURALS = {"object": "objects", "string": "strings"}
_LONGEST_PATTERN = 40
_WITHOUT_NUL = r"^[^\x00]*$"
_NO_BOUND = 10**9
"""What is bounded by this or more is bounded by what computers keep."""


@dataclass(frozen=True)
class Field:
    """A row of a table."""

    path: str
    type: str
    required: str
    meaning: str


@dataclass
class FieldTables:
    """Makes tables of schemas. `shared` are the names of those that stand in several places."""

    schemas: Mapping[str, Schema]
    shared: frozenset[str]
    linked: set[str] = field(default_factory=set)

    def of_object(self, schema: Schema, *, sent: bool) -> str:
        """The fields of an object; of one that is sent also which are required."""
        rows = [
            (one.path, one.type, *([one.required] if sent else []), one.meaning)
            for one in self.fields(schema)
        ]
        return table(("field", "type", *(["required"] if sent else []), "meaning"), rows)

    def fields(self, schema: Schema, path: str = "", depth: int = 0) -> Iterator[Field]:
        """A row for each field of an object, and below it for those of small objects in it."""
        target = self.target(schema)
        for name, one in target.get("properties", {}).items():
            inner, brackets = _inside(one)
            is_here = "properties" in self.target(inner) and not self.is_linked(inner, depth + 1)
            meaning = described(one) or (described(self.target(inner)) if is_here else "")
            yield Field(
                path=f"`{path}{name}`",
                type=self.type_of(one, depth + 1),
                required=required(one, name in target.get("required", ())),
                meaning=meaning,
            )
            if is_here:
                yield from self.fields(inner, f"{path}{name}{brackets}.", depth + 1)

    def type_of(self, schema: Schema, depth: int = 0) -> str:
        """What a value may be, in a few words."""
        return either(list(dict.fromkeys(self._types(schema, depth))))

    def _types(self, schema: Schema, depth: int) -> Iterator[str]:
        """Each of the things that a value may be."""
        target = self.target(schema)
        if self.is_linked(schema, depth):
            name = _name_of(schema)
            self.linked.add(name)
            yield f"[{name}](#{name.lower()})"
        elif "anyOf" in target:
            for arm in target["anyOf"]:
                yield from self._types(arm, depth)
        elif "enum" in target or "const" in target:
            yield from code(target.get("enum") or [target["const"]])
        elif target.get("type") == "array":
            of = self.type_of(target["items"], depth)
            yield f"list{_length(target, 'Items')} of {_PLURALS.get(of, of)}"
        else:
            yield _plain_type(target)

    def is_linked(self, schema: Schema, depth: int = 0) -> bool:
        """Whether what a schema refers to has a section of its own."""
        if "$ref" not in schema:
            return False
        target = self.target(schema)
        is_large = len(target.get("properties", ())) >= _LEAST_FIELDS
        is_apart = depth >= _DEEP or _name_of(schema) in self.shared
        return (is_large and is_apart) or len(target.get("enum", ())) >= _LEAST_VALUES

    def target(self, schema: Schema) -> Schema:
        """What a schema refers to, or itself."""
        return self.schemas[_name_of(schema)] if "$ref" in schema else schema


def shared_schemas(document: Mapping[str, Any]) -> frozenset[str]:
    """The names of the schemas that several operations, or other schemas, refer to."""
    counted: Counter[str] = Counter()
    waiting = [
        content["schema"]
        for operations in document["paths"].values()
        for one in operations.values()
        for part in (one.get("requestBody", {}), next(iter(one["responses"].values())))
        for content in part.get("content", {}).values()
    ]
    while waiting:
        names = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(waiting.pop()))
        waiting += [document["components"]["schemas"][one] for one in names if not counted[one]]
        counted.update(names)
    return frozenset(name for name, count in counted.items() if count > 1)


def required(schema: Schema, is_required: bool) -> str:
    """Whether a field has to be there, and what is taken where it is not."""
    if is_required:
        return "yes"
    return f"no, `{json.dumps(schema['default'])}`" if "default" in schema else "no"


def not_null(schema: Schema) -> Schema:
    """The schema of what is there when it is not null."""
    arms = [arm for arm in schema.get("anyOf", ()) if arm != _NULL]
    return arms[0] if len(arms) == 1 else schema


def described(schema: Schema) -> str:
    """What is said of a value, or of what it is when it is not null."""
    return str(schema.get("description") or not_null(schema).get("description", ""))


def _inside(schema: Schema) -> tuple[Schema, str]:
    """What a field holds, or each item of its list, and how a path says which."""
    held = not_null(schema)
    return (held["items"], "[]") if held.get("type") == "array" else (held, "")


def _name_of(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _plain_type(schema: Schema) -> str:
    kind = str(schema.get("type", "any value"))
    if schema.get("format") in ("date-time", "uri"):
        return "time" if schema["format"] == "date-time" else "URL"
    if kind in ("integer", "number"):
        return kind + _range(schema)
    pattern = schema.get("pattern", _WITHOUT_NUL)
    if pattern != _WITHOUT_NUL and len(pattern) <= _LONGEST_PATTERN:
        return f"{kind} (`{pattern}`)"
    if schema.get("additionalProperties", {}) == {"type": "string"}:
        return "object of strings"
    return kind + _length(schema, "Length")


def _length(schema: Schema, of: str) -> str:
    """Such as ` (1 to 64)`, of characters or items."""
    least, most = schema.get(f"min{of}", 0), schema.get(f"max{of}")
    unit = " characters" if of == "Length" else ""
    if most is None:
        return " (not empty)" if least else ""
    return f" ({least} to {most}{unit})" if least else f" (up to {most}{unit})"


def _range(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None or most is None:
        return ""
    return f" ({least:,.10g} to {most:,.10g})" if most < _NO_BOUND else f" (from {least:,.10g})"
