"""How a partner's parcels stand, by its events of a while; test events are none of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, literal
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from contracts.payload.events import EventType
from store.tables import EventRow


@dataclass(frozen=True)
class Parcels:
    """Orders of which something was accepted in this time, each once."""

    delivered: int = 0
    out_for_delivery: int = 0
    """Went out in this time, and nothing has come of it yet."""
    failed_deliveries: int = 0


def parcels_between(session: Session, owner: str, since: datetime, until: datetime) -> Parcels:
    """What happened to parcels in this time, as far as we were told in it."""
    made = (
        col(EventRow.partner_id) == owner,
        col(EventRow.accepted_at) >= since,
        col(EventRow.accepted_at) < until,
        ~col(EventRow.is_test),
    )
    event_type, orders = col(EventRow.event_type), col(EventRow.order_id)
    counted = select_columns(event_type, func.count(orders.distinct())).where(*made)
    by_type = dict(iter(session.execute(counted.group_by(event_type))))
    out = select_columns(func.count(orders.distinct())).where(
        *made, event_type == EventType.OUT_FOR_DELIVERY, _went_on().is_(None)
    )
    return Parcels(
        delivered=by_type.get(EventType.DELIVERED, 0),
        out_for_delivery=int(session.execute(out).scalar_one()),
        failed_deliveries=by_type.get(EventType.DELIVERY_FAILED, 0),
    )


def _went_on() -> ScalarSelect[Any]:
    """A later event of the order, looked up for each: an order has few events, and an index."""
    later = aliased(EventRow)
    return (
        select_columns(literal(1))
        .where(
            col(later.order_id) == col(EventRow.order_id),
            col(later.partner_id) == col(EventRow.partner_id),
            col(later.occurred_at) > col(EventRow.occurred_at),
            ~col(later.is_test),
        )
        .limit(1)
        .correlate(EventRow)
        .scalar_subquery()
    )
