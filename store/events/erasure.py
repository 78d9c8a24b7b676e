"""Erasing: a customer's data, or an event's, is gone; the row stays with ids, states and times.

What is still on its way to somebody ends as `skipped` with the reason `erased`: nothing personal
leaves after an erasure. An attempt that is on the wire in that moment ends by itself; how it ended
is written down, its answer is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Update,
    and_,
    collate,
    delete,
    func,
    literal,
    true,
    tuple_,
    update,
)
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.states import SkipReason
from contracts.instructions.posts import PostState
from contracts.instructions.transitions import UNDECIDED, InstructionState
from store.encryption.sealing import phone_index
from store.events.endings import skip_open
from store.events.search_terms import keep_terms
from store.tables import (
    AttemptRow,
    CustomerTermRow,
    DeliveryRow,
    EventRow,
    InstructionRow,
    OptOutLinkRow,
    OrderSequenceRow,
    PartnerRow,
    PayloadRow,
    SmsMessageRow,
    TrackingLinkRow,
)


@dataclass(frozen=True)
class Erased:
    """What was erased, in rows."""

    events: int = 0
    payloads: int = 0
    texts: int = 0
    excerpts: int = 0
    deliveries_ended: int = 0
    instructions: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        """Both together."""
        return Erased(
            self.events + other.events,
            self.payloads + other.payloads,
            self.texts + other.texts,
            self.excerpts + other.excerpts,
            self.deliveries_ended + other.deliveries_ended,
            self.instructions + other.instructions,
        )


def erase_customer(session: Session, phone: str, now: datetime, *, limit: int) -> Erased:
    """Erase the next events of a customer, found by phone (E.164); no events: it is done.

    The customer's opt-out links go, too; that they have opted out stays.
    """
    index = phone_index(session, phone)
    of_order = and_(
        col(EventRow.order_id) == col(CustomerTermRow.order_id),
        col(EventRow.partner_id) == col(CustomerTermRow.partner_id),
        col(EventRow.customer_phone_index) == index,
    )
    by_event = (
        select(EventRow.event_id)
        .join(CustomerTermRow, of_order)
        .where(col(CustomerTermRow.term) == index)
    )
    by_text = (
        select(DeliveryRow.event_id)
        .join(SmsMessageRow, col(SmsMessageRow.delivery_id) == col(DeliveryRow.id))
        .where(col(SmsMessageRow.to_phone_index) == index)
    )
    corrected = select(DeliveryRow.event_id).where(col(DeliveryRow.corrected_phone_index) == index)
    instructed = select(InstructionRow.event_id).where(col(InstructionRow.phone_index) == index)
    ways = (by_event, by_text, corrected, instructed)
    found = {event_id for way in ways for event_id in session.exec(way.limit(limit))}
    session.execute(delete(OptOutLinkRow).where(col(OptOutLinkRow.phone_index) == index))
    return erase_events(session, sorted(found), now)


def erase_past_retention(
    session: Session, default: timedelta, now: datetime, *, limit: int
) -> Erased:
    """Erase the next events that their partner's retention, or the default one, has ended.

    Partner by partner: those who keep events longer have more of them than all that has ended.
    """
    own = func.make_interval(0, 0, 0, col(PartnerRow.retention_days))
    until = literal(now, DateTime(timezone=True)) - func.coalesce(own, default)
    ended = (
        select_columns(col(EventRow.event_id))
        .where(
            col(EventRow.partner_id) == col(PartnerRow.id),
            col(EventRow.erased_at).is_(None),
            col(EventRow.accepted_at) < until,
        )
        .order_by(col(EventRow.accepted_at))
        .limit(limit)
        .correlate(PartnerRow)
        .lateral("ended")
    )
    query = select_columns(ended.c.event_id).select_from(PartnerRow).join(ended, true())
    return erase_events(session, list(session.execute(query.limit(limit)).scalars()), now)


def erase_events(session: Session, event_ids: Sequence[str], now: datetime) -> Erased:
    """Erase events with their payloads, texts and answers, and end what is on its way."""
    if not event_ids:
        return Erased()
    orders = _lock_orders(session, event_ids)
    _lock(session, event_ids)
    of_events = col(DeliveryRow.event_id).in_(event_ids)
    deliveries = select_columns(col(DeliveryRow.id)).where(of_events)
    session.execute(
        update(DeliveryRow)
        .where(of_events, col(DeliveryRow.corrected_phone).is_not(None))
        .values(corrected_phone=None, corrected_phone_index=None)
    )
    ended = skip_open(session, of_events, SkipReason.ERASED, now)
    _end_instructions(session, event_ids, now)
    erased = Erased(
        deliveries_ended=ended,
        payloads=_changed(session, _without_payloads(event_ids)),
        excerpts=_changed(session, _without_excerpts(col(AttemptRow.delivery_id).in_(deliveries))),
        texts=_changed(session, _without_texts(col(SmsMessageRow.delivery_id).in_(deliveries))),
        events=_changed(session, _without_bodies(event_ids, now)),
        instructions=_changed(session, _without_contents(event_ids, now)),
    )
    _end_links(session, event_ids)
    keep_terms(session, orders)
    return erased


def _end_links(session: Session, event_ids: Sequence[str]) -> None:
    """End the links to tracking pages of orders of which nothing is left to be shown."""
    orders = select_columns(col(EventRow.partner_id), col(EventRow.order_id)).where(
        col(EventRow.event_id).in_(event_ids)
    )
    what_is_left = select_columns(col(EventRow.event_id)).where(
        col(EventRow.order_id) == col(TrackingLinkRow.order_id),
        col(EventRow.partner_id) == col(TrackingLinkRow.partner_id),
        col(EventRow.erased_at).is_(None),
    )
    session.execute(
        delete(TrackingLinkRow).where(
            tuple_(col(TrackingLinkRow.partner_id), col(TrackingLinkRow.order_id)).in_(orders),
            ~what_is_left.exists(),
        )
    )


def _lock_orders(session: Session, event_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Lock the counts of their orders, in the order in which the intake does: what an order is
    found by is put there, or taken away, by one at a time. Gives the orders."""
    partner_id, order_id = col(EventRow.partner_id), col(EventRow.order_id)
    found = session.exec(
        select(partner_id, order_id).where(col(EventRow.event_id).in_(event_ids)).distinct()
    )
    orders = sorted(found.all())
    counts = select(OrderSequenceRow.order_id).where(
        tuple_(col(OrderSequenceRow.partner_id), col(OrderSequenceRow.order_id)).in_(orders)
    )
    by_bytes = (
        collate(col(OrderSequenceRow.partner_id), "C"),
        collate(col(OrderSequenceRow.order_id), "C"),
    )
    session.exec(counts.order_by(*by_bytes).with_for_update(key_share=True)).all()
    return orders


