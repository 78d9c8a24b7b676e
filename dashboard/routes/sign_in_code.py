"""`/sign-in/code`: the second factor after the password, or the one that has to be begun first."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from api.dependencies import Parts, PartsDep
from contracts.access.second_factor import JudgedCode
from contracts.errors import LimitReached
from dashboard.code_faults import code_fault
from dashboard.enrolment import enrolment, secret_in
from dashboard.faults import refusal_said
from dashboard.languages import note_choice, words_for
from dashboard.page_context import HOME
from dashboard.pages import page
from dashboard.pending_sign_in import begin_here, pending_of
from dashboard.viewers import Viewer
from store.access.pending_sign_ins import AwaitedProof, awaited_proof
from store.access.sign_in_steps import finish_with_code, finish_with_enrolment
from store.access.users import email_of
from web_forms import OpenForm

router = APIRouter(prefix="/sign-in")

_CODE, _BEGIN = f"{HOME}/sign-in/code", f"{HOME}/sign-in/second-factor"


@router.get("/code")
async def ask_for_code(request: Request, parts: PartsDep, by: str = "app") -> Response:
    """The form for a code of the app, or a recovery code."""
    awaited = await _awaited(request, parts)
    if not awaited.has_second_factor:
        return RedirectResponse(_BEGIN, status_code=303)
    return _code_form(request, by=by)


@router.post("/code")
async def take_code(request: Request, parts: PartsDep, fields: OpenForm) -> Response:
    """Sign in with it."""
    await _awaited(request, parts)
    token, words, by = pending_of(request, parts), words_for(request), fields.text("by")
    try:
        ended = await parts.database.write(
            finish_with_code, token, fields.text("code"), parts.clock()
        )
    except LimitReached as error:
        return _code_form(request, 429, by=by, fault=refusal_said(words, error))
    if isinstance(ended, JudgedCode):
        return _code_form(request, 401, by=by, fault=code_fault(words, ended))
    answer = RedirectResponse(f"{HOME}/", status_code=303)
    await begin_here(request, answer, parts, ended)
    return answer


@router.get("/second-factor")
async def ask_to_begin(request: Request, parts: PartsDep) -> Response:
    """The form that begins the second factor which somebody has to have."""
    awaited = await _awaited(request, parts)
    if awaited.has_second_factor:
        return RedirectResponse(_CODE, status_code=303)
    return await _new_form(request, parts, awaited)


@router.post("/second-factor")
async def begin(request: Request, parts: PartsDep, fields: OpenForm) -> Response:
    """Begin it, sign in, and show the recovery codes: on this page only."""
    awaited = await _awaited(request, parts)
    secret = secret_in(parts, awaited.digest, fields.text("sealed"))
    given = await parts.database.write(
        finish_with_enrolment,
        pending_of(request, parts),
        secret,
        fields.text("code"),
        parts.clock(),
    )
    if isinstance(given, JudgedCode):
        fault = code_fault(words_for(request), given, secret_is_known=True)
        return await _new_form(request, parts, awaited, 422, fault=fault, secret=secret)
    begun, codes = given
    viewer = Viewer.of(begun.row)
    answer = page(request, "recovery_codes", viewer=viewer, codes=codes, onward=f"{HOME}/")
    await begin_here(request, answer, parts, begun)
    return answer


async def _awaited(request: Request, parts: Parts) -> AwaitedProof:
    """PendingSignInEnded where the password has to be typed again."""
    token = pending_of(request, parts)
    awaited = await parts.database.read(awaited_proof, token, parts.clock())
    note_choice(request, awaited.user.language)
    return awaited


def _code_form(request: Request, status: int = 200, **shown: Any) -> Response:
    known: dict[str, Any] = {"fault": None, **shown}
    return page(request, "sign_in_code", status, viewer=None, home=HOME, **known)


async def _new_form(
    request: Request,
    parts: Parts,
    awaited: AwaitedProof,
    status: int = 200,
    *,
    fault: str | None = None,
    secret: str | None = None,
) -> Response:
    email = await parts.database.read(_email, awaited)
    label = words_for(request)("second-factor-picture")
    offered = enrolment(parts, awaited.digest, email, label=label, secret=secret)
    return page(
        request,
        "second_factor_new",
        status,
        viewer=None,
        home=HOME,
        offered=offered,
        fault=fault,
        asks_for=None,
        own=None,
    )


def _email(session: Session, awaited: AwaitedProof) -> str:
    return email_of(session, awaited.user)
