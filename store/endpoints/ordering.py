"""Order, where an endpoint asks for it: within one order a later event waits for the earlier ones.

Earlier is by the events' sequence, so that an event that is not planned yet counts. Only events of
one order and deliveries to one endpoint wait for each other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, or_, text, update
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from contracts.delivery.states import NOT_ENDED, DeliveryState, EventState, HoldReason
from store.events.outbox import Startable, startables
from store.tables import DeliveryRow, EndpointRow, EventRow
from store.tables.columns import Utc

LOOKED_AT_FIRST_AFTER = timedelta(seconds=2)
LOOKED_AT_AGAIN_AFTER = timedelta(seconds=30)
"""The earlier one that ends wakes the later. Looking again, soon while a delivery is young and
seldom later, covers a wake that was lost: on PostgreSQL one that ends does not see who comes to
wait in the same moment."""

_IN_LINE = text("state = 'held' AND hold_reason = 'earlier_event'")  # as the index says it


def waits_for_earlier(session: Session, event_id: str, endpoint_id: str | None) -> bool:
    """Whether an event of the same order that is earlier than this one has not ended yet for this
    endpoint."""
    query = select(EventRow.event_id).where(
        col(EventRow.event_id) == event_id, _has_earlier(EventRow, literal(endpoint_id))
    )
    return session.exec(query).first() is not None


def _has_earlier(
    this: type[EventRow], endpoint_id: ColumnElement[Any] | Mapped[Any]
) -> ColumnElement[bool]:
    """Whether an event of the order of `this` is before it at an endpoint, and has not ended."""
    earlier, before = aliased(EventRow), aliased(DeliveryRow)
    on_its_way = exists().where(
        col(before.event_id) == col(earlier.event_id),
        col(before.endpoint_id) == endpoint_id,
        col(before.state).in_(NOT_ENDED),
    )
    return exists().where(
        col(earlier.order_id) == col(this.order_id),
        col(earlier.partner_id) == col(this.partner_id),
        col(earlier.sequence) < col(this.sequence),
        or_(col(earlier.only_target).is_(None), col(earlier.only_target) == endpoint_id),
        or_(col(earlier.state) == EventState.ACCEPTED, on_its_way),
    )


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
    looked_at = session.exec(query).all()
    if not looked_at:
        return []
    waiting = _still_waiting(session, [one.id for one in looked_at])
    _look_again_later(session, waiting, now)
    woken = [one for one in looked_at if one.id not in waiting]
    for delivery in woken:
        delivery.next_attempt_at = now + LOOKED_AT_AGAIN_AFTER
    events = {one.event_id: one for one in startables(session, [one.event_id for one in woken])}
    return [(events[one.event_id], one.id) for one in woken]


def _still_waiting(session: Session, delivery_ids: Sequence[str]) -> set[str]:
    """Which of these deliveries wait for an earlier event yet: in one look, however many."""
    query = (
        select(DeliveryRow.id)
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(
            col(DeliveryRow.id).in_(delivery_ids),
            _has_earlier(EventRow, col(DeliveryRow.endpoint_id)),
        )
    )
    return set(session.exec(query))


def _look_again_later(session: Session, delivery_ids: Collection[str], now: datetime) -> None:
    """As `looked_at_again_at`, of many."""
    age = literal(now, Utc) - col(DeliveryRow.created_at)
    wait = func.least(func.greatest(age, LOOKED_AT_FIRST_AFTER), LOOKED_AT_AGAIN_AFTER)
    session.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.id).in_(delivery_ids))
        .values(next_attempt_at=literal(now, Utc) + wait)
        .execution_options(synchronize_session=False)
    )
