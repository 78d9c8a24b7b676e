"""Endpoints that Doorstep had to switch off, as operations were told of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from contracts.delivery.states import EndpointState
from contracts.endpoints.notifications import NotificationChannel
from store.tables import EndpointNotificationRow, EndpointRow, PartnerRow


@dataclass(frozen=True)
class SwitchedOff:
    """An endpoint that Doorstep has switched off, and why."""

    partner_id: str
    partner_name: str
    endpoint_id: str
    reason: str
    at: datetime


def lately_switched_off(session: Session, *, limit: int) -> list[SwitchedOff]:
    """The last endpoints that Doorstep had to switch off, the newest first: by their notifications,
    whose ids sort by time."""
    query = (
        select(EndpointNotificationRow, PartnerRow.name)
        .join(PartnerRow, col(PartnerRow.id) == col(EndpointNotificationRow.partner_id))
        .where(col(EndpointNotificationRow.channel) == NotificationChannel.OPS_WEBHOOK)
        .order_by(col(EndpointNotificationRow.id).desc())
        .limit(limit)
    )
    return [
        SwitchedOff(row.partner_id, name, row.endpoint_id, row.reason, row.created_at)
        for row, name in session.exec(query)
    ]


def count_disabled(session: Session) -> int:
    """How many endpoints are disabled, by Doorstep or by hand."""
    query = select(func.count()).where(
        col(EndpointRow.state) == EndpointState.DISABLED, col(EndpointRow.removed_at).is_(None)
    )
    return session.exec(query).one()
