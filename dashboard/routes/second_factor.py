"""`/account/second-factor`: begun, replaced, renewed and switched off by its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from api.dependencies import Parts, PartsDep
from contracts.access.second_factor import JudgedCode
from contracts.errors import Conflict, LimitReached, NotFound
from contracts.time_zones import DEFAULT_TIME_ZONE
from dashboard.code_faults import code_fault
from dashboard.enrolment import enrolment, secret_in
from dashboard.faults import refusal_said
from dashboard.forms import Form
from dashboard.languages import words_for
from dashboard.new_passwords import typed_password
from dashboard.page_context import HOME
from dashboard.pages import page
from dashboard.times import moment_shown
from dashboard.viewers import Viewer, ViewerDep
from store.access.recovery_codes import recovery_codes_left
from store.access.second_factors import enrol, renew_recovery_codes, second_factor, switch_off
from store.access.users import email_of, get_user
from store.partners.partners import get_partner
from web_forms import Fields

router = APIRouter(prefix="/account/second-factor")


@dataclass(frozen=True)
class Own:
    """Somebody who is signed in with an account of their own, and their second factor."""

    request: Request
    parts: Parts
    viewer: Viewer
    user_id: str
    email: str
    has_password: bool
    is_required: bool
    since: datetime | None
    codes_left: int
    zone: str

    def page(self, template: str, status: int = 200, /, **shown: Any) -> Response:
        """Answer with a page."""
        return page(
            self.request, template, status, viewer=self.viewer, home=HOME, own=self, **shown
        )

    def form(
        self, status: int = 200, *, fault: str | None = None, secret: str | None = None
    ) -> Response:
        """The form that begins a second factor, or puts another app in its place."""
        words = words_for(self.request)
        label = words("second-factor-picture")
        offered = enrolment(
            self.parts, self.viewer.session_id, self.email, label=label, secret=secret
        )
        asks_for = "current" if self.since else "password" if self.has_password else None
        return self.page(
            "second_factor_new", status, offered=offered, fault=fault, asks_for=asks_for
        )

    def state(self, status: int = 200, *, fault: str | None = None) -> Response:
        """What there is, and what may be done with it."""
        language = words_for(self.request).language
        since = moment_shown(self.since, self.zone, language, seconds=False)
        return self.page("second_factor", status, since=since, fault=fault)

    def fault(self, judged: JudgedCode) -> str:
        """Why a code was not taken."""
        return code_fault(words_for(self.request), judged)


async def own_second_factor(request: Request, parts: PartsDep, viewer: ViewerDep) -> Own:
    """NotFound for whoever came from the merchant portal: they have no account here."""
    if viewer.user_id is None:
        raise NotFound("there is no such page")
    known = await parts.database.read(_known, viewer.user_id)
    return Own(
        request,
        parts,
        viewer,
        viewer.user_id,
        **known,
        is_required=parts.sign_in.second_factor.requires(viewer.role),
    )


OwnFactor = Annotated[Own, Depends(own_second_factor)]


@router.get("")
async def show(own: OwnFactor) -> Response:
    """The state, or the form that begins it."""
    return own.state() if own.since else own.form()


@router.get("/new")
async def ask_for_another(own: OwnFactor) -> Response:
    """The form for another app in place of the one so far."""
    return own.form()


@router.post("/new")
async def take(own: OwnFactor, parts: PartsDep, fields: Form) -> Response:
    """Begin it, and show the recovery codes: on this page only."""
    secret = secret_in(parts, own.viewer.session_id, fields.text("sealed"))
    if own.since is None and own.has_password and not await _knows_password(own, fields):
        fault = words_for(own.request)("second-factor-password-wrong")
        return own.form(422, fault=fault, secret=secret)
    try:
        codes = await parts.database.write(
            enrol,
            own.user_id,
            secret,
            fields.text("code"),
            parts.clock(),
            current=fields.text("current") or None,
            kept=own.viewer.session_id,
        )
    except (LimitReached, Conflict) as error:
        return own.form(409, fault=refusal_said(words_for(own.request), error), secret=secret)
    if isinstance(codes, JudgedCode):
        fault = code_fault(words_for(own.request), codes, secret_is_known=own.since is None)
        return own.form(422, fault=fault, secret=secret)
    return own.page("recovery_codes", codes=codes, onward=f"{HOME}/account/second-factor")


@router.post("/codes")
async def renew(own: OwnFactor, parts: PartsDep, fields: Form) -> Response:
    """New recovery codes, shown on this page only."""
    try:
        codes = await parts.database.write(
            renew_recovery_codes, own.user_id, fields.text("code"), parts.clock()
        )
    except (LimitReached, Conflict) as error:
        return own.state(409, fault=refusal_said(words_for(own.request), error))
    if isinstance(codes, JudgedCode):
        return own.state(422, fault=own.fault(codes))
    return own.page("recovery_codes", codes=codes, onward=f"{HOME}/account/second-factor")


@router.post("/off")
async def end(own: OwnFactor, parts: PartsDep, fields: Form) -> Response:
    """Switch it off."""
    try:
        judged = await parts.database.write(
            switch_off,
            own.user_id,
            fields.text("code"),
            parts.clock(),
            rule=parts.sign_in.second_factor,
            kept=own.viewer.session_id,
        )
    except (LimitReached, Conflict) as error:
        return own.state(409, fault=refusal_said(words_for(own.request), error))
    if not judged.is_right:
        return own.state(422, fault=own.fault(judged))
    return RedirectResponse(f"{HOME}/account?done=second-factor-off", status_code=303)


async def _knows_password(own: Own, fields: Fields) -> bool:
    """Whoever finds a browser that is signed in does not lock its owner out."""
    client = own.request.client.host if own.request.client else ""
    password = typed_password(fields)
    return await own.parts.sign_in.is_theirs(own.email, password, client, own.parts.clock())


def _known(session: Session, user_id: str) -> dict[str, Any]:
    user, factor = get_user(session, user_id), second_factor(session, user_id)
    zone = get_partner(session, user.partner_id).time_zone if user.partner_id else DEFAULT_TIME_ZONE
    return {
        "email": email_of(session, user),
        "has_password": user.password_hash is not None,
        "since": factor.created_at if factor is not None else None,
        "codes_left": recovery_codes_left(session, user_id),
        "zone": zone,
    }
