"""API keys: made, found by their shown part, revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import Session, col, select

from contracts.access.api_keys import KeyCreate, digest_of, new_token, prefix_of
from contracts.access.audit import AuditAction
from contracts.access.callers import Caller, Scope
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.notifications.kinds import NotificationKind
from contracts.refusals import Refusal
from contracts.tiers import Tier
from store.access.account_notices import notify_of_change
from store.access.actors import refuse_portal
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.tables import ApiKeyRow, PartnerRow

NOTED_EVERY = timedelta(minutes=1)
MOST_KEYS = 20
"""In force of one partner at once: enough for each of its systems to have its own, twice over."""


@dataclass(frozen=True)
class KnownKey:
    """What a presented key turned out to be."""

    caller: Caller
    expires_at: datetime | None


def create_key(
    session: Session, asked: KeyCreate, now: datetime, *, actor: str, owner: str | None = None
) -> tuple[ApiKeyRow, str]:
    """Make a key; gives the row and the key itself, which is shown only now. Conflict where its
    partner has as many in force as it may have."""
    refuse_portal(actor)
    _check(session, asked, now, owner)
    if asked.partner_id is not None:
        _limit_keys(session, asked.partner_id, now)
    token = new_token(asked.scope)
    row = ApiKeyRow(
        id=new_id(IdKind.API_KEY),
        prefix=prefix_of(token) or "",
        digest=digest_of(token),
        scope=asked.scope,
        partner_id=asked.partner_id,
        label=asked.label,
        created_at=now,
        created_by=actor,
        expires_at=asked.expires_at,
    )
    session.add(row)
    _record(session, AuditAction.KEY_CREATED, row, actor, now)
    return row, token


def known_key(session: Session, token: str, now: datetime) -> KnownKey | None:
    """The key behind a token that is in force; None for every other token.

    Found by the part that may be shown; what may not is compared in constant time.
    """
    query = (
        select(ApiKeyRow, PartnerRow.tier)
        .outerjoin(PartnerRow, col(PartnerRow.id) == col(ApiKeyRow.partner_id))
        .where(col(ApiKeyRow.prefix) == prefix_of(token))
    )
    found = session.exec(query).first()
    if found is None or not secrets.compare_digest(found[0].digest, digest_of(token)):
        return None
    row, tier = found[0], Tier(found[1]) if found[1] else None
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    caller = Caller(row.id, frozenset({row.scope}), row.partner_id, tier)
    return KnownKey(caller, row.expires_at)


def get_key(session: Session, key_id: str, *, owner: str | None = None) -> ApiKeyRow:
    """One key, revoked ones too. NotFound when there is none, or it is another partner's."""
    row = session.get(ApiKeyRow, key_id)
    if row is None or owner not in (None, row.partner_id):
        raise NotFound(f"no key {key_id}")
    return row


def list_keys(
    session: Session,
    *,
    partner_id: str | None = None,
    owner: str | None = None,
    after: str | None = None,
    limit: int,
    newest_first: bool = False,
) -> list[ApiKeyRow]:
    """A page of keys in the order they were made, or the newest first; revoked ones too."""
    key_id = col(ApiKeyRow.id)
    query = select(ApiKeyRow).order_by(key_id.desc() if newest_first else key_id).limit(limit)
    for wanted in (partner_id, owner):
        if wanted is not None:
            query = query.where(col(ApiKeyRow.partner_id) == wanted)
    if after is not None:
        query = query.where(key_id < after if newest_first else key_id > after)
    return list(session.exec(query))


def revoke_key(
    session: Session, key_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> ApiKeyRow:
    """End a key for good. One that was revoked before stays as it is."""
    row = get_key(session, key_id, owner=owner)
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(row)
        _record(session, AuditAction.KEY_REVOKED, row, actor, now)
    return row


def keys_made_by(session: Session, user_id: str, now: datetime) -> list[ApiKeyRow]:
    """The keys in force that somebody has made."""
    query = select(ApiKeyRow).where(col(ApiKeyRow.created_by) == user_id, *_in_force(now))
    return list(session.exec(query))


def note_use(session: Session, key_id: str, now: datetime) -> None:
    """Write down that a key was used, unless that was done less than a minute ago."""
    last = col(ApiKeyRow.last_used_at)
    session.execute(
        update(ApiKeyRow)
        .where(col(ApiKeyRow.id) == key_id, or_(last.is_(None), last <= now - NOTED_EVERY))
        .values(last_used_at=now)
    )


def _check(session: Session, asked: KeyCreate, now: datetime, owner: str | None) -> None:
    """Invalid names what cannot be; to a partner, others do not exist."""
    if owner is not None and asked.scope is not Scope.PARTNER:
        raise Invalid("a partner's key makes keys with the scope partner only", field="scope")
    if (asked.scope is Scope.PARTNER) is (asked.partner_id is None):
        fault = "name the partner of a key with the scope partner, and of no other key"
        raise Invalid(fault, field="partner_id")
    if asked.partner_id is not None:
        known = session.get(PartnerRow, asked.partner_id)
        if known is None or owner not in (None, known.id):
            raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")
    if asked.expires_at is not None and asked.expires_at <= now:
        raise Invalid("this time has passed already", field="expires_at")


def _limit_keys(session: Session, partner_id: str, now: datetime) -> None:
    """Under the partner's lock, so that they are counted exactly."""
    session.get_one(PartnerRow, partner_id, with_for_update=TO_CHANGE)
    query = select(func.count()).where(col(ApiKeyRow.partner_id) == partner_id, *_in_force(now))
    if session.exec(query).one() >= MOST_KEYS:
        raise Conflict(
            f"partner {partner_id} has {MOST_KEYS} keys in force: revoke one first",
            cause=Refusal.KEYS_ENOUGH,
        )


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    expires = col(ApiKeyRow.expires_at)
    return col(ApiKeyRow.revoked_at).is_(None), or_(expires.is_(None), expires > now)


def _record(
    session: Session, action: AuditAction, row: ApiKeyRow, actor: str, now: datetime
) -> None:
    """In the audit log, and told to the owners of its partner; of a key of no partner, to ops."""
    notify_of_change(
        session,
        NotificationKind.KEY_CHANGED,
        now,
        actor=actor,
        partner_id=row.partner_id,
        what=row.label,
        change="made" if action is AuditAction.KEY_CREATED else "revoked",
        scope=row.scope,
    )
    record_change(session, action, row, actor, now, {"scope": row.scope, "prefix": row.prefix})
