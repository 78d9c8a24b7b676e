"""Endpoints that Doorstep had to switch off, as operations were told of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from contracts.delivery.states import EndpointState
from contracts.notifications.kinds import NotificationKind
from store.tables import EndpointRow, NotificationRow, PartnerRow


@dataclass(frozen=True)
class SwitchedOff:
    """An endpoint that Doorstep has switched off, and why."""

    partner_id: str
    partner_name: str
    endpoint_id: str
    reason: str
    at: datetime


def lately_switched_off(session: Session, *, limit: int) -> list[SwitchedOff]:
    """The last endpoints that Doorstep had to switch off, the newest first: by their
    notifications."""
    query = (
        select(NotificationRow, PartnerRow.name)
        .join(PartnerRow, col(PartnerRow.id) == col(NotificationRow.partner_id))
        .where(col(NotificationRow.kind) == NotificationKind.ENDPOINT_DISABLED)
        .order_by(col(NotificationRow.created_at).desc(), col(NotificationRow.id).desc())
        .limit(limit)
    )
    return [
        SwitchedOff(
            row.partner_id or "",
            name,
            row.endpoint_id or "",
            str(row.about.get("reason", "")),
            row.created_at,
        )
        for row, name in session.exec(query)
    ]


def count_disabled(session: Session) -> int:
    """How many endpoints are disabled, by Doorstep or by hand."""
    query = select(func.count()).where(
        col(EndpointRow.state) == EndpointState.DISABLED, col(EndpointRow.removed_at).is_(None)
    )
    return session.exec(query).one()
