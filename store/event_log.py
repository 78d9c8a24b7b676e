"""Reading: one event with its deliveries and attempts, one delivery, and the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func
from sqlmodel import Session, col, select

from contracts.errors import NotFound
from store.sealed_columns import RESPONSE_EXCERPT, SMS_PHONE
from store.sealing import open_sealed
from store.tables import AttemptRow, DeadLetterRow, DeliveryRow, EventRow, SmsMessageRow


@dataclass(frozen=True)
class EventDetail:
    """An event, its deliveries (endpoints by id, then the text), attempts, texts and dead letters.

    `excerpts` are the starts of the answers, by the attempts' ids; `phones` where the texts went
    (E.164), by theirs: to be masked before anybody sees them.
    """

    event: EventRow
    deliveries: Sequence[DeliveryRow]
    attempts: Sequence[AttemptRow]
    excerpts: Mapping[str, str]
    texts: Sequence[SmsMessageRow]
    phones: Mapping[str, str] = field(repr=False)
    dead_letters: Sequence[DeadLetterRow]


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


def event_detail(session: Session, event_id: str, *, owner: str | None = None) -> EventDetail:
    """One event, whole. NotFound when there is none, or it is another partner's than `owner`."""
    event = session.get(EventRow, event_id)
    if event is None or owner not in (None, event.partner_id):
        raise NotFound(f"no event {event_id}")
    deliveries = session.exec(
        select(DeliveryRow)
        .where(col(DeliveryRow.event_id) == event_id)
        .order_by(col(DeliveryRow.target))
    ).all()
    ids = [delivery.id for delivery in deliveries]
    attempts = session.exec(
        select(AttemptRow)
        .where(col(AttemptRow.delivery_id).in_(ids))
        .order_by(col(AttemptRow.delivery_id), col(AttemptRow.number))
    ).all()
    dead_letters = session.exec(
        select(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id).in_(ids))
        .order_by(col(DeadLetterRow.id))
    ).all()
    excerpts = {
        one.id: open_sealed(session, RESPONSE_EXCERPT, one.response_excerpt, one.id)
        for one in attempts
        if one.response_excerpt is not None
    }
    texts, phones = _texts(session, event_id)
    return EventDetail(event, deliveries, attempts, excerpts, texts, phones, dead_letters)


def _texts(session: Session, event_id: str) -> tuple[Sequence[SmsMessageRow], dict[str, str]]:
    """The texts of an event, the oldest first, and where each went."""
    query = select(SmsMessageRow).where(col(SmsMessageRow.event_id) == event_id)
    rows = session.exec(query.order_by(col(SmsMessageRow.claimed_at), col(SmsMessageRow.id))).all()
    phones = {
        one.id: open_sealed(session, SMS_PHONE, one.to_phone, one.id)
        for one in rows
        if one.to_phone
    }
    return rows, phones


def get_delivery(session: Session, delivery_id: str, *, owner: str | None = None) -> DeliveryRow:
    """One delivery. NotFound when there is none, or it is another partner's than `owner`."""
    delivery = session.get(DeliveryRow, delivery_id)
    if delivery is None or owner not in (None, delivery.partner_id):
        raise NotFound(f"no delivery {delivery_id}")
    return delivery


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
