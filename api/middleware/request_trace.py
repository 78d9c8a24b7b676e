"""A span for each request, below the span of whoever called us, where we know them.

By its route's template and its status: a path may have a token in it, a query a phone.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from api.dependencies import Parts
from api.metrics import method_of, route_of
from contracts.access.callers import Caller, Scope
from contracts.tracing import NO_TRACING, TRACEPARENT, SpanKind

_TRUSTED = frozenset({Scope.OMS, Scope.OPS})
"""Whose traces ours go on from. Anybody else could have all of theirs recorded, at our cost."""


class RequestTrace:
    """Inside of the check of keys, which says who calls."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Pass everything on, within a span."""
        parts: Parts | None = getattr(scope["app"].state, "parts", None)
        if scope["type"] != "http" or parts is None or parts.tracing is NO_TRACING:
            await self._app(scope, receive, send)
            return
        method, status = method_of(scope), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        kind, attributes = SpanKind.SERVER, {"http.request.method": method}
        with parts.tracing.span(method, kind, attributes, parent=_parent_of(scope)) as span:
            try:
                await self._app(scope, receive, noting)
            finally:
                route = route_of(scope)
                span.rename(f"{method} {route}")
                span.add({"http.route": route, "http.response.status_code": status})
                if status >= 500:
                    span.fail(str(status))


def _parent_of(scope: Connection) -> str | None:
    caller: Caller | None = scope.get("state", {}).get("caller")
    if caller is None or not caller.scopes & _TRUSTED:
        return None
    return Headers(scope=scope).get(TRACEPARENT)
