"""How often a mistake of ours has stopped a delivery or an event, and what ends that.

Counted in a transaction of its own: the one that the mistake was in is rolled back.
"""

from datetime import datetime

from sqlmodel import Session

from contracts.delivery.states import EventState
from contracts.errors import NotFound
from store.db.row_locks import TO_CHANGE
from store.deliveries.attempts import close_interrupted, start_round
from store.events.outbox import mark_failed
from store.tables import DeliveryRow, EventRow

OUR_FAULT = "our_fault"
"""The code of what a mistake of ours ended."""

NEVER_PLANNED = "a mistake of ours kept it from being planned: see the worker's log"


def count_delivery_fault(session: Session, delivery_id: str, in_round: int, now: datetime) -> int:
    """Count a mistake of ours that stopped a delivery in this round; gives how many there were.

    An attempt that it left open is closed, and not charged. NotFound without such a delivery.
    """
    delivery = session.get(DeliveryRow, delivery_id, with_for_update=TO_CHANGE)
    if delivery is None:
        raise NotFound(f"no delivery {delivery_id}")
    start_round(session, delivery, in_round, now)
    close_interrupted(session, delivery_id, now)
    delivery.our_faults, delivery.changed_at = delivery.our_faults + 1, now
    return delivery.our_faults


def count_event_fault(session: Session, event_id: str) -> int:
    """Count a mistake of ours that kept an event from being planned; gives how many there were."""
    event = session.get(EventRow, event_id, with_for_update=TO_CHANGE)
    if event is None:
        raise NotFound(f"no event {event_id}")
    event.our_faults += 1
    return event.our_faults


def fail_event(session: Session, event_id: str) -> None:
    """Say of an event that mistakes of ours keep it from being planned. Once it is opened again,
    they are counted from the first one."""
    event = session.get_one(EventRow, event_id, with_for_update=TO_CHANGE)
    event.our_faults = 0
    if event.state is EventState.ACCEPTED:
        mark_failed(session, event_id, NEVER_PLANNED)
