"""Where somebody was going when they were asked to sign in, such as the page of an e-mail's link:
they get there once they are signed in, however many steps that takes."""

from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import Response

from api.dependencies import Parts
from dashboard.cookies import give_cookie, take_cookie
from dashboard.viewers import Viewer

_NAME, _LASTS_S = "doorstep_destination", 15 * 60
_HOME, _ACCOUNT = "/dashboard/", "/dashboard/account"
_LONGEST = 1_000
_LINKS = tuple(f"{_HOME}{kind}/" for kind in ("invitations", "reset", "portal"))
"""Whoever has one of these is let in by it: it is kept nowhere, and nobody is led there."""


def note_destination(request: Request, answer: Response) -> None:
    """Let the browser keep the page that it asked for. What a script on a page asks for is none,
    nor is a form."""
    if request.method != "GET" or request.headers.get("sec-fetch-mode") != "navigate":
        return
    query = request.url.query
    place = f"{request.url.path}?{query}" if query else request.url.path
    parts: Parts = request.app.state.parts
    if place != _HOME and len(place) <= _LONGEST and not place.startswith(_LINKS):
        give_cookie(answer, parts, _NAME, quote(place, safe=""), max_age=_LASTS_S)


def destination_of(request: Request, viewer: Viewer) -> str | None:
    """The page that this browser was to go to, where it is one that the viewer may see: another
    person may have signed in."""
    place = unquote(request.cookies.get(_NAME, ""))
    own = f"{_HOME}p/{viewer.partner_id}"
    path = place.partition("?")[0]
    if not place.startswith(_HOME) or not place.isprintable() or len(place) > _LONGEST:
        return None
    if place.startswith(_LINKS):
        return None
    is_own = path == own or path.startswith(f"{own}/")
    is_account = path == _ACCOUNT or path.startswith(f"{_ACCOUNT}/")
    return place if viewer.is_ops or is_own or is_account else None


def forget_destination(request: Request, answer: Response) -> None:
    """Let the browser forget it: it is there, or was somebody else's."""
    if _NAME in request.cookies:
        take_cookie(answer, request.app.state.parts, _NAME)
