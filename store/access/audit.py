"""The audit log: every change with who made it, written in the transaction of the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.ids import IdKind, new_id
from store.db.keyset import Position, newest_first
from store.tables import AuditEntryRow


@dataclass(frozen=True)
class AuditFilter:
    """Which entries to show. Nothing set shows all; `since` is inclusive, `until` is not."""

    partner_id: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def record(
    session: Session,
    *,
    actor: str,
    action: AuditAction,
    object_id: str,
    partner_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Write down one change. `actor` is `Caller.id`; `partner_id` is the partner who may read it.

    `details` is JSON: ids, states, toggles and names of changed fields. Never a secret, a header's
    value, a URL with its query, or anything of a customer.
    """
    session.add(
        AuditEntryRow(
            id=new_id(IdKind.AUDIT_ENTRY),
            at=now,
            actor=actor,
            action=action,
            object_kind=action.object_kind,
            object_id=object_id,
            partner_id=partner_id,
            details=dict(details or {}),
        )
    )


class Audited(Protocol):
    """A row that an entry of the log may be about."""

    @property
    def id(self) -> str:
        """The row's id."""

    @property
    def partner_id(self) -> str | None:
        """Whose it is, null for what is of no partner."""


def record_change(
    session: Session,
    action: AuditAction,
    row: Audited,
    actor: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change of one row, for its partner to read."""
    record(
        session,
        actor=actor,
        action=action,
        object_id=row.id,
        partner_id=row.partner_id,
        details=details,
        now=now,
    )


def list_entries(
    session: Session,
    wanted: AuditFilter,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> list[AuditEntryRow]:
    """A page of the log, the newest first, of one owner's entries where there is an owner."""
    at, entry_id = col(AuditEntryRow.at), col(AuditEntryRow.id)
    query = select(AuditEntryRow).where(*_conditions(wanted))
    if owner is not None:
        query = query.where(col(AuditEntryRow.partner_id) == owner)
    return list(session.exec(newest_first(query, at, entry_id, after).limit(limit)))


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    equals = {
        AuditEntryRow.partner_id: wanted.partner_id,
        AuditEntryRow.object_kind: wanted.object_kind,
        AuditEntryRow.object_id: wanted.object_id,
    }
    conditions = [col(column) == value for column, value in equals.items() if value is not None]
    if wanted.since is not None:
        conditions.append(col(AuditEntryRow.at) >= wanted.since)
    if wanted.until is not None:
        conditions.append(col(AuditEntryRow.at) < wanted.until)
    return conditions
