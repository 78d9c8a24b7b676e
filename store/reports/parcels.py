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
    """Orders of which something was accepted in a while, each once."""

    delivered: int = 0
    failed_deliveries: int = 0


def parcels_between(session: Session, owner: str, since: datetime, until: datetime) -> Parcels:
    """What happened to parcels in this time, as far as we were told in it."""
    event_type, orders = col(EventRow.event_type), col(EventRow.order_id)
    counted = (
        select_columns(event_type, func.count(orders.distinct()))
        .where(*_accepted(owner, since, until))
        .group_by(event_type)
    )
    by_type = dict(iter(session.execute(counted)))
    return Parcels(by_type.get(EventType.DELIVERED, 0), by_type.get(EventType.DELIVERY_FAILED, 0))


def out_for_delivery(session: Session, owner: str, since: datetime, until: datetime) -> int:
    """How many went out in this time and have neither arrived nor failed yet."""
    query = select_columns(func.count(col(EventRow.order_id).distinct())).where(
        *_accepted(owner, since, until),
        col(EventRow.event_type) == EventType.OUT_FOR_DELIVERY,
        _went_on().is_(None),
    )
    return int(session.execute(query).scalar_one())


def _accepted(owner: str, since: datetime, until: datetime) -> list[Any]:
    return [
        col(EventRow.partner_id) == owner,
        col(EventRow.accepted_at) >= since,
        col(EventRow.accepted_at) < until,
        ~col(EventRow.is_test),
    ]


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
