"""Sign-ins between the password and the second factor. They are bound to one browser, by a cookie
of their own, and short."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from contracts.access.second_factor import PENDING_SIGN_IN_LASTS, SecondFactorRule
from contracts.errors import NotFound
from store.access.second_factors import second_factor
from store.access.user_locks import lock_user
from store.tables import PendingSignInRow, UserRow

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in that has just begun to wait; `token` is for the cookie, and shown only now."""

    token: str = field(repr=False)
    expires_at: datetime


class PendingSignInEnded(NotFound):
    """The password was typed too long ago, or in another browser: it is to be typed again."""


@dataclass(frozen=True)
class AwaitedProof:
    """Whose sign-in waits, and for what: a code of the second factor that they have, or that they
    begin one."""

    digest: str
    user: UserRow
    has_second_factor: bool


def pending_if_needed(
    session: Session, user: UserRow, now: datetime, rule: SecondFactorRule
) -> PendingSignIn | None:
    """A pending sign-in of somebody whose password was right. None for whoever has no second factor
    and needs none."""
    if second_factor(session, user.id) is None and not rule.requires(user.role):
        return None
    session.execute(delete(PendingSignInRow).where(col(PendingSignInRow.expires_at) <= now))
    token, expires_at = secrets.token_urlsafe(_TOKEN_BYTES), now + PENDING_SIGN_IN_LASTS
    session.add(
        PendingSignInRow(
            digest=_digest_of(token), user_id=user.id, created_at=now, expires_at=expires_at
        )
    )
    session.flush()
    return PendingSignIn(token, expires_at)


def awaited_proof(session: Session, token: str, now: datetime) -> AwaitedProof:
    """What the sign-in behind a cookie waits for. PendingSignInEnded without one."""
    row = _pending(session, token, now)
    user = session.get_one(UserRow, row.user_id)
    return AwaitedProof(row.digest, user, second_factor(session, user.id) is not None)


def locked_proof(session: Session, token: str, now: datetime) -> AwaitedProof:
    """The same for whoever gives it: the user is locked, and the sign-in still waits then, which
    ends with a password that changes, say."""
    lock_user(session, _pending(session, token, now).user_id)
    return awaited_proof(session, token, now)


def end_pending(session: Session, digest: str) -> None:
    """It has led to a session, or is given up."""
    session.execute(delete(PendingSignInRow).where(col(PendingSignInRow.digest) == digest))


def end_pending_of(session: Session, user_id: str) -> None:
    """End whatever waits of somebody: their password is another one."""
    session.execute(delete(PendingSignInRow).where(col(PendingSignInRow.user_id) == user_id))


def _pending(session: Session, token: str, now: datetime) -> PendingSignInRow:
    row = session.get(PendingSignInRow, _digest_of(token), populate_existing=True)
    if row is None or row.expires_at <= now:
        raise PendingSignInEnded("type the password again")
    return row


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
