"""The audit log: every change with who made it, written in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from contracts.audit import AuditAction
from contracts.ids import IdKind, new_id
from store.tables import AuditEntryRow


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
