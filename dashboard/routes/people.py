"""People of a partner, and of ops: who they are, where they are signed in; invite, invite again,
remove."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from contracts.access.users import INVITATION_VALID_FOR, Invite, Role
from dashboard.faults import first_fault
from dashboard.forms import Form
from dashboard.page_context import OpsPage, OwnerPage, PageContext
from dashboard.viewers import Viewer
from store.access.api_keys import keys_made_by
from store.access.invitations import AddressTaken, invite, note_refusal
from store.access.refused_addresses import mail_again
from store.access.second_factor_resets import reset_second_factor
from store.access.second_factors import users_with_second_factor
from store.access.signed_in import sessions_at
from store.access.users import list_users, remove_user
from store.tables import SessionRow, UserRow

router = APIRouter()

_LABELS = {"email": "email", "name": "people-name", "role": "people-role"}
"""The fields of the form, and what they are called."""


@router.get("/p/{partner_id}/people")
async def people_of_partner(context: OwnerPage) -> Response:
    """Who may sign in for this partner."""
    return await _people(context, context.owner)


@router.post("/p/{partner_id}/people")
async def invite_to_partner(context: OwnerPage, fields: Form) -> Response:
    """Invite somebody, or send a person a new link: by mail, or else shown on this page only."""
    return await _invite(context, fields.as_body("email", "name", "role"), context.owner)


@router.post("/p/{partner_id}/people/{user_id}/remove")
async def remove_from_partner(context: OwnerPage, user_id: str, fields: Form) -> Response:
    """Let somebody in no more; with `keys`, revoke those that they have made."""
    revoked = await context.write(
        remove_user,
        user_id,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
        with_keys=fields.has("keys"),
    )
    for key_id in revoked:
        context.parts.keys.refuse(key_id)
    return context.go_to("/people", done="removed")


@router.post("/p/{partner_id}/people/{user_id}/mail-again")
async def mail_again_at_partner(context: OwnerPage, user_id: str, _fields: Form) -> Response:
    """Mail somebody again, whose address was refused."""
    return await _mail_again(context, user_id, context.owner)


@router.post("/p/{partner_id}/people/{user_id}/reset-second-factor")
async def reset_at_partner(context: OwnerPage, user_id: str, _fields: Form) -> Response:
    """End the second factor of somebody who has lost it."""
    actor = context.viewer.actor
    await context.write(
        reset_second_factor, user_id, context.now(), actor=actor, owner=context.owner
    )
    return context.go_to("/people", done="second-factor-reset")


@router.get("/ops/people")
async def people_of_ops(context: OpsPage) -> Response:
    """Who may sign in for ops."""
    return await _people(context, None)


@router.post("/ops/people")
async def invite_to_ops(context: OpsPage, fields: Form) -> Response:
    """Invite somebody to ops."""
    body = {**fields.as_body("email", "name"), "role": Role.OPS}
    return await _invite(context, body, None)


@router.post("/ops/people/{user_id}/remove")
async def remove_from_ops(context: OpsPage, user_id: str, _fields: Form) -> Response:
    """Let somebody in no more."""
    await context.write(remove_user, user_id, context.now(), actor=context.viewer.actor)
    return context.go_to("/people", done="removed")


@router.post("/ops/people/{user_id}/mail-again")
async def mail_again_at_ops(context: OpsPage, user_id: str, _fields: Form) -> Response:
    """Mail somebody again, whose address was refused."""
    return await _mail_again(context, user_id, None)


async def _people(context: PageContext, partner_id: str | None, **shown: Any) -> Response:
    listed = await context.read(_listed, partner_id, context.now())
    known: dict[str, Any] = {
        "link": None,
        "mailed": None,
        "fault": None,
        "asked": {},
        "status": 200,
        **shown,
    }
    roles = [Role.OPS] if partner_id is None else [Role.OWNER, Role.MEMBER]
    return context.page(
        "people",
        known.pop("status"),
        users=listed.users,
        sessions=listed.sessions,
        makers=listed.makers,
        with_factor=listed.with_factor,
        may_reset=lambda user: _may_reset(context.viewer, user),
        roles=roles,
        days=INVITATION_VALID_FOR.days,
        **known,
    )


@dataclass(frozen=True)
class _Listed:
    """People with their addresses, where they and visitors from the portal are signed in, who has
    made keys that are in force, and who has a second factor."""

    users: list[tuple[UserRow, str]]
    sessions: list[SessionRow]
    makers: set[str]
    with_factor: set[str]


def _listed(session: Session, partner_id: str | None, now: datetime) -> _Listed:
    users = list_users(session, partner_id)
    ids = [user.id for user, _ in users]
    return _Listed(
        users,
        sessions_at(session, partner_id, now),
        {user_id for user_id in ids if keys_made_by(session, user_id, now)},
        users_with_second_factor(session, ids),
    )


def _may_reset(viewer: Viewer, user: UserRow) -> bool:
    """Whether the second factor of somebody is theirs to reset, who has lost it."""
    if viewer.is_ops:
        return user.role is not Role.OPS
    return viewer.user_id is not None and viewer.may_change and user.role is Role.MEMBER


async def _mail_again(context: PageContext, user_id: str, partner_id: str | None) -> Response:
    """Whoever has never signed in is invited again: the invitation is what was refused."""
    now, actor = context.now(), context.viewer.actor
    user, email = await context.write(mail_again, user_id, now, actor=actor, owner=partner_id)
    if user.joined_at is None:
        body = {"email": email, "name": user.name, "role": user.role}
        return await _invite(context, body, partner_id)
    return context.go_to("/people", done="mailed-again")


async def _invite(
    context: PageContext, body: Mapping[str, Any], partner_id: str | None
) -> Response:
    try:
        asked = Invite.model_validate({**body, "partner_id": partner_id})
    except ValidationError as error:
        field, fault = first_fault(context.words, error)
        fault = context.words("form-fault", field=context.words(_LABELS[field]), fault=fault)
        return await _people(context, partner_id, fault=fault, asked=body, status=422)
    now, actor, by_mail = context.now(), context.viewer.actor, context.parts.sends_mail
    try:
        _user, token = await context.write(
            invite, asked, now, actor=actor, owner=partner_id, by_mail=by_mail
        )
    except AddressTaken:
        await context.write(note_refusal, partner_id, now, actor=actor)
        raise
    if by_mail:
        return await _people(context, partner_id, mailed=asked.email)
    return await _people(context, partner_id, link=context.address(f"/invitations/{token}"))
