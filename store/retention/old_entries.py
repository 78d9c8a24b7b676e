"""Drops what nothing hangs on once it is older than rows are kept: audit entries, and messages,
notifications and recoveries that have ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists
from sqlmodel import Session, SQLModel, col, select

from contracts.delivery.recoveries import RecoveryState
from contracts.notifications.messages import MessageState
from store.tables import (
    AuditEntryRow,
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    RecoveryRow,
)


def drop_old_entries(session: Session, before: datetime, *, limit: int) -> int:
    """Drop the next of each kind that are older than this; gives how many rows. 0: none is left.
    What a message carries goes with it, and a notification when no message carries it any more."""
    audited, recovered = AuditEntryRow, RecoveryRow
    message, told = NotificationMessageRow, NotificationRow
    has_ended = col(recovered.state) != RecoveryState.RUNNING
    is_settled = col(message.state) != MessageState.WAITING
    was_told = col(told.fanned_out_at).is_not(None)
    is_carried = exists().where(col(NotificationItemRow.notification_id) == col(told.id))
    return (
        _drop(session, audited, audited.id, audited.at, before, limit)
        + _drop(session, message, message.id, message.created_at, before, limit, is_settled)
        + _drop(session, told, told.id, told.created_at, before, limit, was_told, ~is_carried)
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
