"""What a browser is shown when a page cannot be: a sentence and the way on, never a document."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from allowed_methods import headers_of
from api.problems import log_failure
from contracts.access.users import LinkKind
from contracts.errors import (
    Busy,
    Conflict,
    DoorstepError,
    EngineUnavailable,
    Invalid,
    KeyMissing,
    LimitReached,
    NameServerUnavailable,
    NotFound,
    StoreUnavailable,
)
from dashboard.destinations import note_destination
from dashboard.faults import refusal_said
from dashboard.languages import words_for
from dashboard.page_context import HOME, MembersMayNot
from dashboard.pages import page
from dashboard.viewers import SignInNeeded
from store.access.pending_sign_ins import PendingSignInEnded
from store.access.sign_in_links import LinkEnded
from web_forms import ForgedForm

_STATUS: dict[type[DoorstepError], int] = {
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    LimitReached: 429,
    StoreUnavailable: 503,
    KeyMissing: 503,
    EngineUnavailable: 503,
    NameServerUnavailable: 503,
    Busy: 503,
}
_WORDS = {
    403: "failure-forbidden",
    404: "failure-not-found",
    413: "failure-too-large",
    503: "failure-away",
}


def install(app: FastAPI) -> None:
    """Answer every error of the dashboard with a page."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(ForgedForm, _forged)
    app.add_exception_handler(MembersMayNot, _not_for_members)
    app.add_exception_handler(LinkEnded, _link_ended)
    app.add_exception_handler(PendingSignInEnded, _sign_in_again)
    app.add_exception_handler(DoorstepError, _doorstep_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _our_mistake)


async def _sign_in(request: Request, _error: Exception) -> RedirectResponse:
    answer = RedirectResponse(f"{HOME}/sign-in", status_code=303)
    note_destination(request, answer)
    return answer


async def _sign_in_again(request: Request, _error: Exception) -> HTMLResponse:
    return _failure(request, 401, "failure-sign-in-ended")


async def _forged(request: Request, _error: Exception) -> HTMLResponse:
    return _failure(request, 403, "failure-forged")


async def _not_for_members(request: Request, _error: Exception) -> HTMLResponse:
    return _failure(request, 403, "failure-forbidden")


async def _link_ended(request: Request, error: Exception) -> HTMLResponse:
    used = isinstance(error, LinkEnded) and error.used
    kind = error.kind if isinstance(error, LinkEnded) else LinkKind.INVITATION
    return page(request, "link_ended", 404, viewer=None, home=HOME, used=used, kind=kind)


async def _doorstep_error(request: Request, error: Exception) -> HTMLResponse:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    if isinstance(error, DoorstepError):
        log_failure(status, error)
    if status in (409, 422, 429):  # they say what to do
        return _failure(request, status, "failure-refused", refusal_said(words_for(request), error))
    return _failure(request, status, _WORDS.get(status, "failure-ours"))


async def _invalid(request: Request, _error: Exception) -> HTMLResponse:
    return _failure(request, 404, "failure-not-found")


async def _http_error(request: Request, error: Exception) -> HTMLResponse:
    if not isinstance(error, HTTPException):
        return await _our_mistake(request, error)
    ours = "failure-ours" if error.status_code >= 500 else "failure-not-found"
    answer = _failure(request, error.status_code, _WORDS.get(error.status_code, ours))
    answer.headers.update(headers_of(request, error))
    return answer


async def _our_mistake(request: Request, _error: Exception) -> HTMLResponse:
    return _failure(request, 500, "failure-ours")


def _failure(
    request: Request, status: int, message: str, detail: str | None = None
) -> HTMLResponse:
    return page(request, "failure", status, message=message, detail=detail, viewer=None, home=HOME)
