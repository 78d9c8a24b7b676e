"""Reading: one event with its deliveries and attempts, one delivery, and the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from contracts.errors import NotFound
from store.encryption.columns import RESPONSE_EXCERPT, SMS_PHONE
from store.encryption.sealing import open_sealed
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
