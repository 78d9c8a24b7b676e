"""Restores of the database, and whether one has forgotten what was done after the backup."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from store.tables import RestoreRow

RESTORED = "restored"
"""The code of what may have been sent before the restore."""


def last_restore(session: Session) -> RestoreRow | None:
    """The newest one, which has forgotten at least what those before it had."""
    newest = select(RestoreRow).order_by(col(RestoreRow.restored_at).desc()).limit(1)
    return session.exec(newest).first()


def may_have_happened(session: Session, at: datetime, *, after: timedelta = timedelta()) -> bool:
    """Whether what follows a moment, by so much at the least, may have been done and forgotten."""
    restore = last_restore(session)
    return restore is not None and at + after <= restore.lost_until
