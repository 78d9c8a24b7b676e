"""`/assets/{name}`: the stylesheet, scripts, drawings and fonts, and what is the brand's."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import PartsDep
from contracts.errors import NotFound
from dashboard.assets import TYPES, content_of, packed_content_of
from dashboard.frame import BRAND_LOGO, BRAND_STYLE, brand_style

router = APIRouter()

_KEPT = {"cache-control": "public, max-age=31536000, immutable"}


@router.get(f"/assets/{BRAND_STYLE}")
async def style_of_brand(parts: PartsDep) -> Response:
    """The colour of the company."""
    return Response(brand_style(parts.brand), media_type="text/css", headers=_KEPT)


@router.get(f"/assets/{BRAND_LOGO}")
async def logo_of_brand(parts: PartsDep) -> Response:
    """The logo of the company. NotFound where we do not have it."""
    logo = parts.brand.logo
    if logo is None:
        raise NotFound("there is no such file")
    return Response(logo.content, media_type=logo.media_type, headers=_KEPT)


@router.get("/assets/{name}")
async def asset(request: Request, name: str) -> Response:
    """One of the files; its address changes with its content, so it may be kept for a year."""
    if name not in TYPES:
        raise NotFound("there is no such file")
    packed = packed_content_of(name)
    if packed is None:
        return Response(content_of(name), media_type=TYPES[name], headers=_KEPT)
    headers = {**_KEPT, "vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(content_of(name), media_type=TYPES[name], headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(packed, media_type=TYPES[name], headers=headers)
