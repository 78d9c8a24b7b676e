"""Sessions: begun by a password or a link, found by their cookie, ended."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.second_factor import SecondFactorRule
from contracts.access.users import (
    PORTAL_SESSION_LASTS,
    SESSION_IDLE_FOR,
    SESSION_LASTS,
    LinkKind,
)
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from store.access.audit import record
from store.access.passwords import put_password, user_by_link
from store.access.pending_sign_ins import PendingSignIn, pending_if_needed
from store.access.sign_in_links import drop_old_links, use_link
from store.access.user_locks import lock_user
from store.tables import SessionRow, SignInLinkRow, UserRow

SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Begun:
    """A session that has just begun; `token` is for the cookie, and shown only now."""

    row: SessionRow
    token: str


@dataclass(frozen=True)
class ProvenPassword:
    """Whose password was right, and how it was kept when it was compared: that takes a while."""

    user_id: str
    password_hash: str = field(repr=False)


def begin_for(session: Session, user_id: str, now: datetime) -> Begun:
    """A session of somebody who has proven all that they have to. They are there, so an address
    that a mail server has refused is tried again. NotFound for who was removed meanwhile."""
    user = lock_user(session, user_id)
    if user.removed_at is not None:
        raise NotFound(f"no user {user_id}")
    user.last_signed_in_at = now
    user.email_refused_at = user.email_refused_code = None
    return _begun(session, user, now, SESSION_LASTS, user.id)


def begin_or_ask(
    session: Session, proven: ProvenPassword, now: datetime, rule: SecondFactorRule
) -> Begun | PendingSignIn | None:
    """A session of somebody whose password was right, or what waits for their second factor. None
    where the password is another one by now, or they were removed."""
    user = lock_user(session, proven.user_id)
    if user.removed_at is not None or user.password_hash != proven.password_hash:
        return None
    return _begun_or_asked(session, user, now, rule)


def accept_invitation(
    session: Session,
    token: str,
    password_hash: str,
    now: datetime,
    *,
    rule: SecondFactorRule = SecondFactorRule.OPTIONAL,
) -> Begun | PendingSignIn:
    """Give somebody the password that they chose, and sign them in, with a second factor where
    there is one; their other sessions end."""
    user = user_by_link(session, token, LinkKind.INVITATION, now)
    put_password(session, user, password_hash, now)
    user.joined_at = user.joined_at or now
    _record(session, AuditAction.USER_JOINED, user.id, user.id, user.partner_id, now)
    return _begun_or_asked(session, user, now, rule)


def enter_from_portal(session: Session, token: str, now: datetime) -> Begun:
    """Sign in whoever comes from the merchant portal with a link that works."""
    link: SignInLinkRow = use_link(session, token, LinkKind.PORTAL, now)
    begun = _begun(session, link, now, PORTAL_SESSION_LASTS)
    _record(session, AuditAction.PORTAL_LINK_OPENED, begun.row.id, link.id, link.partner_id, now)
    return begun


def session_of(session: Session, token: str, now: datetime) -> SessionRow | None:
    """The session behind a cookie; None when it has ended."""
    query = select(SessionRow).where(col(SessionRow.digest) == digest_of(token))
    row = session.exec(query).first()
    if row is None or row.expires_at <= now or row.seen_at <= now - SESSION_IDLE_FOR:
        return None
    return row


def is_to_be_noted(row: SessionRow, now: datetime) -> bool:
    """Whether it is time to write down that a session is in use: at first, and each minute."""
    return row.network is None or row.seen_at <= now - SEEN_EVERY


def note_seen(
    session: Session, session_id: str, now: datetime, *, browser: str = "", network: str = ""
) -> None:
    """Write down that a session is in use, and from where."""
    session.execute(
        update(SessionRow)
        .where(col(SessionRow.id) == session_id)
        .values(seen_at=now, browser=browser, network=network)
    )


def end_session(session: Session, session_id: str) -> None:
    """End one session for good."""
    session.execute(delete(SessionRow).where(col(SessionRow.id) == session_id))


def end_session_behind(session: Session, token: str) -> None:
    """End the session behind a cookie, if there is one."""
    session.execute(delete(SessionRow).where(col(SessionRow.digest) == digest_of(token)))


def end_others(session: Session, user_id: str, kept: str) -> None:
    """End every session of somebody but the one they are using."""
    session.execute(
        delete(SessionRow).where(col(SessionRow.user_id) == user_id, col(SessionRow.id) != kept)
    )


def digest_of(token: str) -> str:
    """What is kept of a cookie: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _begun_or_asked(
    session: Session, user: UserRow, now: datetime, rule: SecondFactorRule
) -> Begun | PendingSignIn:
    """Of a user who is locked."""
    return pending_if_needed(session, user, now, rule) or begin_for(session, user.id, now)


def _begun(
    session: Session,
    whose: UserRow | SignInLinkRow,
    now: datetime,
    lasts: timedelta,
    user_id: str | None = None,
) -> Begun:
    _drop_old(session, now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = SessionRow(
        id=new_id(IdKind.SESSION),
        digest=digest_of(token),
        csrf=secrets.token_urlsafe(_TOKEN_BYTES),
        user_id=user_id,
        partner_id=whose.partner_id,
        role=whose.role,
        name=whose.name,
        language=whose.language,
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    return Begun(row, token)


def _drop_old(session: Session, now: datetime) -> None:
    """Forget sessions and links whose time is up: here, since there are never more than began."""
    ended = or_(
        col(SessionRow.expires_at) <= now, col(SessionRow.seen_at) <= now - SESSION_IDLE_FOR
    )
    session.execute(delete(SessionRow).where(ended))
    drop_old_links(session, now)


def _record(
    session: Session,
    action: AuditAction,
    actor: str,
    object_id: str,
    partner_id: str | None,
    now: datetime,
) -> None:
    record(session, actor=actor, action=action, object_id=object_id, partner_id=partner_id, now=now)
