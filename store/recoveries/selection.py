"""Which deliveries of an endpoint a recovery sends again, and which of them come next.

The oldest come first, and of each order one at a time, in the order in which its events happened:
one that an earlier event has not got out of its way yet waits for it, whoever sends that one.
Each state is looked through by its index from where the recovery has got to, so that a step costs
the same at the start and at the end of a long one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contracts.delivery.recoveries import RECOVERABLE
from contracts.delivery.states import OPEN_STATES, DeliveryState, HoldReason
from contracts.payload.events import EventType
from store.tables import DeliveryRow, EventRow, RecoveryRow


@dataclass(frozen=True)
class Selection:
    """What a recovery is about: deliveries of one endpoint, made in [since, until), of events of
    these types (null: of every type), in these states."""

    endpoint_id: str
    states: Sequence[DeliveryState]
    types: Sequence[EventType] | None
    since: datetime | None
    until: datetime


@dataclass(frozen=True)
class SelectionCount:
    """How many deliveries there are, and when the first and the last of them was made."""

    count: int
    oldest: datetime | None
    newest: datetime | None


def selection_of(recovery: RecoveryRow) -> Selection:
    """What a recovery that has begun is about."""
    types = recovery.event_types
    return Selection(
        endpoint_id=recovery.endpoint_id,
        states=[state for state in RECOVERABLE if state in recovery.states],
        types=None if types is None else [EventType(kind) for kind in types],
        since=recovery.since,
        until=recovery.until,
    )


def count_selected(session: Session, wanted: Selection) -> SelectionCount:
    """How many deliveries a recovery would send again."""
    made = col(DeliveryRow.created_at)
    query = (
        select(func.count(), func.min(made), func.max(made))
        .select_from(DeliveryRow)
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(DeliveryRow.state).in_(wanted.states), *_selected(wanted))
    )
    return SelectionCount(*session.exec(query).one())


def next_picks(
    session: Session, wanted: Selection, recovery: RecoveryRow, *, room: int
) -> list[DeliveryRow]:
    """The next deliveries to send again, as many as there is room for, locked; of each order one
    at the most, and none of an order that has one of this recovery on its way."""
    found: list[DeliveryRow] = []
    for state in wanted.states:
        query = (
            select(DeliveryRow)
            .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
            .where(*_left(wanted, recovery, state), ~_has_to_wait(wanted, recovery))
            .order_by(col(DeliveryRow.created_at))
            .limit(room)
            .with_for_update(skip_locked=True, key_share=True, of=DeliveryRow)
        )
        found += session.exec(query)
    return sorted(found, key=lambda one: (one.created_at, one.id))[:room]


def oldest_left(session: Session, wanted: Selection, recovery: RecoveryRow) -> datetime | None:
    """When the oldest delivery was made that is still to be sent again; None: none is left."""
    oldest: list[datetime] = []
    for state in wanted.states:
        query = (
            select(DeliveryRow.created_at)
            .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
            .where(*_left(wanted, recovery, state))
            .order_by(col(DeliveryRow.created_at))
            .limit(1)
        )
        oldest += session.exec(query)
    return min(oldest, default=None)


def _left(
    wanted: Selection, recovery: RecoveryRow, state: DeliveryState
) -> list[ColumnElement[bool]]:
    """In this state, still to be sent again, and not before where the recovery has got to."""
    conditions = [col(DeliveryRow.state) == state, _not_yet_sent(DeliveryRow, recovery)]
    if recovery.reached is not None:
        conditions.append(col(DeliveryRow.created_at) >= recovery.reached)
    return [*conditions, *_selected(wanted)]


def _has_to_wait(wanted: Selection, recovery: RecoveryRow) -> ColumnElement[bool]:
    """Its order has one of this recovery on its way, or an earlier event that is on its way to the
    endpoint, or one that is to be sent again before it."""
    event, delivery = aliased(EventRow), aliased(DeliveryRow)
    earlier = _moment_of(event) < _moment_of(EventRow)
    on_its_way = is_on_its_way(delivery)
    to_be_sent = and_(
        col(delivery.state).in_(wanted.states),
        _not_yet_sent(delivery, recovery),
        *_selected(wanted, delivery, event),
    )
    return exists().where(
        col(event.order_id) == col(EventRow.order_id),
        col(event.partner_id) == col(EventRow.partner_id),
        col(delivery.event_id) == col(event.event_id),
        col(delivery.target) == wanted.endpoint_id,
        or_(
            and_(on_its_way, col(delivery.recovery_id) == recovery.id),
            and_(earlier, or_(on_its_way, to_be_sent)),
        ),
    )


def is_on_its_way(delivery: type[DeliveryRow]) -> ColumnElement[bool]:
    """A workflow has it, or it waits for a place and goes on by itself."""
    waits = and_(
        col(delivery.state) == DeliveryState.HELD,
        col(delivery.hold_reason) == HoldReason.ENDPOINT_BUSY,
    )
    return or_(col(delivery.state).in_(OPEN_STATES), waits)


def _moment_of(event: type[EventRow]) -> ColumnElement[Any]:
    """By what the events of an order are sorted; the id only tells twins apart."""
    return tuple_(col(event.occurred_at), col(event.sequence), col(event.event_id))


def _not_yet_sent(delivery: type[DeliveryRow], recovery: RecoveryRow) -> ColumnElement[bool]:
    marked = col(delivery.recovery_id)
    return or_(marked.is_(None), marked != recovery.id)


def _selected(
    wanted: Selection,
    delivery: type[DeliveryRow] = DeliveryRow,
    event: type[EventRow] = EventRow,
) -> list[ColumnElement[bool]]:
    """All that is selected, in whatever state; tests and what was erased never are."""
    conditions = [
        col(delivery.endpoint_id) == wanted.endpoint_id,
        col(delivery.created_at) < wanted.until,
        col(event.only_target).is_(None),
        col(event.erased_at).is_(None),
    ]
    if wanted.since is not None:
        conditions.append(col(delivery.created_at) >= wanted.since)
    if wanted.types is not None:
        conditions.append(col(event.event_type).in_(wanted.types))
    return conditions
