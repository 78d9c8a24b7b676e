"""How far a recovery has got: what became of the deliveries that it has sent again."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.recoveries import RecoveryState
from contracts.delivery.states import OPEN_STATES, TURN_COMES, DeliveryState, HoldReason
from store.recoveries.recoveries import get_recovery
from store.tables import DeliveryRow, RecoveryRow

_CLOSED = (DeliveryState.DISCARDED, DeliveryState.EXPIRED)
_NOT_DELIVERED = (*OPEN_STATES, DeliveryState.HELD, DeliveryState.DEAD_LETTERED, *_CLOSED)


@dataclass(frozen=True)
class RecoveryProgress:
    """A recovery, and of those that it has sent again: how many are on their way, wait for the
    endpoint, failed again, or were given up since or have expired. The rest has arrived."""

    recovery: RecoveryRow
    on_their_way: int = 0
    waiting: int = 0
    failed: int = 0
    closed: int = 0

    @property
    def delivered(self) -> int:
        """How many have arrived."""
        rest = self.on_their_way + self.waiting + self.failed + self.closed
        return max(0, self.recovery.asked - rest)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and with it all that it has sent."""
        return self.recovery.state is not RecoveryState.RUNNING and not self.on_their_way


def recovery_progress(session: Session, recovery_id: str, *, owner: str) -> RecoveryProgress:
    """How a recovery stands. NotFound when there is none, or it is another partner's.

    Counts by the index of endpoint and state, and never what has arrived, which may be much.
    """
    recovery = get_recovery(session, recovery_id, owner=owner)
    columns = (col(DeliveryRow.state), col(DeliveryRow.hold_reason))
    query = (
        select_columns(*columns, func.count())
        .where(
            col(DeliveryRow.endpoint_id) == recovery.endpoint_id,
            col(DeliveryRow.state).in_(_NOT_DELIVERED),
            col(DeliveryRow.created_at) < recovery.until,
            col(DeliveryRow.recovery_id) == recovery.id,
        )
        .group_by(*columns)
    )
    counts: Counter[str] = Counter()
    for state, held_for, count in session.execute(query):
        counts[_standing(state, held_for)] += count
    return RecoveryProgress(recovery, **counts)


def _standing(state: DeliveryState, held_for: HoldReason | None) -> str:
    """Where one is counted: a field of `RecoveryProgress`."""
    if state in OPEN_STATES or held_for in TURN_COMES:
        return "on_their_way"
    if state is DeliveryState.HELD:
        return "waiting"
    return "failed" if state is DeliveryState.DEAD_LETTERED else "closed"
