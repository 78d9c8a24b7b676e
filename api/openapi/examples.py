"""An example of each body and each answer, composed of the examples of its fields.

A model that has an example of its own is shown as that; a field that has none as its default, as
null where it may be null, or as the first of its values.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_JSON = "application/json"
_NULL = {"type": "null"}
_ANY_OBJECT = {"type": "object"}


def add_examples(document: dict[str, Any]) -> None:
    """Give every JSON body and answer of the document that has no example one."""
    schemas = document["components"]["schemas"]
    for content in _json_in(document["paths"]):
        if not {"example", "examples"} & set(content) and content["schema"] != _ANY_OBJECT:
            content["example"] = example_of(content["schema"], schemas)


def _json_in(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is said of each JSON body and answer."""
    for operations in paths.values():
        for operation in operations.values():
            for part in (operation.get("requestBody", {}), *operation["responses"].values()):
                if _JSON in part.get("content", {}):
                    yield part["content"][_JSON]


def example_of(schema: Schema, schemas: dict[str, Schema]) -> Any:
    """A value that the schema allows. LookupError for a text of which nobody has said how it
    looks: any that we made up would say less than nothing."""
    if "examples" in schema:
        return _in_order(schema["examples"][0], schema.get("properties", {}))
    for keyword in ("default", "const"):
        if keyword in schema:
            return schema[keyword]
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return _first_of(schema["anyOf"], schemas)
    return _of_its_type(schema, schemas)


def _in_order(example: Any, fields: Schema) -> Any:
    """A model's own example with its fields in the order of the model: pydantic sorts them."""
    return {name: example[name] for name in fields if name in example} if fields else example


def _first_of(arms: list[Schema], schemas: dict[str, Schema]) -> Any:
    """The first arm's example; where it may be null, only if that has one of its own."""
    first = arms[0]
    target = schemas.get(first.get("$ref", "").rpartition("/")[2], first)
    if _NULL in arms and "examples" not in target:
        return None
    return example_of(first, schemas)


def _of_its_type(schema: Schema, schemas: dict[str, Schema]) -> Any:
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: example_of(fields[name], schemas) for name in schema.get("required", ())}
        case "array":
            return [example_of(schema["items"], schemas)]
        case "boolean":
            return False
        case "integer" | "number":
            return schema.get("minimum", 0)
        case _:
            raise LookupError(f"give it an example: {schema}")
