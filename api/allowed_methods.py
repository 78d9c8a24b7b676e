"""Which methods an address knows: all routes with its path, not only the first that matches."""

from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import compile_path


def allowed_methods(request: Request) -> str:
    """The value of `Allow` in a 405 (RFC 9110, section 10.2.1)."""
    contexts = iter_route_contexts(request.app.routes)
    routes = [(context.path or "", context.methods) for context in contexts]
    path = next((path for path, _ in routes if _matches(path, request.url.path)), "")
    found = {method for each, methods in routes if each == path for method in methods or ()}
    return ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))


def _matches(path: str, asked: str) -> bool:
    pattern, _, _ = compile_path(path)
    return pattern.match(asked) is not None
