"""The browser's side of a sign-in: what it keeps between the password and the second factor, and
how a session begins in it."""

from fastapi import Request
from fastapi.responses import Response

from api.dependencies import Parts
from contracts.access.second_factor import PENDING_SIGN_IN_LASTS
from dashboard.cookies import give_cookie, is_secure, take_cookie
from dashboard.viewers import cookie_of, give_session
from store.access.pending_sign_ins import PendingSignIn
from store.access.sessions import Begun, end_session_behind

_NAME, _SECURE_NAME = "doorstep_sign_in", "__Host-doorstep_sign_in"


def give_pending(answer: Response, parts: Parts, pending: PendingSignIn) -> None:
    """Let the browser go on with the sign-in, for a short while."""
    lasts = int(PENDING_SIGN_IN_LASTS.total_seconds())
    give_cookie(answer, parts, _name(parts), pending.token, max_age=lasts)


def pending_of(request: Request, parts: Parts) -> str:
    """What the browser sends of a sign-in that waits; empty without one."""
    return request.cookies.get(_name(parts), "")


async def begin_here(request: Request, answer: Response, parts: Parts, begun: Begun) -> None:
    """Let the browser keep its new session. The one that it had until now ends."""
    old = cookie_of(request, parts)
    if old is not None:
        await parts.database.write(end_session_behind, old)
    if pending_of(request, parts):
        take_cookie(answer, parts, _name(parts))
    give_session(answer, parts, begun)


def _name(parts: Parts) -> str:
    return _SECURE_NAME if is_secure(parts) else _NAME
