"""Checks for notifications that only time brings: whose turn it is to look, and how each stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.notifications.kinds import NotificationKind
from store.tables import NotificationCheckRow

EVERY = timedelta(minutes=10)


def begin_check(session: Session, kind: NotificationKind, now: datetime) -> bool:
    """Whether it is time to look, and nobody else has begun to: of several that ask, one is told
    so. One that is killed is followed by the next when the time has come again."""
    begun_at = col(NotificationCheckRow.begun_at)
    begun = (
        insert(NotificationCheckRow)
        .values(kind=kind, begun_at=now)
        .on_conflict_do_update(
            index_elements=["kind"], set_={"begun_at": now}, where=begun_at <= now - EVERY
        )
    )
    return session.execute(begun.returning(col(NotificationCheckRow.kind))).first() is not None


def note_check(session: Session, kind: NotificationKind, now: datetime) -> None:
    """A check went through all that there was."""
    session.execute(
        update(NotificationCheckRow)
        .where(col(NotificationCheckRow.kind) == kind)
        .values(succeeded_at=now)
    )


def last_checks(session: Session) -> Mapping[NotificationKind, datetime]:
    """When each check that ever did so last went through."""
    rows = session.exec(select(NotificationCheckRow))
    return {row.kind: row.succeeded_at for row in rows if row.succeeded_at is not None}
