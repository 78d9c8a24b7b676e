"""People of a partner, and of ops: invite, invite again, remove. And one's own sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from api.dashboard.desk import HOME, Desk, OpsPage, OwnerPage
from api.dashboard.forms import Form, first_fault
from api.dashboard.pages import page
from api.dashboard.viewers import ViewerDep
from api.dashboard.words import words_in
from api.dependencies import PartsDep
from contracts.people import INVITATION_VALID_FOR, Invite, Role
from store.api_keys import keys_made_by
from store.people.sessions import end_portal_session, portal_sessions, sessions_of
from store.people.users import AddressTaken, invite, list_users, note_refusal, remove_user
from store.tables import SessionRow, UserRow

router = APIRouter()

_LABELS = {"email": "email", "name": "people-name", "role": "people-role"}
"""The fields of the form, and what they are called."""


@router.get("/p/{partner_id}/people")
async def people_of_partner(desk: OwnerPage) -> Response:
    """Who may sign in for this partner."""
    return await _people(desk, desk.owner)


@router.post("/p/{partner_id}/people")
async def invite_to_partner(desk: OwnerPage, fields: Form) -> Response:
    """Invite somebody, or send a person a new link; the link is shown on this page only."""
    return await _invite(desk, fields.as_body("email", "name", "role"), desk.owner)


@router.post("/p/{partner_id}/people/{user_id}/remove")
async def remove_from_partner(desk: OwnerPage, user_id: str, fields: Form) -> Response:
    """Let somebody in no more; with `keys`, revoke those that they have made."""
    revoked = await desk.write(
        remove_user,
        user_id,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
        with_keys=fields.has("keys"),
    )
    for key_id in revoked:
        desk.parts.keys.refuse(key_id)
    return desk.go_to("/people", done="removed")


@router.post("/p/{partner_id}/people/sessions/{session_id}/end")
async def end_visit(desk: OwnerPage, session_id: str, _fields: Form) -> Response:
    """Sign somebody out who came from the merchant portal."""
    await desk.write(
        end_portal_session, session_id, desk.now(), actor=desk.viewer.actor, owner=desk.owner
    )
    return desk.go_to("/people", done="visit-ended")


@router.get("/ops/people")
async def people_of_ops(desk: OpsPage) -> Response:
    """Who may sign in for ops."""
    return await _people(desk, None)


@router.post("/ops/people")
async def invite_to_ops(desk: OpsPage, fields: Form) -> Response:
    """Invite somebody to ops."""
    body = {**fields.as_body("email", "name"), "role": Role.OPS}
    return await _invite(desk, body, None)


@router.post("/ops/people/{user_id}/remove")
async def remove_from_ops(desk: OpsPage, user_id: str, _fields: Form) -> Response:
    """Let somebody in no more."""
    await desk.write(remove_user, user_id, desk.now(), actor=desk.viewer.actor)
    return desk.go_to("/people", done="removed")


@router.get("/account")
async def account(parts: PartsDep, viewer: ViewerDep, done: str = "") -> Response:
    """Where somebody is signed in, and the way to end that."""
    now, sessions = parts.clock(), []
    if viewer.user_id is not None:
        sessions = await parts.database.read(sessions_of, viewer.user_id, now)
    words, name = words_in(), f"done-{done}"
    said = words(name) if words.has(name) else None
    return page("account", viewer=viewer, sessions=sessions, home=HOME, done=said)


async def _people(desk: Desk, partner_id: str | None, **shown: Any) -> Response:
    users, visits, makers = await desk.read(_listed, partner_id, desk.now())
    known: dict[str, Any] = {"link": None, "fault": None, "asked": {}, "status": 200, **shown}
    roles = [Role.OPS] if partner_id is None else [Role.OWNER, Role.MEMBER]
    return desk.page(
        "people",
        known.pop("status"),
        users=users,
        visits=visits,
        makers=makers,
        roles=roles,
        days=INVITATION_VALID_FOR.days,
        **known,
    )


def _listed(
    session: Session, partner_id: str | None, now: datetime
) -> tuple[list[tuple[UserRow, str]], list[SessionRow], set[str]]:
    """People with their addresses, visits from the portal, and who of them has made keys that are
    in force."""
    users = list_users(session, partner_id)
    visits = portal_sessions(session, partner_id, now) if partner_id is not None else []
    makers = {user.id for user, _ in users if keys_made_by(session, user.id, now)}
    return users, visits, makers


async def _invite(desk: Desk, body: Mapping[str, Any], partner_id: str | None) -> Response:
    try:
        asked = Invite.model_validate({**body, "partner_id": partner_id})
    except ValidationError as error:
        field, fault = first_fault(error)
        fault = desk.words("form-fault", field=desk.words(_LABELS[field]), fault=fault)
        return await _people(desk, partner_id, fault=fault, asked=body, status=422)
    now, actor = desk.now(), desk.viewer.actor
    try:
        _user, token = await desk.write(invite, asked, now, actor=actor, owner=partner_id)
    except AddressTaken:
        await desk.write(note_refusal, partner_id, now, actor=actor)
        raise
    return await _people(desk, partner_id, link=desk.address(f"/invitations/{token}"))
