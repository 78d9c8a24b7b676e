"""Signing secrets of endpoints: made, rotated, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.errors import Conflict
from contracts.ids import IdKind, new_id
from contracts.payload.signature import new_secret
from contracts.refusals import Refusal
from store.access.audit import record_change
from store.encryption.columns import ENDPOINT_SECRET
from store.encryption.sealing import open_sealed, seal
from store.endpoints.changes import locked_endpoint
from store.tables import EndpointRow, EndpointSecretRow

ROTATION_OVERLAP = timedelta(hours=24)


MOST_SECRETS = 2
"""In force at once: each is one more signature on every request."""


@dataclass(frozen=True)
class SecretInForce:
    """A secret without itself: since when it signs, and until when, where it ends."""

    created_at: datetime
    expires_at: datetime | None


def rotate_secret(
    session: Session,
    endpoint_id: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    immediate: bool = False,
) -> tuple[EndpointRow, str]:
    """Give an endpoint a new secret; the old one stays in force for 24 hours beside it, or ends
    now where `immediate` asks for that.

    Never more than two are in force: Conflict while a rotation is under way, unless `immediate`.
    Whichever of three ended unasked would be one that the partner may still check with.
    """
    endpoint = locked_endpoint(session, endpoint_id, owner)
    in_force = _secrets_in_force(session, endpoint_id, now)
    if len(in_force) >= MOST_SECRETS and not immediate:
        raise Conflict(
            f"endpoint {endpoint_id} has two secrets in force: wait until the older one ends, "
            f"{ROTATION_OVERLAP // timedelta(hours=1)} hours after the last rotation, or ask with "
            "immediate true, which ends both",
            cause=Refusal.SECRETS_ENOUGH,
        )
    end = now if immediate else now + ROTATION_OVERLAP
    for old in in_force:
        old.expires_at = min(old.expires_at or end, end)
        session.add(old)
    action = AuditAction.SECRET_REVOKED if immediate else AuditAction.SECRET_ROTATED
    record_change(session, action, endpoint, actor, now)
    return endpoint, add_secret(session, endpoint_id, now)


def secrets_in_force(session: Session, endpoint_id: str, now: datetime) -> list[str]:
    """The secrets to sign with, the newest first."""
    return [
        open_sealed(session, ENDPOINT_SECRET, row.secret, row.id)
        for row in _secrets_in_force(session, endpoint_id, now)
    ]


def times_in_force(session: Session, endpoint_id: str, now: datetime) -> list[SecretInForce]:
    """Since and until when the secrets sign, the newest first."""
    found = _secrets_in_force(session, endpoint_id, now)
    return [SecretInForce(one.created_at, one.expires_at) for one in found]


def _secrets_in_force(session: Session, endpoint_id: str, now: datetime) -> list[EndpointSecretRow]:
    expires = col(EndpointSecretRow.expires_at)
    query = (
        select(EndpointSecretRow)
        .where(col(EndpointSecretRow.endpoint_id) == endpoint_id)
        .where(expires.is_(None) | (expires > now))
        .order_by(col(EndpointSecretRow.id).desc())
        .limit(MOST_SECRETS)
    )
    return list(session.exec(query))


def add_secret(session: Session, endpoint_id: str, now: datetime) -> str:
    """Give an endpoint one more secret, sealed in the database; gives it in clear, this once."""
    secret_id, secret = new_id(IdKind.SECRET), new_secret()
    sealed = seal(session, ENDPOINT_SECRET, secret, secret_id)
    session.add(
        EndpointSecretRow(id=secret_id, endpoint_id=endpoint_id, secret=sealed, created_at=now)
    )
    return secret
