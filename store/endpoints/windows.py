"""An endpoint's attempts and how long they took: over the last hour, 24 hours and 7 days, and one
period after the other. Out of the sums that `store/endpoints/health.py` keeps: five minutes a row.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from contracts.endpoints.health import BINS, percentile
from store.tables import EndpointSpanRow

SPAN = timedelta(minutes=5)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(hours=24), timedelta(days=7)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Window:
    """The attempts that ended in so much time, and how long they took.

    The spans of five minutes are counted whole, the one that is under way among them: the time is
    up to five minutes shorter than its name says. `timed_out` are among those that did not succeed.
    Percentiles are in ms, the upper bounds of their bins; None without attempts.
    """

    attempts: int
    succeeded: int
    timed_out: int
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None

    @property
    def success_rate(self) -> float | None:
        """From 0 to 1; None without attempts."""
        return self.succeeded / self.attempts if self.attempts else None


def span_start(moment: datetime) -> datetime:
    """When the five minutes began that a moment is in."""
    return moment - (moment - _EPOCH) % SPAN


def read_windows(session: Session, endpoint_id: str, now: datetime) -> tuple[Window, ...]:
    """The last hour, 24 hours and 7 days. Reads 2016 rows at most, by the primary key."""
    spans = _spans(session, endpoint_id, span_start(now) - WEEK + SPAN)
    begins = (span_start(now) - length for length in (HOUR, DAY, WEEK))
    return tuple(_window([one for one in spans if one.started_at > begin]) for begin in begins)


def windows_by(session: Session, endpoint_id: str, begins: Sequence[datetime]) -> list[Window]:
    """One period after the other, given by their beginnings in order, each until the next begins.
    Reads as many rows as they have spans, by the primary key."""
    of_period: list[list[Any]] = [[] for _ in begins]
    for one in _spans(session, endpoint_id, begins[0]):
        of_period[bisect_right(begins, one.started_at) - 1].append(one)
    return [_window(spans) for spans in of_period]


def _spans(session: Session, endpoint_id: str, since: datetime) -> Sequence[Any]:
    """The sums since then, the newest first; never more than those of a week."""
    query = (
        select(
            col(EndpointSpanRow.started_at),
            col(EndpointSpanRow.succeeded),
            col(EndpointSpanRow.failed),
            col(EndpointSpanRow.timed_out),
            col(EndpointSpanRow.latencies),
        )
        .where(col(EndpointSpanRow.endpoint_id) == endpoint_id)
        .where(col(EndpointSpanRow.started_at) >= since)
        .order_by(col(EndpointSpanRow.started_at).desc())
        .limit(WEEK // SPAN)
    )
    return session.execute(query).all()


def _window(spans: Sequence[Any]) -> Window:
    counts = [sum(one.latencies[bin_] for one in spans) for bin_ in range(BINS)]
    succeeded = sum(one.succeeded for one in spans)
    return Window(
        attempts=succeeded + sum(one.failed for one in spans),
        succeeded=succeeded,
        timed_out=sum(one.timed_out for one in spans),
        p50_ms=percentile(counts, 50),
        p95_ms=percentile(counts, 95),
        p99_ms=percentile(counts, 99),
    )
