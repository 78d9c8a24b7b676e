"""What a customer reads when a page cannot be shown: a sentence, never a document or a reason."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from allowed_methods import headers_of
from contracts.errors import DoorstepError, KeyMissing, LimitReached, NotFound, StoreUnavailable
from tracking.languages import language_of
from tracking.limits import TooOften
from tracking.pages import message
from web_forms import ForgedForm

_AGAIN_IN_S = "30"


def install(app: FastAPI) -> None:
    """Answer every error of the tracking page with a page."""
    app.add_exception_handler(TooOften, _too_often)
    app.add_exception_handler(NotFound, _unknown)
    app.add_exception_handler(LimitReached, _limit_reached)
    app.add_exception_handler(ForgedForm, _forged)
    app.add_exception_handler(DoorstepError, _doorstep_error)
    app.add_exception_handler(RequestValidationError, _unknown)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _our_mistake)


async def _too_often(request: Request, error: Exception) -> Response:
    wait_s = error.wait_s if isinstance(error, TooOften) else 1
    headers = {"retry-after": str(wait_s)}
    return await message(request, language_of(request), 429, "too-often", headers)


async def _limit_reached(request: Request, error: Exception) -> Response:
    wait_s = error.wait_s if isinstance(error, LimitReached) else 1
    headers = {"retry-after": str(wait_s)}
    return await message(request, language_of(request), 429, "enough-today", headers)


async def _forged(request: Request, _error: Exception) -> Response:
    return await message(request, language_of(request), 403, "forged")


async def _doorstep_error(request: Request, error: Exception) -> Response:
    if isinstance(error, StoreUnavailable | KeyMissing):
        headers = {"retry-after": _AGAIN_IN_S}
        return await message(request, language_of(request), 503, _away(request), headers)
    return await message(request, language_of(request), 500, _away(request))


async def _unknown(request: Request, _error: Exception) -> Response:
    return await message(request, language_of(request), 404, "unknown")


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return await _our_mistake(request, error)
    name = "unknown" if error.status_code < 500 else _away(request)
    headers = dict(headers_of(request, error))
    return await message(request, language_of(request), error.status_code, name, headers)


async def _our_mistake(request: Request, _error: Exception) -> Response:
    return await message(request, language_of(request), 500, _away(request))


def _away(request: Request) -> str:
    """Whoever has sent a form is told that it was not taken."""
    return "away" if request.method == "GET" else "not-taken"
