"""What the store says of the events of a run: when each step of its way was taken."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, func, or_, select

from contracts.delivery.states import OPEN_STATES, AttemptState
from store.tables import AttemptRow, DeliveryRow, EventRow


@dataclass(frozen=True)
class Attempt:
    """One attempt. Moments are in seconds since 1970; one that is under way has no end.

    `code` says how it ended, in the words of the store.
    """

    began_at: float
    ended_at: float | None
    code: str

    @property
    def interrupted(self) -> bool:
        """Whether a kill, or an error of ours, ended it, at no cost to the shop."""
        return self.code == AttemptState.INTERRUPTED.value


@dataclass(frozen=True)
class Record:
    """One event, and its one delivery, if it has one yet."""

    accepted_at: float
    state: str | None
    attempts: list[Attempt] = field(default_factory=list)


def read_records(session: Session) -> dict[str, Record]:
    """Every event in the store by its id."""
    query = select(EventRow.event_id, EventRow.accepted_at, DeliveryRow.state).outerjoin(
        DeliveryRow, col(DeliveryRow.event_id) == col(EventRow.event_id)
    )
    records = {
        event_id: Record(
            accepted_at.timestamp(),
            str(state) if state else None,
        )
        for event_id, accepted_at, state in session.exec(query)
    }
    for event_id, one in _attempts(session):
        records[event_id].attempts.append(one)
    return records


def still_open(session: Session, partner_ids: list[str]) -> int:
    """How many events of these partners are not planned, or have a delivery on its way."""
    query = (
        select(func.count())
        .select_from(EventRow)
        .outerjoin(DeliveryRow, col(DeliveryRow.event_id) == col(EventRow.event_id))
        .where(col(EventRow.partner_id).in_(partner_ids))
        .where(or_(col(DeliveryRow.id).is_(None), col(DeliveryRow.state).in_(OPEN_STATES)))
    )
    return session.exec(query).one()


def _attempts(session: Session) -> list[tuple[str, Attempt]]:
    """The attempts in their order, each with its event's id."""
    query = (
        select(DeliveryRow.event_id, AttemptRow)
        .join(AttemptRow, col(AttemptRow.delivery_id) == col(DeliveryRow.id))
        .order_by(col(AttemptRow.delivery_id), col(AttemptRow.number))
    )
    return [
        (
            event_id,
            Attempt(
                row.started_at.timestamp(),
                row.finished_at.timestamp() if row.finished_at else None,
                row.code or "under way",
            ),
        )
        for event_id, row in session.exec(query)
    ]
