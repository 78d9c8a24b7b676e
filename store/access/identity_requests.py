"""Sign-ins at the identity provider that have begun: each is answered once, within its time."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from contracts.access.identity_provider import REQUEST_VALID_FOR_S
from store.tables import IdentityRequestRow


def begin_request(session: Session, digest: str, now: datetime) -> None:
    """Write down that a sign-in has begun, and forget those that nobody came back from."""
    session.execute(delete(IdentityRequestRow).where(col(IdentityRequestRow.expires_at) <= now))
    expires_at = now + timedelta(seconds=REQUEST_VALID_FOR_S)
    session.add(IdentityRequestRow(digest=digest, expires_at=expires_at))


def take_request(session: Session, digest: str, now: datetime) -> bool:
    """Whether this sign-in had begun, was not answered yet and is in time; now it is answered."""
    taken = session.execute(
        delete(IdentityRequestRow)
        .where(col(IdentityRequestRow.digest) == digest)
        .returning(col(IdentityRequestRow.expires_at))
    ).scalar()
    return taken is not None and taken > now
