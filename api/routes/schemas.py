"""`/v1/schemas`: the published payload schemas, with an example of each event. Open to anyone."""

import hashlib
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from api.json_route import JsonRoute
from api.published import read_example, read_schema
from contracts.errors import NotFound
from contracts.payload.events import EventType
from contracts.payload.payload import SCHEMA_VERSION, SCHEMA_VERSIONS

router = APIRouter(route_class=JsonRoute, prefix="/v1/schemas", tags=["schemas"])

_KEPT_FOR_S = 3600
_SCHEMA = "application/schema+json"
_NOT_CHANGED = {"description": "what you have, by your If-None-Match, is what there is"}

Version = Annotated[str, Path(examples=[SCHEMA_VERSION])]
KnownTag = Annotated[
    str | None,
    Header(alias="if-none-match", description="the `ETag` that you have: 304 where it is the same"),
]


class SchemaAnswer(Response):
    """A JSON Schema under its own media type."""

    media_type = _SCHEMA


@router.get(
    "/{version}",
    summary="Get the schema of the payload",
    response_class=SchemaAnswer,
    responses={
        200: {
            "description": "JSON Schema 2020-12",
            "content": {_SCHEMA: {"schema": {"type": "object"}}},
        },
        304: _NOT_CHANGED,
    },
)
async def get_schema(version: Version, seen: KnownTag = None) -> Response:
    """The JSON Schema (2020-12) of the webhook's payload. Every field is required at every depth,
    null or not. It is open: within 1.x fields are only added, so ignore what you do not know.

    It may be kept for an hour.
    """
    return _published(version, lambda: read_schema(version), seen, _SCHEMA)


@router.get(
    "/{version}/examples/{event_type}",
    summary="Get an example of a payload",
    responses={
        200: {
            "description": "a payload",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        304: _NOT_CHANGED,
    },
)
async def get_example(version: Version, event_type: EventType, seen: KnownTag = None) -> Response:
    """A payload of this type of event, with people and places that are invented."""
    return _published(version, lambda: read_example(version, event_type), seen, "application/json")


def _published(
    version: str, read: Callable[[], bytes], seen: str | None, media_type: str
) -> Response:
    """A published file, or 304 where the caller has it already (RFC 9110, section 13.1.2)."""
    if version not in SCHEMA_VERSIONS:
        known = ", ".join(SCHEMA_VERSIONS)
        raise NotFound(f"there is no such schema version; there is {known}")
    content = read()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": f"public, max-age={_KEPT_FOR_S}"}
    if _matches(seen, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _matches(seen: str | None, tag: str) -> bool:
    tags = [one.strip().removeprefix("W/") for one in (seen or "").split(",")]
    return "*" in tags or tag in tags
