"""Endpoint health: finished attempts are summed up as they come, five minutes a row, so that
reading costs the same however many attempts there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.delivery.attempt_summary import EndedAttempt
from contracts.endpoints.health import (
    Health,
    bin_of,
    decode_counts,
    encode_counts,
)
from store.endpoints.endpoints import get_endpoint
from store.endpoints.recent_attempts import health_by, last_attempts
from store.endpoints.windows import Window, read_windows, span_start
from store.tables import EndpointRow, EndpointSpanRow

KEPT_FOR = timedelta(days=8)


@dataclass(frozen=True)
class EndpointHealth:
    """How an endpoint does, its sums, and its last attempts that have ended, the newest first."""

    endpoint_id: str
    health: Health
    last_hour: Window
    last_24_hours: Window
    last_7_days: Window
    last_attempts: Sequence[EndedAttempt]


def add_to_span(
    session: Session,
    endpoint_id: str,
    *,
    succeeded: bool,
    timed_out: bool,
    duration_ms: int | None,
    now: datetime,
) -> None:
    """Count one attempt that has just ended, in the five minutes of `now`.

    `duration_ms` None leaves the latencies as they are: for an attempt that got no answer and did
    not wait for one either. Costs a SELECT and an UPDATE by the primary key; the first attempt of
    each five minutes costs three statements more. The row stays locked until the commit, so that
    attempts of one endpoint that end together wait for each other: call it last in the transaction.
    """
    started_at = span_start(now)
    stored = _locked_latencies(session, endpoint_id, started_at)
    if stored is None:
        _open_span(session, endpoint_id, started_at)
        stored = _locked_latencies(session, endpoint_id, started_at) or ""
    counts = decode_counts(stored)
    if duration_ms is not None:
        counts[bin_of(duration_ms)] += 1
    session.execute(
        update(EndpointSpanRow)
        .where(col(EndpointSpanRow.endpoint_id) == endpoint_id)
        .where(col(EndpointSpanRow.started_at) == started_at)
        .values(
            succeeded=EndpointSpanRow.succeeded + int(succeeded),
            failed=EndpointSpanRow.failed + int(not succeeded),
            timed_out=EndpointSpanRow.timed_out + int(timed_out),
            latencies=encode_counts(counts),
        )
    )


def read_health(
    session: Session, endpoint_id: str, now: datetime, *, owner: str | None = None
) -> EndpointHealth:
    """How an endpoint does. NotFound without one, or if it is another partner's than `owner`.

    Reads its last 20 attempts and 2016 rows of sums at most, both by an index.
    """
    endpoint = get_endpoint(session, endpoint_id, owner=owner)
    attempts = last_attempts(session, endpoint_id)
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


def _locked_latencies(session: Session, endpoint_id: str, started_at: datetime) -> str | None:
    """The counts of a row, locked until the commit; None without the row."""
    query = select(EndpointSpanRow.latencies).where(
        col(EndpointSpanRow.endpoint_id) == endpoint_id,
        col(EndpointSpanRow.started_at) == started_at,
    )
    return session.exec(query.with_for_update(key_share=True)).first()


def _open_span(session: Session, endpoint_id: str, started_at: datetime) -> None:
    """Make the row, unless somebody else just has."""
    fresh = insert(EndpointSpanRow).values(
        endpoint_id=endpoint_id,
        started_at=started_at,
        succeeded=0,
        failed=0,
        timed_out=0,
        latencies="",
    )
    session.execute(fresh.on_conflict_do_nothing())
