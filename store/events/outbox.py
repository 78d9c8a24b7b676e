"""The outbox: events that are accepted and whose workflow is not started yet.

Leased by tier, then in turns by partner, so that one merchant's import delays nobody else's next
event; taken out when the workflow exists; put off when Temporal does not take it just now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlmodel import Session, col

from contracts.delivery.states import EventState
from contracts.tiers import TIERS, Tier
from store.db.bulk_insert import BulkInsert
from store.db.row_locks import TO_CHANGE
from store.events.outbox_listener import CHANNEL
from store.tables import EventRow, OutboxRow, PartnerRow

_PUT_IN = BulkInsert(
    OutboxRow, ("event_id", "partner_id", "priority", "sequence", "due_at", "accepted_at")
)
_PUT_IN_AND_NOTIFY = f"WITH put_in AS ({_PUT_IN.sql}) SELECT pg_notify('{CHANNEL}', '')"
_LEASE = """
    WITH RECURSIVE started AS (
        DELETE FROM outbox WHERE event_id = ANY(%(started)s::text[])
    ), waiting AS (
        (SELECT priority, partner_id FROM outbox ORDER BY priority, partner_id LIMIT 1)
        UNION ALL
        SELECT following.priority, following.partner_id
        FROM waiting, LATERAL (
            SELECT priority, partner_id FROM outbox
            WHERE (priority, partner_id) > (waiting.priority, waiting.partner_id)
            ORDER BY priority, partner_id LIMIT 1
        ) AS following
    ), turns AS (
        SELECT due.event_id, due.due_at, waiting.priority, coalesce(ahead.rounds, 0) + row_number()
            OVER (
                PARTITION BY waiting.priority, waiting.partner_id ORDER BY due.due_at, due.sequence
            ) AS turn
        FROM waiting
        LEFT JOIN unnest(%(partners)s::text[], %(rounds)s::int[]) AS ahead(partner_id, rounds)
            ON ahead.partner_id = waiting.partner_id
        CROSS JOIN LATERAL (
            SELECT event_id, due_at, sequence FROM outbox
            WHERE priority = waiting.priority AND partner_id = waiting.partner_id
                AND due_at <= %(now)s AND event_id <> ALL(%(started)s::text[])
            ORDER BY due_at, sequence
            LIMIT greatest(4, 2 * %(room)s / (SELECT count(*) FROM waiting))
        ) AS due
        ORDER BY waiting.priority, turn, due.due_at
        LIMIT 2 * %(room)s
    ), chosen AS (
        SELECT outbox.event_id, turns.priority, turns.turn, turns.due_at
        FROM turns JOIN outbox ON outbox.event_id = turns.event_id AND outbox.due_at <= %(now)s
        ORDER BY turns.priority, turns.turn, turns.due_at
        LIMIT %(room)s
        FOR UPDATE OF outbox SKIP LOCKED
    ), leased AS (
        UPDATE outbox SET due_at = %(until)s FROM chosen WHERE outbox.event_id = chosen.event_id
        RETURNING outbox.event_id, outbox.refusals, outbox.refused_since,
            chosen.priority, chosen.turn, chosen.due_at
    )
    SELECT event.event_id, event.partner_id, event.event_type, event.order_id, partner.tier,
        event.traceparent, leased.refusals, leased.refused_since
    FROM leased
        JOIN events AS event ON event.event_id = leased.event_id
        JOIN partners AS partner ON partner.id = event.partner_id
    ORDER BY leased.priority, leased.turn, leased.due_at
"""
"""Who waits is found by jumping from partner to partner in the index, however many events each has;
then of each a few. Twice what there is room for, because another dispatcher may have the first."""

_STARTABLE = """
    SELECT event.event_id, event.partner_id, event.event_type, event.order_id, partner.tier,
        event.traceparent, coalesce(outbox.refusals, 0), outbox.refused_since
    FROM events AS event
        JOIN partners AS partner ON partner.id = event.partner_id
        LEFT JOIN outbox ON outbox.event_id = event.event_id
    WHERE event.event_id = ANY(%(event_ids)s)
    ORDER BY event.accepted_at
"""
_TAKE_OUT = "DELETE FROM outbox WHERE event_id = ANY(%(event_ids)s)"

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
    session.connection().exec_driver_sql(_PUT_IN_AND_NOTIFY, _PUT_IN.values(rows))


def lease(
    session: Session,
    *,
    limit: int,
    now: datetime,
    duration: timedelta,
    started: Sequence[str] = (),
    ahead: Mapping[str, int] = MappingProxyType({}),
) -> list[Startable]:
    """Take the next events that nobody is starting, for `duration`; others leave them alone.

    `started` are taken out by the same statement. `ahead`: how many rounds away the turn of a
    partner is that had one lately.
    """
    values = {
        "now": now,
        "room": limit,
        "until": now + duration,
        "started": list(started),
        "partners": list(ahead),
        "rounds": list(ahead.values()),
    }
    return _startables(session.connection().exec_driver_sql(_LEASE, values))


def startables(session: Session, event_ids: Sequence[str]) -> list[Startable]:
    """What it takes to start the workflows of these events, the oldest first."""
    values = {"event_ids": list(event_ids)}
    return _startables(session.connection().exec_driver_sql(_STARTABLE, values))


def _startables(rows: Iterable[Any]) -> list[Startable]:
    return [
        Startable(event_id, partner_id, event_type, order_id, TIERS[Tier(tier)].priority, *others)
        for event_id, partner_id, event_type, order_id, tier, *others in rows
    ]


def take_out(session: Session, event_ids: Sequence[str]) -> None:
    """Take events out: their workflows exist, or they can never be started."""
    session.connection().exec_driver_sql(_TAKE_OUT, {"event_ids": list(event_ids)})


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
