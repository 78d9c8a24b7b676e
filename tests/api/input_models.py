"""Everything that the API reads: each field of each body's models, as a type of its own."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo


def api_routes(app: FastAPI) -> Iterator[APIRoute]:
    """Every route of the API itself; the dashboard's app is mounted, and its own."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def body_models(app: FastAPI) -> set[type[BaseModel]]:
    """The models of all bodies, and those inside them."""
    found: set[type[BaseModel]] = set()
    for route in api_routes(app):
        for parameter in route.dependant.body_params:
            _collect(parameter.field_info.annotation, found)
    return found


def type_of(field: FieldInfo) -> TypeAdapter[Any]:
    """A field as pydantic reads it."""
    kind: Any = field.annotation
    metadata: tuple[Any, ...] = tuple(field.metadata)
    return TypeAdapter(Annotated[(kind, *metadata)] if metadata else kind)


def taken(kind: TypeAdapter[Any], value: Any) -> Iterator[Any]:
    """What a field makes of a value, by itself, in a list and in an object."""
    for sent in (value, [value], {"name": value}):
        try:
            read = kind.validate_python(sent)
        except ValidationError:
            continue
        inner = list(read.values()) if isinstance(read, dict) else read
        yield from inner if isinstance(inner, list) else [inner]


def _collect(annotation: Any, found: set[type[BaseModel]]) -> None:
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    if is_model and annotation not in found:
        found.add(annotation)
        for field in annotation.model_fields.values():
            _collect(field.annotation, found)
    for inner in get_args(annotation):
        _collect(inner, found)
