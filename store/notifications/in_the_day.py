"""What a partner is told once a day or once a week, in its own day: who is left to be told."""

from collections.abc import Mapping
from datetime import datetime, time

from sqlmodel import Session, col, select

from contracts.notifications.kinds import NotificationKind
from contracts.time_zones import zone_or_default
from store.tables import NotificationRow

DAY_BEGINS, DAY_ENDS = time(9), time(20)
"""In the partner's time zone. So two of one kind are half a day apart at least."""


def is_day(now: datetime, time_zone: str) -> bool:
    """Whether it is the time of day in which people are told what can wait."""
    return DAY_BEGINS <= now.astimezone(zone_or_default(time_zone)).time() < DAY_ENDS


def once_a_day(kind: NotificationKind, partner_id: str, now: datetime, time_zone: str) -> str:
    """What keeps a partner from being told of a kind twice on one of its days."""
    return f"{kind}/{partner_id}/{now.astimezone(zone_or_default(time_zone)).date().isoformat()}"


def without_those_told(session: Session, once: Mapping[str, str]) -> list[str]:
    """Of these partners, each with its `once`, those that were not told yet."""
    query = select(NotificationRow.once).where(col(NotificationRow.once).in_(once.values()))
    told = set(session.exec(query)) if once else set()
    return [partner_id for partner_id, key in once.items() if key not in told]
