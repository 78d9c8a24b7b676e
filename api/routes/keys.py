"""`/v1/keys`: make, list and revoke API keys."""

from fastapi import APIRouter
from sqlmodel import Session

from api.auth.key_check import OpsOrPartner
from api.dependencies import KeysKnown, Now, Store
from api.idempotency import Idempotent
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.routes.partners import Cursor, Limit, OfPartner
from api.rows import view_of
from contracts.access.api_keys import KeyCreate, KeyCreated, KeyPublic
from contracts.ids import KeyRef
from store.access import api_keys
from store.access.idempotency import once

router = APIRouter(route_class=JsonRoute, prefix="/v1/keys", tags=["keys"])


class KeyPage(Page[KeyPublic]):
    """A page; `next_cursor` is null on the last one."""


@router.post("", status_code=201, summary="Create a key")
async def create_key(
    asked: KeyCreate, now: Now, database: Store, caller: OpsOrPartner, repeat: Idempotent
) -> KeyCreated:
    """Make a key. It is in this answer, and in those to repeats with its `Idempotency-Key`, and
    never shown otherwise: what is kept is its SHA-256.

    A partner's key makes keys of the scope `partner`, for its own partner. A key of scope `ops`
    makes keys of every scope: it is an administrator's. 409 when the partner has 20 keys in force.
    422 for an unknown partner, and for a time that has passed.
    """

    def make(session: Session) -> KeyCreated:
        row, token = api_keys.create_key(session, asked, now, actor=caller.id, owner=caller.owner)
        return view_of(KeyCreated, row, key=token)

    return await database.write(once, repeat, KeyCreated, make, now)


@router.get("", summary="List keys")
async def list_keys(
    database: Store,
    caller: OpsOrPartner,
    partner_id: OfPartner = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> KeyPage:
    """Keys without themselves, revoked ones too, in pages, in the order they were made."""
    rows = await database.read(
        api_keys.list_keys,
        partner_id=partner_id,
        owner=caller.owner,
        after=cursor,
        limit=limit + 1,
    )
    page, following = cut(rows, limit, lambda row: row.id)
    return KeyPage(items=[view_of(KeyPublic, row) for row in page], next_cursor=following)


@router.get("/{key_id}", summary="Get a key")
async def get_key(key_id: KeyRef, database: Store, caller: OpsOrPartner) -> KeyPublic:
    """One key, without itself."""
    row = await database.read(api_keys.get_key, key_id, owner=caller.owner)
    return view_of(KeyPublic, row)


@router.delete("/{key_id}", status_code=204, summary="Revoke a key")
async def revoke_key(
    key_id: KeyRef, now: Now, database: Store, known_keys: KeysKnown, caller: OpsOrPartner
) -> None:
    """Revoke a key for good. The API process that answers refuses it from then on; others believe
    for up to 10 seconds what they looked up. Revoking it again changes nothing."""
    await database.write(api_keys.revoke_key, key_id, now, actor=caller.id, owner=caller.owner)
    known_keys.refuse(key_id)
