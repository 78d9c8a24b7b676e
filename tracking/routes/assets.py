"""`/t/assets/{name}` and `/t/logo/{digest}`: what pages load."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from store.tracking.logos import logo_of_digest
from tracking.assets import TYPES, content_of
from tracking.limits import count_look
from tracking.pages import POLICY
from tracking.parts import PartsDep

router = APIRouter()

_KEPT = {"cache-control": "public, max-age=31536000, immutable", "x-robots-tag": "noindex"}
_DIGEST = re.compile(r"[0-9a-f]{32}")


@router.get("/assets/{name}")
async def asset(name: str, brand: str | None = None) -> Response:
    """The stylesheet, with a partner's colour, or the script."""
    if name not in TYPES:
        return Response(status_code=404)
    return Response(content_of(name, brand), media_type=TYPES[name], headers=_KEPT)


@router.get("/logo/{digest}")
async def logo(digest: str, request: Request, parts: PartsDep) -> Response:
    """A partner's logo. Its address changes with its content, so it may be kept for a year."""
    count_look(request, parts.limits)
    found = await parts.database.read(logo_of_digest, digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        return Response(status_code=404)
    headers = {**_KEPT, "content-security-policy": POLICY}
    return Response(found.content, media_type=found.media_type, headers=headers)
