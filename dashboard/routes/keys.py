"""API keys of a partner: made, shown once, revoked."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from contracts.access.api_keys import KeyCreate
from contracts.access.callers import Scope
from dashboard.actors import actor_said
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext
from store.access import api_keys
from store.access.actors import Actor, actors_of
from store.tables import ApiKeyRow

router = APIRouter()

Cursor = Annotated[str | None, Query(max_length=64)]
_ON_A_PAGE = 50
_LASTS = {"": None, "90": timedelta(days=90), "365": timedelta(days=365)}
"""How long a key may last, by what the form sends."""


@router.get("/p/{partner_id}/keys")
async def keys_of_partner(context: OwnerPage, cursor: Cursor = None) -> Response:
    """The partner's keys, without themselves."""
    return await _keys(context, cursor)


@router.post("/p/{partner_id}/keys")
async def make_key(context: OwnerPage, fields: Form) -> Response:
    """Make a key for this partner. It is on this page and never shown again."""
    now, lasts = context.now(), _LASTS.get(fields.text("lasts"))
    try:
        asked = KeyCreate(
            scope=Scope.PARTNER,
            label=fields.text("label"),
            partner_id=context.owner,
            expires_at=now + lasts if lasts else None,
        )
    except ValidationError:
        fault = context.words("keys-label-fault")
        kept = {"label": fields.text("label"), "lasts": fields.text("lasts")}
        return await _keys(context, None, fault=fault, asked=kept, status=422)
    row, token = await context.write(
        api_keys.create_key, asked, now, actor=context.viewer.actor, owner=context.owner
    )
    return await _keys(context, None, made=row, token=token)


@router.post("/p/{partner_id}/keys/{key_id}/revoke")
async def revoke_key(context: OwnerPage, key_id: str, _fields: Form) -> Response:
    """End a key for good: at once in this process, within ten seconds in others."""
    await context.write(
        api_keys.revoke_key, key_id, context.now(), actor=context.viewer.actor, owner=context.owner
    )
    context.parts.keys.refuse(key_id)
    return context.go_to("/keys", done="key-revoked")


async def _keys(context: PartnerContext, cursor: str | None, **shown: Any) -> Response:
    known: dict[str, Any] = {"made": None, "token": None, "fault": None, "asked": {}, **shown}
    status = known.pop("status", 200)
    rows, actors = await context.read(_listed, context.owner, cursor)
    page = rows[:_ON_A_PAGE]
    return context.page(
        "keys",
        status,
        keys=[(row, _state(context, row), _maker(context, row, actors)) for row in page],
        cursor=cursor,
        next_cursor=page[-1].id if len(rows) > _ON_A_PAGE else None,
        **known,
    )


def _listed(
    session: Session, owner: str, after: str | None
) -> tuple[list[ApiKeyRow], dict[str, Actor]]:
    rows = api_keys.list_keys(
        session, owner=owner, after=after, limit=_ON_A_PAGE + 1, newest_first=True
    )
    return rows, actors_of(session, {row.created_by for row in rows})


def _state(context: PartnerContext, row: ApiKeyRow) -> str:
    """How a key stands: the end of its message."""
    if row.revoked_at is not None:
        return "revoked"
    ended = row.expires_at is not None and row.expires_at <= context.now()
    return "expired" if ended else "in-force"


def _maker(context: PartnerContext, row: ApiKeyRow, actors: dict[str, Actor]) -> str:
    who = actors[row.created_by]
    return actor_said(context.words, who, row.created_by, to_ops=context.viewer.is_ops)
