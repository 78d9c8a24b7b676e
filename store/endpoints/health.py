"""Endpoint health: finished attempts are summed up as they come, five minutes a row, so that
reading costs the same however many attempts there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from contracts.delivery.attempt_summary import EndedAttempt
from contracts.endpoints.health import BINS, Health, bin_of
from store.endpoints.endpoints import get_endpoint
from store.endpoints.recent_attempts import health_by, last_attempts
from store.endpoints.windows import Window, read_windows, span_start
from store.tables import EndpointRow, EndpointSpanRow

KEPT_FOR = timedelta(days=8)


@dataclass(frozen=True)
class EndpointHealth:
    """How an endpoint does, its sums, and its last attempts that have ended, the newest first.
    Attempts of test events are in none of them."""

    endpoint_id: str
    health: Health
    last_hour: Window
    last_24_hours: Window
    last_7_days: Window
    last_attempts: Sequence[EndedAttempt]


@dataclass(frozen=True)
class CountedAttempt:
    """One attempt that has ended. `duration_ms` None leaves the latencies as they are: for one that
    got no answer and did not wait for one either."""

    succeeded: bool
    timed_out: bool
    duration_ms: int | None


_COUNT = """
    INSERT INTO endpoint_spans (endpoint_id, started_at, succeeded, failed, timed_out, latencies)
    VALUES (%(endpoint_id)s, %(started_at)s, %(succeeded)s, %(failed)s, %(timed_out)s, %(counts)s)
    ON CONFLICT (endpoint_id, started_at) DO UPDATE SET
        succeeded = endpoint_spans.succeeded + excluded.succeeded,
        failed = endpoint_spans.failed + excluded.failed,
        timed_out = endpoint_spans.timed_out + excluded.timed_out,
        latencies = ARRAY(
            SELECT one + more
            FROM unnest(endpoint_spans.latencies, excluded.latencies)
                WITH ORDINALITY AS bins (one, more, number)
            ORDER BY number
        )
"""


def add_to_span(
    session: Session, endpoint_id: str, attempts: Sequence[CountedAttempt], now: datetime
) -> None:
    """Count attempts that have just ended, in the five minutes of `now`.

    One statement by the primary key. The row stays locked until the commit, so that attempts of one
    endpoint that end together wait for each other: call it last in the transaction.
    """
    if not attempts:
        return
    counts = [0] * BINS
    for one in attempts:
        if one.duration_ms is not None:
            counts[bin_of(one.duration_ms)] += 1
    succeeded = sum(one.succeeded for one in attempts)
    values = {
        "endpoint_id": endpoint_id,
        "started_at": span_start(now),
        "succeeded": succeeded,
        "failed": len(attempts) - succeeded,
        "timed_out": sum(one.timed_out for one in attempts),
        "counts": counts,
    }
    session.connection().exec_driver_sql(_COUNT, values)


def read_health(
    session: Session, endpoint_id: str, now: datetime, *, owner: str | None = None
) -> EndpointHealth:
    """How an endpoint does. NotFound without one, or if it is another partner's than `owner`.

    Reads its last 20 attempts and 2016 rows of sums at most, both by an index.
    """
    endpoint = get_endpoint(session, endpoint_id, owner=owner)
    attempts = last_attempts(session, endpoint)
    hour, day, week = read_windows(session, endpoint_id, now)
    return EndpointHealth(
        endpoint_id, health_by(endpoint, attempts, now), hour, day, week, attempts
    )


def drop_old_spans(session: Session, now: datetime, *, limit: int) -> int:
    """Drop the next sums that are older than 8 days; gives how many rows. 0: none is left.

    Endpoints are few and are asked one by one, so that the whole table need not be looked through.
    """
    old = col(EndpointSpanRow.started_at) < now - KEPT_FOR
    of_endpoint = col(EndpointSpanRow.endpoint_id) == col(EndpointRow.id)
    has_old = select(EndpointSpanRow.endpoint_id).where(of_endpoint, old).exists()
    dropped = 0
    for endpoint_id in session.exec(select(EndpointRow.id).where(has_old).limit(limit)).all():
        dropped += _drop_oldest(session, endpoint_id, now - KEPT_FOR, limit=limit - dropped)
        if dropped >= limit:
            break
    return dropped


def _drop_oldest(session: Session, endpoint_id: str, before: datetime, *, limit: int) -> int:
    """Drop so many of one endpoint's sums, the oldest first: by the bounds of the primary key, so
    that it is an index's work whatever a database thinks of its tables' sizes."""
    of_endpoint = col(EndpointSpanRow.endpoint_id) == endpoint_id
    started_at = col(EndpointSpanRow.started_at)
    oldest = select(EndpointSpanRow.started_at).where(of_endpoint, started_at < before)
    found = session.exec(oldest.order_by(started_at).limit(limit)).all()
    if not found:
        return 0
    result: Any = session.execute(
        delete(EndpointSpanRow).where(of_endpoint, started_at <= found[-1])
    )
    return int(result.rowcount)
