"""Your account, and where people are signed in: each session is listed, and can be ended."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from api.dependencies import PartsDep
from contracts.errors import NotFound
from contracts.time_zones import DEFAULT_TIME_ZONE
from dashboard.forms import Form
from dashboard.languages import words_for
from dashboard.page_context import HOME, OpsPage, OwnerPage
from dashboard.pages import page
from dashboard.times import moment_shown
from dashboard.viewers import Viewer, ViewerDep
from store.access.second_factors import second_factor
from store.access.sessions import end_others
from store.access.signed_in import end_own_session, end_session_at, sessions_of
from store.partners.partners import get_partner

router = APIRouter()


@router.get("/account")
async def account(request: Request, parts: PartsDep, viewer: ViewerDep, done: str = "") -> Response:
    """Who somebody is here, and where they are signed in."""
    shown = await parts.database.read(_account, viewer, parts.clock())
    words, name, zone = words_for(request), f"done-{done}", shown.pop("zone")
    return page(
        request,
        "account",
        viewer=viewer,
        home=HOME,
        sends_mail=parts.sends_mail,
        done=words(name) if words.has(name) else None,
        when=lambda moment: moment_shown(moment, zone, words.language, seconds=False),
        **shown,
    )


@router.post("/account/sessions/{session_id}/end")
async def end_one(parts: PartsDep, viewer: ViewerDep, session_id: str, _fields: Form) -> Response:
    """Sign oneself out somewhere else."""
    if viewer.user_id is None:
        raise NotFound("there is no such page")
    await parts.database.write(end_own_session, session_id, viewer.user_id)
    return _to_account("session-ended")


@router.post("/sign-out-elsewhere")
async def sign_out_elsewhere(parts: PartsDep, viewer: ViewerDep, _fields: Form) -> Response:
    """End every other session of this user."""
    if viewer.user_id is not None:
        await parts.database.write(end_others, viewer.user_id, viewer.session_id)
    return _to_account("signed-out-elsewhere")


@router.post("/p/{partner_id}/people/sessions/{session_id}/end")
async def end_at_partner(context: OwnerPage, session_id: str, _fields: Form) -> Response:
    """Sign somebody out, of the partner's people or from the merchant portal."""
    now, actor = context.now(), context.viewer.actor
    partner_id = context.owner
    await context.write(end_session_at, session_id, now, actor=actor, partner_id=partner_id)
    return context.go_to("/people", done="visit-ended")


@router.post("/ops/people/sessions/{session_id}/end")
async def end_at_ops(context: OpsPage, session_id: str, _fields: Form) -> Response:
    """Sign somebody of ops out."""
    now, actor = context.now(), context.viewer.actor
    await context.write(end_session_at, session_id, now, actor=actor, partner_id=None)
    return context.go_to("/people", done="visit-ended")


def _account(session: Session, viewer: Viewer, now: datetime) -> dict[str, Any]:
    zone = DEFAULT_TIME_ZONE
    if viewer.partner_id is not None:
        zone = get_partner(session, viewer.partner_id).time_zone
    if viewer.user_id is None:
        return {"zone": zone, "sessions": [], "factor": None}
    sessions = sessions_of(session, viewer.user_id, now)
    return {"zone": zone, "sessions": sessions, "factor": second_factor(session, viewer.user_id)}


def _to_account(done: str) -> Response:
    return RedirectResponse(f"{HOME}/account?done={done}", status_code=303)
