"""What is on hold over all partners: why, where, and how old it is. Tests are none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.states import HoldReason
from store.tables import DeliveryRow, EventRow, PartnerRow

_HELD = text("state = 'held'")
"""Word for word as in the index, which has all that is read here."""


@dataclass(frozen=True)
class HeldGroup:
    """The deliveries of one partner that wait for one thing, of one endpoint where they are
    webhooks. `oldest_at` is when the oldest was planned."""

    reason: HoldReason
    partner_id: str
    partner_name: str
    endpoint_id: str | None
    count: int
    oldest_at: datetime


def held_groups(session: Session) -> Sequence[HeldGroup]:
    """Every group, the largest first."""
    keys = (col(DeliveryRow.hold_reason), col(DeliveryRow.partner_id), col(DeliveryRow.endpoint_id))
    counted = (
        select_columns(
            *keys,
            func.count().label("count"),
            func.min(col(DeliveryRow.created_at)).label("oldest_at"),
        )
        .where(_HELD, is_of_no_test())
        .group_by(*keys)
        .subquery()
    )
    query = (
        select_columns(
            counted.c.hold_reason,
            counted.c.partner_id,
            col(PartnerRow.name),
            counted.c.endpoint_id,
            counted.c.count,
            counted.c.oldest_at,
        )
        .join(PartnerRow, col(PartnerRow.id) == counted.c.partner_id)
        .where(counted.c.hold_reason.is_not(None))
        .order_by(counted.c.count.desc(), counted.c.oldest_at, counted.c.partner_id)
    )
    return [HeldGroup(*row) for row in session.execute(query)]


def is_of_no_test() -> ColumnElement[bool]:
    """That a delivery is not of a test event; of those there is an index, and they are few."""
    of_delivery = col(EventRow.event_id) == col(DeliveryRow.event_id)
    return ~exists().where(of_delivery, col(EventRow.is_test))
