"""Drops what nothing hangs on once it is older than rows are kept: audit entries, and notifications
and recoveries that have ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, SQLModel, col, select

from contracts.delivery.recoveries import RecoveryState
from contracts.endpoints.notifications import NotificationState
from store.tables import AuditEntryRow, EndpointNotificationRow, RecoveryRow


def drop_old_entries(session: Session, before: datetime, *, limit: int) -> int:
    """Drop the next of each kind that are older than this; gives how many rows. 0: none is left."""
    audited, told, recovered = AuditEntryRow, EndpointNotificationRow, RecoveryRow
    has_ended = col(recovered.state) != RecoveryState.RUNNING
    was_told = col(told.state) != NotificationState.WAITING
    return (
        _drop(session, audited, audited.id, audited.at, before, limit)
        + _drop(session, told, told.id, told.created_at, before, limit, was_told)
        + _drop(session, recovered, recovered.id, recovered.created_at, before, limit, has_ended)
    )


def _drop(
    session: Session,
    kind: type[SQLModel],
    row_id: Any,
    at: Any,
    before: datetime,
    limit: int,
    *conditions: ColumnElement[bool],
) -> int:
    """The oldest first; what somebody has locked is left for the next time."""
    old = select(row_id).where(col(at) < before, *conditions).order_by(col(at)).limit(limit)
    ids = list(session.exec(old.with_for_update(skip_locked=True, key_share=True)))
    session.execute(delete(kind).where(col(row_id).in_(ids)))
    return len(ids)
