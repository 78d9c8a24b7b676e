"""Counts one day of one partner out of the events' own rows: one statement replaces its row.

Whatever became of the day's events until now is in it, so counting again is always right, and a
kill in the middle leaves the row that was there.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from contracts.outcomes.counts import COUNTED
from contracts.outcomes.periods import bounds_of
from contracts.outcomes.propagation import BOUNDS_MS
from store.outcomes.definitions import Which, counts_of
from store.tables.outcomes import OUTCOME_DAYS

QUIET_FOR = timedelta(hours=48)
"""After so long without a change, what has ended stays as it is: no text is of use for longer, and
no status callback comes later (`contracts/sms/relevance.py`, `store/sms/callbacks.py`). What waits
for a person (a dead letter) is open until it expires."""

_LIMIT_S = 300
"""A day of a million events takes a minute or two, and nobody waits for it."""

_WHOLE = """
    NOT EXISTS (
        SELECT FROM dropped_events WHERE partner_id = %(partner_id)s::text AND until > %(begins)s
    )
"""
"""Of a day, that none of its events can have been dropped, nor any of their orders."""

_IN_DAY = "accepted_at >= %(begins)s AND accepted_at < %(ends)s"
_COUNT = f"""
    UPDATE outcome_days SET
        time_zone = %(time_zone)s, counted_at = %(now)s,
        due_at = CASE
            WHEN unplanned + undecided + open > 0
                OR greatest(last_accepted_at, last_changed_at) > %(quiet_since)s
            THEN %(again_at)s::timestamptz
        END,
        propagation_buckets = counted.propagation_buckets,
        propagation_counts = counted.propagation_counts,
        {", ".join(f"{name} = counted.{name}" for name in COUNTED)}
    FROM (
        WITH {counts_of(Which.TOLD, _IN_DAY)}
        SELECT * FROM of_events, of_webhooks, of_failures, of_texts, of_sms_deliveries,
            of_propagation, of_what_is_open
    ) AS counted
    WHERE outcome_days.partner_id = %(partner_id)s AND outcome_days.day = %(day)s
        AND {_WHOLE}
        AND (counted.events_accepted + counted.events_recorded
                >= outcome_days.events_accepted + outcome_days.events_recorded
            OR outcome_days.time_zone <> %(time_zone)s)
"""  # noqa: S608 - names of our own
_LEAVE = """
    UPDATE outcome_days SET due_at = NULL WHERE partner_id = %(partner_id)s AND day = %(day)s
"""
_NOTE = f"""
    INSERT INTO outcome_days (partner_id, day, time_zone)
    SELECT %(partner_id)s::text, %(day)s::date, %(time_zone)s::text WHERE {_WHOLE}
    ON CONFLICT DO NOTHING
"""


def count_day(session: Session, partner_id: str, day: date, time_zone: str, now: datetime) -> None:
    """Count a day, and say when it is to be counted again.

    The row is locked first, so that of two who count it the later one has seen more. Where events
    of the day may be gone since (dropped after their retention), the row stays as it is.
    """
    begins, ends = bounds_of(day, time_zone)
    values: dict[str, Any] = {
        "partner_id": partner_id,
        "day": day,
        "time_zone": time_zone,
        "begins": begins,
        "ends": ends,
        "now": now,
        "quiet_since": now - QUIET_FOR,
        "again_at": now + pause_of(ends, now),
        "bounds_ms": list(BOUNDS_MS),
    }
    connection = session.connection()
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_LIMIT_S}s'")
    connection.exec_driver_sql(_NOTE, values)
    columns = OUTCOME_DAYS.c
    is_this_one = (columns.partner_id == partner_id) & (columns.day == day)
    connection.execute(select(columns.day).where(is_this_one).with_for_update(key_share=True))
    if not connection.exec_driver_sql(_COUNT, values).rowcount:
        connection.exec_driver_sql(_LEAVE, values)


def pause_of(ends: datetime, now: datetime) -> timedelta:
    """How long a day's row stands before it is counted again, by how long ago the day ended."""
    age = now - ends
    if age < timedelta(hours=1):
        return timedelta(minutes=5)
    return timedelta(hours=1) if age < timedelta(days=15) else timedelta(days=1)
