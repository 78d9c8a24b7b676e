"""The ledger: every accepted event and every delivery, by its state; nothing may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from store.tables import DeliveryRow, EventRow


@dataclass(frozen=True)
class Ledger:
    """The books. They balance when nothing was lost between acceptance and the last delivery."""

    accepted: int
    by_event_state: Mapping[str, int]
    planned_deliveries: int
    by_delivery_state: Mapping[str, int]

    @property
    def balanced(self) -> bool:
        """Events add up over their states, and deliveries over theirs."""
        return self.accepted == sum(
            self.by_event_state.values()
        ) and self.planned_deliveries == sum(self.by_delivery_state.values())


def read_ledger(session: Session) -> Ledger:
    """Count everything, in one consistent reading."""
    events = session.exec(select(EventRow.state, func.count()).group_by(col(EventRow.state))).all()
    deliveries = session.exec(
        select(DeliveryRow.state, func.count()).group_by(col(DeliveryRow.state))
    ).all()
    totals = session.exec(
        select(func.count(), func.coalesce(func.sum(EventRow.delivery_count), 0)).select_from(
            EventRow
        )
    ).one()
    return Ledger(totals[0], dict(events), totals[1], dict(deliveries))
