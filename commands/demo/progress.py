"""How far a demo is: counted in the store, and timed from acceptance to the first byte."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel, DeliveryState, EventState, HoldReason
from sandbox.merchant import Merchant
from store.deliveries.drafts import SMS_TARGET
from store.reports.ledger import Ledger, read_ledger
from store.tables import DeliveryRow, EventRow, PartnerRow

Target = tuple[str, str]
"""A partner's id, and an endpoint's id or `sms`."""

_OVERLAP = timedelta(seconds=10)
"""Commits may come out of the order of their `accepted_at`."""


class Column(StrEnum):
    """What a delivery counts as on the screen."""

    DELIVERED = "delivered"
    OPEN = "open"
    RETRYING = "retrying"
    HELD = "held"
    DEAD_LETTERED = "dead-lettered"
    OTHER = "skipped"


_COLUMN_OF = {
    DeliveryState.DELIVERED: Column.DELIVERED,
    DeliveryState.PENDING: Column.OPEN,
    DeliveryState.DELIVERING: Column.OPEN,
    DeliveryState.HELD: Column.HELD,
    DeliveryState.DEAD_LETTERED: Column.DEAD_LETTERED,
}


@dataclass(frozen=True)
class Progress:
    """One look at the store."""

    ledger: Ledger
    texts_to_come: int
    """Dead letters whose text to the customer is not planned yet."""
    by_target: Mapping[Target, Counter[Column]]
    to_go_out: int = 0
    """Held deliveries that wait for no person: they are sent by themselves."""

    def count(self, column: Column, *, texts: bool) -> int:
        """Webhooks or texts in a column."""
        return sum(
            counts[column]
            for (_, target), counts in self.by_target.items()
            if (target == SMS_TARGET) is texts
        )

    @property
    def settled(self) -> bool:
        """Nothing goes on any more: what is not delivered is a dead letter, skipped, or held until
        a person does something."""
        open_deliveries = sum(
            counts[Column.OPEN] + counts[Column.RETRYING] for counts in self.by_target.values()
        )
        unplanned = self.ledger.by_event_state.get(EventState.ACCEPTED, 0)
        return unplanned == open_deliveries == self.texts_to_come == self.to_go_out == 0


def read_progress(session: Session) -> Progress:
    """Look at the store."""
    return Progress(
        read_ledger(session), _texts_to_come(session), _by_target(session), _to_go_out(session)
    )


def _by_target(session: Session) -> dict[Target, Counter[Column]]:
    by = (
        col(DeliveryRow.partner_id),
        col(DeliveryRow.target),
        col(DeliveryRow.state),
        (col(DeliveryRow.charged) > 0).label("has_failed"),
    )
    rows = session.execute(select_columns(*by, func.count()).group_by(*by))
    by_target: dict[Target, Counter[Column]] = {}
    for partner_id, target, state, has_failed, count in rows:
        column = _COLUMN_OF.get(state, Column.OTHER)
        if column is Column.OPEN and has_failed:
            column = Column.RETRYING
        by_target.setdefault((partner_id, target), Counter())[column] += count
    return by_target


def _to_go_out(session: Session) -> int:
    query = select(func.count()).where(
        col(DeliveryRow.state) == DeliveryState.HELD,
        col(DeliveryRow.hold_reason).not_in([HoldReason.ENDPOINT_OFF, HoldReason.PARTNER_PAUSED]),
    )
    return session.exec(query.select_from(DeliveryRow)).one()


def _texts_to_come(session: Session) -> int:
    """Between a dead letter and its text nothing is open, but all is not over yet."""
    texted = select(DeliveryRow.event_id).where(col(DeliveryRow.target) == SMS_TARGET)
    query = (
        select(func.count(func.distinct(DeliveryRow.event_id)))
        .join(PartnerRow, col(PartnerRow.id) == col(DeliveryRow.partner_id))
        .where(col(PartnerRow.sms_fallback).is_(True))
        .where(col(DeliveryRow.channel) == Channel.WEBHOOK)
        .where(col(DeliveryRow.state) == DeliveryState.DEAD_LETTERED)
        .where(col(DeliveryRow.event_id).not_in(texted))
    )
    return session.exec(query).one()


def accepted_since(session: Session, moment: datetime | None) -> Sequence[tuple[str, datetime]]:
    """When events were accepted, from a moment on."""
    query = select(EventRow.event_id, EventRow.accepted_at)
    if moment is not None:
        query = query.where(col(EventRow.accepted_at) >= moment)
    return [(event_id, accepted_at) for event_id, accepted_at in session.exec(query)]


@dataclass
class Stopwatch:
    """Times each webhook from its event's acceptance to the first byte at the merchant."""

    merchants: Sequence[Merchant]
    _accepted_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def known_since(self) -> datetime | None:
        """From where on to ask for more."""
        latest = max(self._accepted_at.values(), default=None)
        return latest - _OVERLAP if latest else None

    def learn(self, accepted: Iterable[tuple[str, datetime]]) -> None:
        """Take note of when events were accepted."""
        self._accepted_at.update(accepted)

    def times_s(self, merchants: Sequence[Merchant] | None = None) -> list[float]:
        """The times of all webhooks that arrived, whatever they were answered, sorted; of these
        merchants, or of all."""
        return sorted(
            first_byte_at - self._accepted_at[event_id].timestamp()
            for merchant in (self.merchants if merchants is None else merchants)
            for event_id, first_byte_at in _first_bytes(merchant).items()
            if event_id in self._accepted_at
        )


def _first_bytes(merchant: Merchant) -> dict[str, float]:
    first: dict[str, float] = {}
    for received in merchant.received:
        first.setdefault(received.webhook_id, received.first_byte_at)
    return first


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """The nearest-rank percentile of sorted values; None where there is none."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
