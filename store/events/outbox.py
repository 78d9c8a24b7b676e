"""The outbox: events that are accepted and whose workflow is not started yet.

Leased by tier, then in turns by partner, so that one merchant's import delays nobody else's next
event; taken out when the workflow exists; put off when Temporal does not take it just now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, text, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.states import EventState
from contracts.partners import TIERS
from store.db.bulk_insert import BulkInsert
from store.db.row_locks import TO_CHANGE
from store.events.outbox_listener import notify_dispatchers
from store.tables import EventRow, OutboxRow, PartnerRow

_PUT_IN = BulkInsert(
    OutboxRow, ("event_id", "partner_id", "priority", "sequence", "due_at", "accepted_at")
)
_IN_TURNS = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT priority, partner_id FROM outbox ORDER BY priority, partner_id LIMIT 1)
        UNION ALL
        SELECT following.priority, following.partner_id
        FROM waiting, LATERAL (
            SELECT priority, partner_id FROM outbox
            WHERE (priority, partner_id) > (waiting.priority, waiting.partner_id)
            ORDER BY priority, partner_id LIMIT 1
        ) AS following
    ), turns AS (
        SELECT due.event_id, due.due_at, waiting.priority, row_number() OVER (
            PARTITION BY waiting.priority, waiting.partner_id ORDER BY due.due_at, due.sequence
        ) AS turn
        FROM waiting, LATERAL (
            SELECT event_id, due_at, sequence FROM outbox
            WHERE priority = waiting.priority AND partner_id = waiting.partner_id
                AND due_at <= :now
            ORDER BY due_at, sequence
            LIMIT greatest(4, 2 * :room / (SELECT count(*) FROM waiting))
        ) AS due
        ORDER BY waiting.priority, turn, due.due_at
        LIMIT 2 * :room
    )
    SELECT outbox.event_id
    FROM turns JOIN outbox ON outbox.event_id = turns.event_id AND outbox.due_at <= :now
    ORDER BY turns.priority, turns.turn, turns.due_at
    LIMIT :room
    FOR UPDATE OF outbox SKIP LOCKED
    """
)
"""Who waits is found by jumping from partner to partner in the index, however many events each has;
then of each a few. Twice what there is room for, because another dispatcher may have the first."""

_ANY_SKEW = timedelta(hours=1)
"""A new event is due at once, however far the clocks of two hosts are apart."""


@dataclass(frozen=True)
class Startable:
    """What it takes to start (or signal) the workflow of an event; no personal data."""

    event_id: str
    partner_id: str
    event_type: str
    order_id: str
    priority: int
    traceparent: str | None = None
    """What its trace goes on from."""

    refusals: int = 0
    refused_since: datetime | None = None
    """How often Temporal has not taken it in a row, and since when."""

    @property
    def ids(self) -> dict[str, str]:
        """What log lines about it carry as fields."""
        return {
            "event_id": self.event_id,
            "partner_id": self.partner_id,
            "order_id": self.order_id,
        }


def put_in(
    session: Session,
    events: Sequence[Mapping[str, object]],
    priorities: Mapping[str, int],
    now: datetime,
) -> None:
    """Put events in, by their columns, and wake the dispatchers when this transaction commits."""
    if not events:
        return
    rows = [
        {
            "event_id": one["event_id"],
            "partner_id": one["partner_id"],
            "priority": priorities[str(one["partner_id"])],
            "sequence": one["sequence"],
            "due_at": now - _ANY_SKEW,
            "accepted_at": one["accepted_at"],
        }
        for one in events
    ]
    _PUT_IN.run(session, rows)
    notify_dispatchers(session)


def lease(
    session: Session,
    *,
    limit: int,
    now: datetime,
    duration: timedelta,
    started: Sequence[str] = (),
) -> list[Startable]:
    """Take the next events that nobody is starting, for `duration`; others leave them alone.

    `started` are taken out in the same transaction: two commits would cost twice.
    """
    if started:
        take_out(session, started)
    event_ids = list(session.execute(_IN_TURNS, {"now": now, "room": limit}).scalars())
    if not event_ids:
        return []
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.event_id).in_(event_ids))
        .values(due_at=now + duration)
    )
    events = {one.event_id: one for one in startables(session, event_ids)}
    return [events[one] for one in event_ids]


def startables(session: Session, event_ids: Sequence[str]) -> list[Startable]:
    """What it takes to start the workflows of these events, the oldest first."""
    rows = session.execute(
        select_columns(
            col(EventRow.event_id),
            col(EventRow.partner_id),
            col(EventRow.event_type),
            col(EventRow.order_id),
            col(EventRow.traceparent),
            col(PartnerRow.tier),
            col(OutboxRow.refusals),
            col(OutboxRow.refused_since),
        )
        .where(col(EventRow.event_id).in_(event_ids))
        .join(PartnerRow, col(PartnerRow.id) == col(EventRow.partner_id))
        .outerjoin(OutboxRow, col(OutboxRow.event_id) == col(EventRow.event_id))
        .order_by(col(EventRow.accepted_at))
    )
    return [
        Startable(
            event_id,
            partner_id,
            event_type.value,
            order_id,
            TIERS[tier].priority,
            traceparent,
            refusals or 0,
            refused_since,
        )
        for (
            event_id,
            partner_id,
            event_type,
            order_id,
            traceparent,
            tier,
            refusals,
            refused_since,
        ) in rows
    ]


def take_out(session: Session, event_ids: Sequence[str]) -> None:
    """Take events out: their workflows exist, or they can never be started."""
    session.execute(delete(OutboxRow).where(col(OutboxRow.event_id).in_(event_ids)))


def put_off(session: Session, event_id: str, now: datetime, *, until: datetime) -> None:
    """Let nobody start an event before `until`: Temporal did not take it just now."""
    row = session.get(OutboxRow, event_id, with_for_update=TO_CHANGE)
    if row is not None:
        row.due_at, row.refusals = until, row.refusals + 1
        row.refused_since = row.refused_since or now


def mark_failed(session: Session, event_id: str, reason: str) -> None:
    """Say of an event that it can never be started, and why; not of one that is planned."""
    take_out(session, [event_id])
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id) == event_id, col(EventRow.state) == EventState.ACCEPTED)
        .values(state=EventState.FAILED, failure_reason=reason)
    )


def reopen(session: Session, event_ids: Sequence[str], now: datetime) -> list[str]:
    """Put failed events back in; gives the ids of those that were failed."""
    columns = (EventRow.event_id, EventRow.partner_id, EventRow.sequence, EventRow.accepted_at)
    reopened = session.execute(
        update(EventRow)
        .where(col(EventRow.event_id).in_(event_ids), col(EventRow.state) == EventState.FAILED)
        .values(state=EventState.ACCEPTED, failure_reason=None)
        .returning(*(col(one) for one in columns))
    )
    rows = [dict(row) for row in reopened.mappings()]
    partner_ids = {row["partner_id"] for row in rows}
    tiers = select_columns(col(PartnerRow.id), col(PartnerRow.tier))
    found = session.execute(tiers.where(col(PartnerRow.id).in_(partner_ids)))
    put_in(session, rows, {one: TIERS[tier].priority for one, tier in found}, now)
    return [row["event_id"] for row in rows]
