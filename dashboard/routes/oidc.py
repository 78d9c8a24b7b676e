"""`/sign-in/provider`: to the company's identity provider, and back from it.

It begins with a link, not a form: the browser would hold a form to our own pages (`form-action`)
where it leads on. Whoever makes somebody follow it has them sign in as themselves.
"""

import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.auth.oidc_sign_in import OidcSignIn, ProviderReply
from api.dependencies import Parts, PartsDep
from contracts.access.identity_provider import (
    REQUEST_VALID_FOR_S,
    IdentityRefusal,
    IdentityRefused,
)
from contracts.errors import NotFound
from dashboard.cookies import give_cookie, is_secure, take_cookie
from dashboard.limits import refuse_beyond
from dashboard.page_context import HOME
from dashboard.routes.session import sign_in_page, signed_in
from store.access.login_throttle import network_of

router = APIRouter()

SIGN_INS_A_MINUTE = 60
"""Begun or ended from one network: each asks the provider."""

_NAME, _SECURE_NAME = "doorstep_provider", "__Host-doorstep_provider"
_log = logging.getLogger(__name__)

Sent = Annotated[str, Query(max_length=4_096)]


@router.get("/sign-in/provider")
async def go_to_provider(request: Request, parts: PartsDep) -> Response:
    """Send the browser to the provider, with something to come back by."""
    oidc = _oidc(request, parts)
    try:
        address, secret = await oidc.begin()
    except IdentityRefused as refused:
        return _refused(parts, refused)
    answer = _redirect(address)
    give_cookie(answer, parts, _cookie(parts), secret, max_age=REQUEST_VALID_FOR_S)
    return answer


@router.get("/sign-in/provider/callback")
async def come_back(
    request: Request,
    parts: PartsDep,
    state: Sent = "",
    code: Sent = "",
    error: Sent = "",
    iss: Sent = "",
) -> Response:
    """Sign in whoever the provider says has come; its answer does not stay in the address."""
    oidc = _oidc(request, parts)
    secret = request.cookies.get(_cookie(parts), "")
    try:
        begun = await oidc.finish(secret, ProviderReply(state, code, error, iss))
    except IdentityRefused as refused:
        return _refused(parts, refused)
    answer = await signed_in(request, parts, begun)
    take_cookie(answer, parts, _cookie(parts))
    return answer


@router.get("/sign-in/provider/refused")
async def say_why(request: Request, parts: PartsDep, why: IdentityRefusal) -> Response:
    """The sign-in once more, with what was wrong."""
    fault = f"provider-{why.replace('_', '-')}"
    return sign_in_page(request, parts, 401, fault=fault)


def _oidc(request: Request, parts: Parts) -> OidcSignIn:
    """NotFound without a provider, LimitReached for a client that begins too often."""
    if parts.oidc is None:
        raise NotFound("nobody signs in by an identity provider here")
    network = network_of(request.client.host if request.client else "")
    refuse_beyond(parts.limits.spend_of(f"provider/{network}", SIGN_INS_A_MINUTE))
    return parts.oidc


def _refused(parts: Parts, refused: IdentityRefused) -> Response:
    why = refused.refusal.value
    _log.warning("a sign-in by the identity provider was refused, %s: %s", why, refused)
    answer = _redirect(f"{HOME}/sign-in/provider/refused?why={refused.refusal}")
    take_cookie(answer, parts, _cookie(parts))
    return answer


def _redirect(address: str) -> RedirectResponse:
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return RedirectResponse(address, status_code=303, headers=headers)


def _cookie(parts: Parts) -> str:
    return _SECURE_NAME if is_secure(parts) else _NAME
