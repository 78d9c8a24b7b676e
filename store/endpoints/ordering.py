"""Order, where an endpoint asks for it: within one order a later event waits for the earlier ones.

Earlier is by the events' sequence, so that an event that is not planned yet counts. Only events of
one order and deliveries to one endpoint wait for each other.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contracts.delivery.states import NOT_ENDED, DeliveryState, EventState, HoldReason
from store.events.outbox import Startable, startables
from store.tables import DeliveryRow, EndpointRow, EventRow

LOOKED_AT_FIRST_AFTER = timedelta(seconds=2)
LOOKED_AT_AGAIN_AFTER = timedelta(seconds=30)
"""The earlier one that ends wakes the later. Looking again, soon while a delivery is young and
seldom later, covers a wake that was lost: on PostgreSQL one that ends does not see who comes to
wait in the same moment."""

_IN_LINE = text("state = 'held' AND hold_reason = 'earlier_event'")  # as the index says it


def waits_for_earlier(session: Session, event_id: str, endpoint_id: str | None) -> bool:
    """Whether an event of the same order that is earlier than this one has not ended yet for this
    endpoint."""
    earlier, this = aliased(EventRow), aliased(EventRow)
    on_its_way = select(DeliveryRow.id).where(
        col(DeliveryRow.event_id) == col(earlier.event_id),
        col(DeliveryRow.endpoint_id) == endpoint_id,
        col(DeliveryRow.state).in_(NOT_ENDED),
    )
    query = (
        select(earlier.event_id)
        .join(
            this,
            (col(this.order_id) == col(earlier.order_id))
            & (col(this.partner_id) == col(earlier.partner_id)),
        )
        .where(col(this.event_id) == event_id)
        .where(col(earlier.sequence) < col(this.sequence), col(earlier.only_target).is_(None))
        .where(or_(col(earlier.state) == EventState.ACCEPTED, on_its_way.exists()))
        .limit(1)
    )
    return session.exec(query).first() is not None


def looked_at_again_at(delivery: DeliveryRow, now: datetime) -> datetime:
    """When a delivery that waits is to look again whether its turn has come."""
    age = now - delivery.created_at
    return now + min(max(age, LOOKED_AT_FIRST_AFTER), LOOKED_AT_AGAIN_AFTER)


def wake_later(session: Session, delivery: DeliveryRow, now: datetime) -> bool:
    """A delivery has ended: those of the same order that wait for it may look again. Whether there
    are any."""
    endpoint = session.get(EndpointRow, delivery.endpoint_id) if delivery.endpoint_id else None
    if endpoint is None or not endpoint.ordered:
        return False
    this = aliased(EventRow)
    of_order = (
        select(EventRow.event_id)
        .join(
            this,
            (col(this.order_id) == col(EventRow.order_id))
            & (col(this.partner_id) == col(EventRow.partner_id)),
        )
        .where(col(this.event_id) == delivery.event_id)
    )
    woken: Any = session.execute(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.endpoint_id) == endpoint.id,
            col(DeliveryRow.state) == DeliveryState.HELD,
            col(DeliveryRow.hold_reason) == HoldReason.EARLIER_EVENT,
            col(DeliveryRow.event_id).in_(of_order),
        )
        .values(next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(woken.rowcount) > 0


def any_woken(session: Session, now: datetime) -> bool:
    """Whether some delivery is to look again whether its turn has come."""
    query = select(DeliveryRow.id).where(_IN_LINE, col(DeliveryRow.next_attempt_at) <= now)
    return session.exec(query.limit(1)).first() is not None


def take_woken(
    session: Session, now: datetime, *, limit: int, endpoint_id: str | None = None
) -> list[tuple[Startable, str]]:
    """The deliveries whose turn has come, of one endpoint where it is named: the event, and the
    delivery to ask for. The others look again later, and nobody else takes these for a while."""
    query = select(DeliveryRow).where(_IN_LINE, col(DeliveryRow.next_attempt_at) <= now)
    if endpoint_id is not None:
        query = query.where(col(DeliveryRow.endpoint_id) == endpoint_id)
    query = (
        query.order_by(col(DeliveryRow.next_attempt_at))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = []
    for delivery in session.exec(query).all():
        if waits_for_earlier(session, delivery.event_id, delivery.endpoint_id):
            delivery.next_attempt_at = looked_at_again_at(delivery, now)
        else:
            delivery.next_attempt_at = now + LOOKED_AT_AGAIN_AFTER
            found.append((startables(session, [delivery.event_id])[0], delivery.id))
    return found