def _lock(session: Session, event_ids: Sequence[str]) -> None:
    """Before anything else, as a plan does: an event is erased before it is planned, or after."""
    query = select(EventRow.event_id).where(col(EventRow.event_id).in_(event_ids))
    session.exec(query.order_by(col(EventRow.event_id)).with_for_update(key_share=True)).all()


def _without_payloads(event_ids: Sequence[str]) -> Update:
    return (
        update(PayloadRow)
        .where(col(PayloadRow.event_id).in_(event_ids), func.length(PayloadRow.body) > 0)
        .values(body=b"", otp_valid_until=None)
    )


def _without_excerpts(of_these: ColumnElement[bool]) -> Update:
    has_one = col(AttemptRow.response_excerpt).is_not(None)
    return update(AttemptRow).where(of_these, has_one).values(response_excerpt=None)


def _without_texts(of_these: ColumnElement[bool]) -> Update:
    """Texts lose phone and words; one whose words an ended OTP has taken has its phone yet."""
    return (
        update(SmsMessageRow)
        .where(of_these, func.length(SmsMessageRow.to_phone) > 0)
        .values(to_phone="", to_phone_index=None, body="", fault=None)
    )


def _end_instructions(session: Session, event_ids: Sequence[str], now: datetime) -> None:
    """Close what is undecided, and post none of it."""
    of_these = col(InstructionRow.event_id).in_(event_ids)
    session.execute(
        update(InstructionRow)
        .where(of_these, col(InstructionRow.state).in_(UNDECIDED))
        .values(state=InstructionState.CLOSED, closed_by=SkipReason.ERASED.value, ended_at=now)
    )
    session.execute(
        update(InstructionRow)
        .where(of_these, col(InstructionRow.post_state) == PostState.WAITING)
        .values(post_state=PostState.SKIPPED, post_code=SkipReason.ERASED.value, post_due_at=None)
    )


def _without_contents(event_ids: Sequence[str], now: datetime) -> Update:
    """Instructions lose address, phone and words."""
    return (
        update(InstructionRow)
        .where(col(InstructionRow.event_id).in_(event_ids), col(InstructionRow.erased_at).is_(None))
        .values(content="", phone_index=None, erased_at=now)
    )


def _without_bodies(event_ids: Sequence[str], now: datetime) -> Update:
    return (
        update(EventRow)
        .where(col(EventRow.event_id).in_(event_ids), col(EventRow.erased_at).is_(None))
        .values(body="", customer_phone_index=None, awb_number=None, otp_until=None, erased_at=now)
    )


def _changed(session: Session, statement: Update) -> int:
    result: Any = session.execute(statement)
    return int(result.rowcount)
