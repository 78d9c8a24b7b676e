"""What schema 1.x promises, as rules over two schemas; each broken one is a sentence with its path.

Receivers validate, generate code and branch on what was published. So a later schema may only say
more: no field removed, renamed, made optional or nullable, no type, pattern or format changed, no
bound or list of values widened. Every object stays open, and every field in it required.
"""

from collections.abc import Iterator
from typing import Any

from compatibility.shapes import SAYS_NOTHING, Schema, Shape, shape_of

_NOT_THERE = "not there"
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_VALUES = ("enum", "const")
_BY_THEIR_OWN_RULE = {
    *_LEAST,
    *_MOST,
    *_VALUES,
    *SAYS_NOTHING,
    *("type", "properties", "required", "additionalProperties", "items"),
}


def broken_promises(released: Schema, proposed: Schema) -> list[str]:
    """Every way in which the proposed schema breaks receivers of the released one."""
    old, new = shape_of(released, released), shape_of(proposed, proposed)
    return [*_unsound("", new, proposed), *_breaks("", old, new, (released, proposed))]


def _unsound(path: str, shape: Shape, root: Schema) -> Iterator[str]:
    """What no published schema may have, whatever was released before."""
    for name in sorted(set(shape.properties) - shape.required):
        yield f"{_below(path, name)}: is not required; every field is always there, null or not"
    if shape.schema.get("additionalProperties", True) is not True:
        yield f"{path or 'the payload'}: is closed; published objects stay open for new fields"
    for name, inner in shape.properties.items():
        yield from _unsound(_below(path, name), shape_of(inner, root), root)
    if "items" in shape.schema:
        yield from _unsound(f"{path}[]", shape_of(shape.schema["items"], root), root)


def _breaks(path: str, old: Shape, new: Shape, roots: tuple[Schema, Schema]) -> Iterator[str]:
    if new.nullable and not old.nullable:
        yield f"{path}: may now be null"
    was, now = old.schema.get("type"), new.schema.get("type")
    if was != now:
        yield f"{path}: was of type {was}, now {now}"
        return
    yield from _wider_values(path, old.schema, new.schema)
    yield from _wider_bounds(path, old.schema, new.schema)
    yield from _changed_rules(path, old.schema, new.schema)
    for name, field in old.properties.items():
        if name not in new.properties:
            yield f"{_below(path, name)}: was removed or renamed"
        else:
            inner = shape_of(field, roots[0]), shape_of(new.properties[name], roots[1])
            yield from _breaks(_below(path, name), *inner, roots)
    if "items" in old.schema:
        items = old.schema["items"], new.schema.get("items", {})
        inner = shape_of(items[0], roots[0]), shape_of(items[1], roots[1])
        yield from _breaks(f"{path}[]", *inner, roots)


def _wider_values(path: str, old: Schema, new: Schema) -> Iterator[str]:
    """A closed list of values stays closed: receivers branch on all of it."""
    was, now = _values(old), _values(new)
    if was is not None and now is None:
        yield f"{path}: was one of {_listed(was)}, now anything"
    elif was is not None and now is not None and not now <= was:
        yield f"{path}: takes new values {_listed(now - was)}, but the list was closed"


def _wider_bounds(path: str, old: Schema, new: Schema) -> Iterator[str]:
    for name in _LEAST:
        if name in old and (name not in new or new[name] < old[name]):
            yield f"{path}: {name} was {old[name]}, now {new.get(name, _NOT_THERE)}"
    for name in _MOST:
        if name in old and (name not in new or new[name] > old[name]):
            yield f"{path}: {name} was {old[name]}, now {new.get(name, _NOT_THERE)}"


def _changed_rules(path: str, old: Schema, new: Schema) -> Iterator[str]:
    """Patterns and formats are frozen: nobody can tell by looking which of two is the wider.

    So is every keyword that has no rule of its own here.
    """
    for name in sorted((set(old) | set(new)) - _BY_THEIR_OWN_RULE):
        if old.get(name) != new.get(name):
            was, now = old.get(name, _NOT_THERE), new.get(name, _NOT_THERE)
            yield f"{path or 'the payload'}: {name} was {was}, now {now}"


def _values(schema: Schema) -> frozenset[Any] | None:
    if "const" in schema:
        return frozenset({schema["const"]})
    return frozenset(schema["enum"]) if "enum" in schema else None


def _listed(values: frozenset[Any]) -> str:
    return ", ".join(sorted(map(str, values)))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
