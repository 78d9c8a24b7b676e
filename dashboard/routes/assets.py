"""`/assets/{name}`: the stylesheet, the scripts and the icon."""

from fastapi import APIRouter
from fastapi.responses import Response

from contracts.errors import NotFound
from dashboard.assets import TYPES, content_of

router = APIRouter()

_KEPT = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """One of the files; its address changes with its content, so it may be kept for a year."""
    if name not in TYPES:
        raise NotFound("there is no such file")
    return Response(content_of(name), media_type=TYPES[name], headers=_KEPT)
