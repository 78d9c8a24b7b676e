"""Which methods an address knows: all routes with its path, not only the first that matches."""

from collections.abc import Mapping

from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import compile_path


def headers_of(request: Request, error: HTTPException) -> Mapping[str, str]:
    """What the answer to an error says besides: of a wrong method, which are right."""
    return {"allow": allowed_methods(request)} if error.status_code == 405 else error.headers or {}


def allowed_methods(request: Request) -> str:
    """The value of `Allow` in a 405 (RFC 9110, section 10.2.1)."""
    contexts = iter_route_contexts(request.app.routes)
    routes = [(context.path or "", context.methods) for context in contexts]
    asked = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    path = next((path for path, _ in routes if _matches(path, asked)), "")
    found = {method for each, methods in routes if each == path for method in methods or ()}
    return ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))


def _matches(path: str, asked: str) -> bool:
    pattern, _, _ = compile_path(path)
    return pattern.match(asked) is not None
