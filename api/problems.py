"""Errors as RFC 9457 problem documents: one shape for every error of every route."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from allowed_methods import headers_of
from contracts.errors import (
    Busy,
    Conflict,
    DoorstepError,
    EngineUnavailable,
    Erased,
    Invalid,
    KeyMissing,
    LimitReached,
    NameServerUnavailable,
    NotFound,
    PreconditionFailed,
    StoreUnavailable,
)
from contracts.payload.faults import words_of

_log = logging.getLogger(__name__)
_STATUS: dict[type[DoorstepError], tuple[int, str]] = {
    NotFound: (404, "not-found"),
    Conflict: (409, "conflict"),
    Erased: (409, "erased"),
    PreconditionFailed: (412, "precondition-failed"),
    Invalid: (422, "invalid"),
    LimitReached: (429, "rate-limited"),
    StoreUnavailable: (503, "store-unavailable"),
    KeyMissing: (503, "store-unavailable"),
    EngineUnavailable: (503, "engine-unavailable"),
    NameServerUnavailable: (503, "name-server-unavailable"),
    Busy: (503, "busy"),
}
TITLES = {
    400: ("malformed", "The request is not well-formed"),
    401: ("unauthorized", "The API key is missing or wrong"),
    403: ("forbidden", "The caller may not do this"),
    404: ("not-found", "There is no such thing"),
    405: ("method-not-allowed", "The method is not allowed here"),
    408: ("too-slow", "The request took too long to arrive"),
    409: ("conflict", "The state forbids it"),
    412: ("precondition-failed", "It was changed meanwhile"),
    413: ("too-large", "The body is too large"),
    415: ("unsupported-media-type", "The body has another type than JSON"),
    421: ("misdirected", "The request was meant for another host"),
    422: ("invalid", "Validation failed"),
    429: ("rate-limited", "Too many requests"),
    431: ("head-too-large", "The head of the request is too large"),
    500: ("internal", "Internal server error"),
    503: ("unavailable", "A part that is needed does not answer"),
}
_OTHERS = (500, "internal")
_RETRY_AFTER_S = "5"
_OUR_MISTAKE = "whether it was done is not known: see the log of the API, and ask before repeating"
_MOST_FAULTS = 100
_LONGEST_NAME = 64
"""A sender's own names of fields may be many and long; an answer is neither."""
MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong with the request; values are never shown."""

    field: str = Field(description="a dotted path", examples=["data.rider"])
    message: str = Field(examples=["out_for_delivery needs this group"])


class Problem(BaseModel):
    """The one shape of every error."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    detail: str
    errors: list[Fault] = Field(default_factory=list)


def problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    faults: list[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build an error answer; 503 asks to come back in five seconds."""
    default_kind, title = TITLES.get(status, ("error", "The request failed"))
    body = Problem(
        type=f"/problems/{kind or default_kind}",
        title=title,
        status=status,
        detail=detail,
        errors=faults or [],
    )
    come_back = {"retry-after": _RETRY_AFTER_S} if status == 503 else {}
    return JSONResponse(
        body.model_dump(),
        status_code=status,
        headers={**come_back, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Answer every error of the app with a problem document."""
    app.add_exception_handler(DoorstepError, _doorstep_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _our_mistake)


def problem_of(error: DoorstepError) -> JSONResponse:
    """The answer to an error that was raised on purpose."""
    status, kind = _STATUS.get(type(error), _OTHERS)
    faults = [Fault(field=error.field, message=str(error))] if isinstance(error, Invalid) else []
    log_failure(status, error)
    wait = {"retry-after": str(error.wait_s)} if isinstance(error, LimitReached) else None
    return problem(status, for_outside(error), kind=kind, faults=faults, headers=wait)


def said_of(error: DoorstepError) -> str:
    """What anybody may read of an error that ends no request; the log has it all."""
    log_failure(_STATUS.get(type(error), _OTHERS)[0], error)
    return for_outside(error)


def log_failure(status: int, error: DoorstepError) -> None:
    """A line for every answer that is not the caller's doing, unless the log has its reason."""
    if error.is_logged:
        return
    if status == 503:
        _log.warning("answered 503: %s", error)
    elif status >= 500:
        _log.error("answered %s: %s", status, error, exc_info=error)


def for_outside(error: DoorstepError) -> str:
    """What anybody may read of an error. Addresses and keys of the inside are for the log."""
    return "the database does not answer" if isinstance(error, StoreUnavailable) else str(error)


async def _doorstep_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DoorstepError):
        return await _our_mistake(_request, error)
    return problem_of(error)


async def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    lines: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else []
    if any(line["type"] == "json_invalid" for line in lines):
        return problem(400, "the body is not valid JSON")
    faults = faults_of(lines, skip=1)
    named = ", ".join(fault.field for fault in faults)
    return problem(422, f"wrong or missing: {named}", faults=faults)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return problem(500, "see the log of the API")
    headers = headers_of(request, error)
    return problem(error.status_code, str(error.detail), headers=headers)


async def _our_mistake(_request: Request, _error: Exception) -> JSONResponse:
    return problem(500, _OUR_MISTAKE)


def faults_of(lines: Iterable[Any], *, skip: int = 0) -> list[Fault]:
    """pydantic's error lines as faults, a hundred at most; `skip` leaves out leading parts such as
    `body`."""
    first = islice(lines, _MOST_FAULTS)
    return [Fault(field=_path(line["loc"][skip:]), message=words_of(line)) for line in first]


def _path(location: Iterable[object]) -> str:
    """`("data", "order")` as `data.order`; nothing at all is the body itself."""
    return ".".join(_name(str(part)) for part in location) or "body"


def _name(part: str) -> str:
    """A name as an answer may have it: short, and without halves of a surrogate pair."""
    return part[:_LONGEST_NAME].encode("utf-8", "replace").decode()
