"""`/docs`: the API's documentation as a page. Everything that it loads is served by us.

The files are Swagger UI's, out of the package `fastapi-offline`. The page runs no inline script and
no inline style, so its content security policy allows neither.
"""

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.json_route import JsonRoute
from contracts.errors import NotFound

router = APIRouter(route_class=JsonRoute, include_in_schema=False)

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the icons inside Swagger UI's own style sheet
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_KEPT_FOR_S = 3600
_START = "doorstep-docs.js"
_FROM_THE_PACKAGE = MappingProxyType(
    {
        "swagger-ui-bundle.js": "text/javascript",
        "swagger-ui.css": "text/css",
        "favicon.png": "image/png",
    }
)
_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doorstep API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/{_START}"></script>
</body>
</html>
"""
_SCRIPT = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
  deepLinking: true,
});
"""


@router.get("/docs")
async def page() -> HTMLResponse:
    """The page; its addresses are relative, so that it works behind a path of a proxy."""
    return HTMLResponse(_PAGE, headers={"content-security-policy": POLICY})


@router.get("/docs/{name}")
async def asset(name: str) -> Response:
    """One of the files that the page loads."""
    headers = {"cache-control": f"public, max-age={_KEPT_FOR_S}"}
    if name == _START:
        return Response(_SCRIPT, media_type="text/javascript", headers=headers)
    if name not in _FROM_THE_PACKAGE:
        raise NotFound("there is no such file")
    return Response(_read(name), media_type=_FROM_THE_PACKAGE[name], headers=headers)


@cache
def _read(name: str) -> bytes:
    return (files("fastapi_offline") / "static" / name).read_bytes()
