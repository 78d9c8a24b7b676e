"""Moves the rows of a play onto the simulated clock: the one step in which times are changed.

A moment `m` of an event that was accepted at `a` and belongs to the moment `s` of the simulated
clock becomes `s + F x (m - a)`, with F the TIME_FACTOR. What a person sent again, at `r`, after a
fault that was repaired at `p` of the simulated clock, becomes `p + F x (m - r)` from `r` on: the
hours until somebody came are between events, and would be left out otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from benchmarks.outcomes.assumptions import TIME_FACTOR, moment_of
from benchmarks.outcomes.faults import TWILIO, Calendar

_TABLES = """
CREATE TEMP TABLE played (event_id text PRIMARY KEY, simulated timestamptz, accepted timestamptz);
CREATE TEMP TABLE repaired (delivery_id text PRIMARY KEY, real timestamptz, simulated timestamptz);
CREATE FUNCTION pg_temp.moved(
    moment timestamptz, since timestamptz, simulated timestamptz
) RETURNS timestamptz LANGUAGE sql AS 'SELECT simulated + {factor} * (moment - since)';
"""
_PLAYED = "INSERT INTO played (event_id, simulated) VALUES (:event_id, :simulated)"
_ACCEPTED = """
UPDATE played SET accepted = events.accepted_at FROM events
WHERE events.event_id = played.event_id
"""
_SENT_AGAIN = """
SELECT d.id, d.event_id, endpoint.description, r.created_at FROM deliveries AS d
    JOIN recoveries AS r ON r.id = d.recovery_id
    JOIN endpoints AS endpoint ON endpoint.id = d.endpoint_id
"""
_REPAIRED = "INSERT INTO repaired VALUES (:delivery_id, :real, :simulated)"
_MOVED_DELIVERY = """CASE WHEN {column} >= repaired.real
        THEN pg_temp.moved({column}, repaired.real, repaired.simulated)
        ELSE pg_temp.moved({column}, played.accepted, played.simulated) END"""
_MOVED_EVENT = "pg_temp.moved({column}, played.accepted, played.simulated)"
_BY_DELIVERY = """
UPDATE {table} AS moving SET {changes}
FROM deliveries AS d JOIN played USING (event_id) LEFT JOIN repaired ON repaired.delivery_id = d.id
WHERE d.id = moving.{key}
"""
_BY_EVENT = """
UPDATE {table} AS moving SET {changes} FROM played WHERE played.event_id = moving.event_id
"""
_OF_DELIVERIES: Mapping[str, tuple[str, Sequence[str]]] = {
    "attempts": ("delivery_id", ("started_at", "finished_at")),
    "dead_letters": ("delivery_id", ("created_at", "expires_at", "resolved_at")),
    "sms_messages": ("delivery_id", ("created_at", "claimed_at", "taken_at", "settled_at")),
    "deliveries": ("id", ("created_at", "changed_at", "delivered_at", "next_attempt_at")),
}
_OF_EVENTS: Mapping[str, Sequence[str]] = {
    "instructions": ("failed_at", "created_at", "opened_at", "ended_at", "expires_at", "posted_at"),
    "events": ("planned_at", "accepted_at"),
}
_OCCURRED = """
UPDATE events SET occurred_at = played.simulated FROM played
WHERE played.event_id = events.event_id
"""
_FORGET_DAYS = "DELETE FROM outcome_days"


@dataclass(frozen=True)
class SentAgain:
    """A text that a person has sent again, then."""

    delivery_id: str
    event_id: str
    at: datetime


def move(
    engine: Engine,
    offsets: Mapping[str, float],
    calendar: Calendar,
    texts: Sequence[SentAgain] = (),
) -> None:
    """Move everything in one transaction; the worker is stopped.

    `offsets` are the events' moments on the simulated clock, by the events' ids. Days that were
    counted already are forgotten: `doorstep outcomes rebuild` counts them anew.
    """
    with engine.begin() as connection:
        for statement in _TABLES.format(factor=TIME_FACTOR).split(";\n")[:-1]:
            connection.execute(text(statement))
        rows = [{"event_id": one, "simulated": moment_of(at)} for one, at in offsets.items()]
        connection.execute(text(_PLAYED), rows)
        connection.execute(text(_ACCEPTED))
        repaired = _repaired(connection, offsets, calendar, texts)
        if repaired:
            connection.execute(text(_REPAIRED), repaired)
        _move_all(connection)
        connection.execute(text(_OCCURRED))
        connection.execute(text(_FORGET_DAYS))


def _repaired(
    connection: Connection,
    offsets: Mapping[str, float],
    calendar: Calendar,
    texts: Sequence[SentAgain],
) -> list[dict[str, object]]:
    """What was sent again, when it was, and when that was on the simulated clock."""
    webhooks = [tuple(row) for row in connection.execute(text(_SENT_AGAIN))]
    again = [*webhooks, *((one.delivery_id, one.event_id, TWILIO, one.at) for one in texts)]
    return [
        {
            "delivery_id": delivery_id,
            "real": at,
            "simulated": moment_of(calendar.repaired_s(endpoint, offsets[event_id])),
        }
        for delivery_id, event_id, endpoint, at in again
    ]


def _move_all(connection: Connection) -> None:
    for table, (key, columns) in _OF_DELIVERIES.items():
        changes = _changes(_MOVED_DELIVERY, columns)
        connection.execute(text(_BY_DELIVERY.format(table=table, key=key, changes=changes)))
    for table, columns in _OF_EVENTS.items():
        changes = _changes(_MOVED_EVENT, columns)
        connection.execute(text(_BY_EVENT.format(table=table, changes=changes)))


def _changes(moved: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{one} = {moved.format(column=f'moving.{one}')}" for one in columns)
