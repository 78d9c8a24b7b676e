"""Endpoints that Doorstep had to switch off, as operations were told of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.notices import NoticeChannel
from store.tables import NoticeRow, PartnerRow


@dataclass(frozen=True)
class SwitchedOff:
    """An endpoint that Doorstep has switched off, and why."""

    partner_id: str
    partner_name: str
    endpoint_id: str
    reason: str
    at: datetime


def lately_switched_off(session: Session, *, limit: int) -> list[SwitchedOff]:
    """The last endpoints that Doorstep had to switch off, the newest first: by their notices, whose
    ids sort by time."""
    query = (
        select(NoticeRow, PartnerRow.name)
        .join(PartnerRow, col(PartnerRow.id) == col(NoticeRow.partner_id))
        .where(col(NoticeRow.channel) == NoticeChannel.OPS_WEBHOOK)
        .order_by(col(NoticeRow.id).desc())
        .limit(limit)
    )
    return [
        SwitchedOff(row.partner_id, name, row.endpoint_id, row.reason, row.created_at)
        for row, name in session.exec(query)
    ]
