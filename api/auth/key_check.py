"""Who may call, and how often: a key for everything under /v1, the scopes of each route.

No key, or a wrong one, is a 401 before anything of the request is read; more requests than a key
may make are a 429. A key whose scope may not call the route at all is a 403. Another partner's ids
are a 404 on every route: the store's functions are given `caller.owner` and find nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from api.dependencies import Parts
from api.problems import problem, problem_of
from api.rate_limits import Allowance
from contracts.access.callers import Caller, Scope
from contracts.errors import DoorstepError

OPEN_PATHS = ("/v1/schemas/", "/v1/sms/status")
"""What anyone may call under /v1: the published contract, and Twilio's signed callback."""

_NO_KEY = "send Authorization: Bearer with a valid API key"
_CHALLENGE = {"www-authenticate": "Bearer"}
_bearer = HTTPBearer(auto_error=False, description="Authorization: Bearer <API key>")


class KeyCheck:
    """Finds out who calls, before the request is read; `request.state.caller` is the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Let a caller with a key through, and anyone to what is open."""
        if scope["type"] != "http" or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        parts: Parts = scope["app"].state.parts
        try:
            client = scope.get("client") or ("", 0)
            caller = await parts.keys.identify(_token(Headers(scope=scope)), client[0])
        except DoorstepError as error:
            await problem_of(error)(scope, receive, send)
            return
        if caller is None:
            await problem(401, _NO_KEY, headers=_CHALLENGE)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        allowance = parts.limits.spend(caller)
        app = _too_many(allowance) if allowance.wait_s else self._app
        await app(scope, receive, _telling(allowance.headers, send))


def allow(*scopes: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency that gives the caller, and answers 403 to keys of other scopes."""
    allowed = [scope.value for scope in Scope if scope in scopes]
    shown = Security(_bearer, scopes=allowed)

    async def permitted(request: Request, _shown: Annotated[object, shown]) -> Caller:
        caller: Caller | None = getattr(request.state, "caller", None)
        if caller is None:
            raise HTTPException(401, _NO_KEY, headers=_CHALLENGE)
        if caller.scopes.isdisjoint(allowed):
            raise HTTPException(403, f"use a key with the scope {' or '.join(allowed)}")
        return caller

    return permitted


Oms = Annotated[Caller, Depends(allow(Scope.OMS))]
Ops = Annotated[Caller, Depends(allow(Scope.OPS))]
OmsOrOps = Annotated[Caller, Depends(allow(Scope.OMS, Scope.OPS))]
OpsOrPartner = Annotated[Caller, Depends(allow(Scope.OPS, Scope.PARTNER))]
Anyone = Annotated[Caller, Depends(allow(*Scope))]
"""Anyone with a key; a partner with their own rows."""


def _is_open(path: str) -> bool:
    return not path.startswith("/v1/") or path.startswith(OPEN_PATHS)


def _too_many(allowance: Allowance) -> ASGIApp:
    most = f"you may make {allowance.per_minute} requests a minute, with all your keys"
    return problem(429, f"{most}: come back in {allowance.wait_s} s")


def _telling(headers: Mapping[str, str], send: Send) -> Send:
    """Send what is sent, with headers added to the answer."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return tell


def _token(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
