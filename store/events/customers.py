"""Who an order's customer is, in full, for somebody who asks for it: written down each time."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.refusals import RetryRefusal
from contracts.errors import Conflict, NotFound
from contracts.payload.order_group import Address
from store.access.audit import record
from store.access.budgets import REVEALED_CUSTOMERS, spend
from store.events.bodies import body_of
from store.tables import EventRow


@dataclass(frozen=True)
class CustomerRevealed:
    """The customer as the order's last update has them."""

    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    address: Address = field(repr=False)


def reveal_customer(
    session: Session, order_id: str, now: datetime, *, owner: str, actor: str
) -> CustomerRevealed:
    """The customer of an owner's order; the audit log says who asked.

    NotFound without an event of the order, Conflict once the customer's data is erased,
    LimitReached for somebody who asks for very many.
    """
    row = session.exec(
        select(EventRow)
        .where(col(EventRow.order_id) == order_id, col(EventRow.partner_id) == owner)
        .order_by(
            col(EventRow.is_test), col(EventRow.occurred_at).desc(), col(EventRow.sequence).desc()
        )
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(f"no event of order {order_id}")
    if row.erased_at is not None:
        raise Conflict("the customer's data was erased", cause=RetryRefusal.ERASED)
    spend(session, REVEALED_CUSTOMERS, actor, now)
    order = body_of(session, row).data.order
    record(
        session,
        actor=actor,
        action=AuditAction.CUSTOMER_REVEALED,
        object_id=order_id,
        partner_id=owner,
        details={"event_id": row.event_id, "order_id": order_id},
        now=now,
    )
    customer = order.customer
    return CustomerRevealed(
        customer.name if customer else None,
        customer.phone if customer else None,
        order.delivery_address,
    )
