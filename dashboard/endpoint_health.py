"""What the tab Health of an endpoint shows: how it does now, and how it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_datetime, get_timezone
from sqlmodel import Session

from contracts.delivery.states import DeliveryState, HoldReason
from contracts.endpoints.health import BIN_BOUNDS_MS
from contracts.payload.events import EventType
from dashboard.endpoint_states import health_view, on_hold_view
from dashboard.endpoint_tests import SeenTest, see_test, test_shown
from dashboard.figures import count_shown, duration_shown, share_shown
from dashboard.line_charts import LineChart
from dashboard.page_context import PartnerContext
from dashboard.times import hours_until
from dashboard.translations import Words
from store.endpoints.endpoints import get_endpoint
from store.endpoints.figures import (
    MOST_COUNTED,
    AttemptCounts,
    attempts_by_type,
    count_in_state,
    on_hold,
)
from store.endpoints.health import EndpointHealth, read_health
from store.endpoints.windows import Window, windows_by
from store.recoveries.recoveries import running_recovery
from store.tables import EndpointRow, RecoveryRow

RANGES = {"24h": (24, 1), "7d": (168, 6)}
"""The ranges of the charts: how many hours, and how many of them a point is of."""

_HUNDRED = Decimal(100)
_TEST_EVERY_S, _RECOVERY_EVERY_S, _BUSY_EVERY_S, _QUIET_EVERY_S = 1, 2, 4, 10


@dataclass(frozen=True)
class Now:
    """How an endpoint does now: what is asked for again and again, and costs little."""

    endpoint: EndpointRow
    health: EndpointHealth
    held: Mapping[HoldReason, int]
    failed: int
    recovery: RecoveryRow | None
    test: SeenTest | None


@dataclass(frozen=True)
class Past:
    """How it did: the periods of the charts, and by type of event."""

    begins: Sequence[datetime]
    windows: Sequence[Window]
    by_type: Mapping[EventType, AttemptCounts]


def see_now(
    session: Session, endpoint_id: str, now: datetime, test: str | None, *, owner: str
) -> Now:
    """Read it. NotFound without such an endpoint of this owner's, or such a test of it."""
    endpoint = get_endpoint(session, endpoint_id, owner=owner)
    return Now(
        endpoint=endpoint,
        health=read_health(session, endpoint_id, now, owner=owner),
        held=on_hold(session, endpoint_id),
        failed=count_in_state(session, endpoint_id, DeliveryState.DEAD_LETTERED),
        recovery=running_recovery(session, endpoint_id),
        test=see_test(session, endpoint_id, test, owner) if test else None,
    )


def see_past(session: Session, endpoint_id: str, begins: Sequence[datetime]) -> Past:
    """Read it."""
    windows = windows_by(session, endpoint_id, begins)
    return Past(begins, windows, attempts_by_type(session, endpoint_id))


def begins_of(now: datetime, span: str) -> list[datetime]:
    """When the points of a chart begin."""
    hours, step = RANGES[span]
    last = hours_until(now, 1)[0] + timedelta(hours=1)
    return [last - timedelta(hours=back) for back in range(hours, 0, -step)]


def now_shown(context: PartnerContext, seen: Now) -> dict[str, Any]:
    """How it does now, for the part of the page that is kept up to date."""
    hold = on_hold_view(context, seen.endpoint, seen.held, seen.recovery)
    shown = test_shown(context, seen.test)
    return {
        "endpoint": seen.endpoint,
        "said": health_view(context, seen.endpoint, seen.health.health, seen.health.last_attempts),
        "hold": hold,
        "failed": seen.failed,
        "recovery": seen.recovery,
        "windows": (
            ("endpoint-hour", seen.health.last_hour),
            ("endpoint-day", seen.health.last_24_hours),
            ("endpoint-week", seen.health.last_7_days),
        ),
        "every_s": _every_s(seen, under_test=bool(shown["test_every_s"])),
        **shown,
        **figures_shown(context),
    }


def past_shown(context: PartnerContext, seen: Past, span: str) -> dict[str, Any]:
    """The charts, and the same in numbers."""
    t = context.words
    labels = [_label(context, one, span) for one in seen.begins]
    shares = [_percent(one) for one in seen.windows]
    times = [None if one.p95_ms is None else Decimal(one.p95_ms) for one in seen.windows]
    return {
        "ranges": [
            (context.same_page(range=one, test=None), t(f"endpoint-range-{one}"), one == span)
            for one in RANGES
        ],
        "charts": [
            LineChart(
                t("endpoint-success-chart"),
                t("endpoint-success"),
                labels,
                shares,
                unit=" %",
                most=_HUNDRED,
                from_zero=True,
            ),
            LineChart(
                t("endpoint-latency-chart"),
                t("endpoint-p95"),
                labels,
                times,
                unit=" ms",
                from_zero=True,
            ),
        ],
        "periods": list(zip(seen.begins, seen.windows, strict=True)),
        "by_type": seen.by_type,
    }


def _label(context: PartnerContext, begin: datetime, span: str) -> str:
    """Of a point: the hour, or the day of a week's."""
    shape, zone = ("d MMM" if span == "7d" else "HH:mm"), get_timezone(context.zone)
    return str(format_datetime(begin, shape, zone, context.words.language))


def figures_shown(context: PartnerContext) -> dict[str, Any]:
    """The ways in which figures are written; times are in milliseconds."""
    t = context.words
    return {
        "rate": lambda share: t("endpoint-no-attempts") if share is None else share_shown(t, share),
        "took": lambda milliseconds: duration_shown(t, milliseconds),
        "within": lambda milliseconds: _within(t, milliseconds),
        "some": lambda count: count_shown(t, count, MOST_COUNTED),
    }


def _within(t: Words, milliseconds: int | None) -> str:
    """A percentile, which is the upper bound of its bin."""
    shown = duration_shown(t, milliseconds)
    if milliseconds is None:
        return shown
    said = "endpoint-or-more" if milliseconds >= BIN_BOUNDS_MS[-1] else "endpoint-within"
    return t(said, span=shown)


def _percent(window: Window) -> Decimal | None:
    """What is not everything is not drawn as a whole hundred."""
    if not window.attempts:
        return None
    return round(_HUNDRED * window.succeeded / window.attempts, 1)


def _every_s(seen: Now, *, under_test: bool) -> int:
    """After how many seconds the page asks again."""
    if under_test:
        return _TEST_EVERY_S
    if seen.recovery is not None:
        return _RECOVERY_EVERY_S
    return _BUSY_EVERY_S if seen.held or seen.endpoint.opened_at else _QUIET_EVERY_S
