"""Every field of the payload and of the event, as tables for readers, made of the models.

What a field means is the docstring below it, or its description. Of one that may be null it says
after "; null" when it is: that is a column of its own where the payload is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from compatibility.reference.markdown import either, table
from compatibility.reference.tables import Field, FieldTables
from contracts.payload.events import GROUP_MATRIX, GROUPS, EventType, TrackingEvent
from contracts.payload.payload import Payload

Schema = Mapping[str, Any]

NULL = "; null "
_JOIN = "join on this"


class WholeTables(FieldTables):
    """Every field at its own path: nothing is left to another section."""

    def is_linked(self, schema: Schema, depth: int = 0) -> bool:
        """Never."""
        return False


def payload_fields() -> str:
    """The payload's fields: type, when it is null, meaning."""
    return _by_group(
        Payload.model_json_schema(mode="serialization", by_alias=True),
        ("field", "type", "null", "meaning"),
        _received,
        "in",
    )


def event_fields() -> str:
    """The fields of an event as it is sent: type and bounds, whether it is required, meaning."""
    return _by_group(
        TrackingEvent.model_json_schema(mode="validation", by_alias=True),
        ("field", "type and bounds", "required", "meaning"),
        _sent,
        "needed for",
    )


def fields_by_group(schema: Schema) -> dict[str, list[Field]]:
    """The fields of the envelope, and of each group by its name on the wire."""
    tables = WholeTables(schema["$defs"], frozenset())
    rows = [one for one in tables.fields(schema) if not one.path.startswith("`data.")]
    groups = schema["$defs"]["EventData"]["properties"]
    return {
        "envelope": rows,
        **{group: list(tables.fields(_held(groups[group]))) for group in GROUPS},
    }


def _by_group(
    schema: Schema, head: Sequence[str], row: Callable[[Field], Sequence[str]], word: str
) -> str:
    return "\n".join(
        f"**{name}**{_where(name, word)}\n\n{table(head, [row(one) for one in fields])}"
        for name, fields in fields_by_group(schema).items()
    )


def _received(one: Field) -> tuple[str, str, str, str]:
    meaning, _, when = " ".join(one.meaning.split()).partition(NULL)
    marked = meaning.replace(_JOIN, f"**{_JOIN}**")
    return one.path, one.type.removesuffix(" or null"), when or "no", marked


def _sent(one: Field) -> tuple[str, str, str, str]:
    return one.path, one.type, one.required, one.meaning


def _where(group: str, word: str) -> str:
    """In which types of event a group is there."""
    if group not in GROUPS:
        return ""
    types = [f"`{kind}`" for kind in EventType if group in GROUP_MATRIX[kind]]
    return f", {word} {'every event' if len(types) == len(EventType) else either(types)}"


def _held(schema: Schema) -> Schema:
    """What a group is when it is not null."""
    arms: Iterator[Schema] = (arm for arm in schema.get("anyOf", ()) if "$ref" in arm)
    return next(arms, schema)
