"""What the page of one endpoint shows, and the answers of its forms that stay on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.responses import Response
from sqlmodel import Session

from contracts.delivery.states import (
    OPEN_STATES,
    TURN_COMES,
    DeliveryState,
    EndpointState,
    EventState,
)
from contracts.endpoints.health import BIN_BOUNDS_MS
from contracts.errors import NotFound
from contracts.partners import TIERS
from contracts.payload.events import EventType
from contracts.payload.scenarios import Scenario
from dashboard.charts import Chart, Series
from dashboard.dead_letters import name_of
from dashboard.figures import count_shown, duration_shown, share_shown
from dashboard.page_context import PartnerContext
from dashboard.state_texts import BAD, GOOD, answer_said, code_said, delivery_said, health_said
from dashboard.times import hours_until
from dashboard.translations import Words
from store.endpoints.endpoints import get_endpoint
from store.endpoints.figures import MOST_COUNTED, AttemptCounts, attempts_by_hour, count_in_state
from store.endpoints.health import EndpointHealth, read_health
from store.events.detail import EventDetail, event_detail
from store.recoveries.recoveries import list_recoveries
from store.tables import EndpointRow, RecoveryRow

_HOURS = 24
_RECOVERIES = 5


@dataclass(frozen=True)
class EndpointPageView:
    """All that is read for the page, in one reading."""

    endpoint: EndpointRow
    health: EndpointHealth
    hours: Sequence[AttemptCounts]
    held: int
    dead: int
    recoveries: Sequence[RecoveryRow]
    test: EventDetail | None


def see(
    session: Session,
    endpoint_id: str,
    now: datetime,
    hours: Sequence[datetime],
    test: str | None,
    *,
    owner: str,
) -> EndpointPageView:
    """Read it. NotFound without such an endpoint of this owner's, or such a test of it."""
    return EndpointPageView(
        endpoint=get_endpoint(session, endpoint_id, owner=owner),
        health=read_health(session, endpoint_id, now, owner=owner),
        hours=attempts_by_hour(session, endpoint_id, hours),
        held=count_in_state(session, endpoint_id, DeliveryState.HELD),
        dead=count_in_state(session, endpoint_id, DeliveryState.DEAD_LETTERED),
        recoveries=list_recoveries(session, endpoint_id, after=None, limit=_RECOVERIES),
        test=_test_of(session, endpoint_id, test, owner) if test else None,
    )


async def endpoint_page(
    context: PartnerContext, endpoint_id: str, status: int = 200, /, **shown: Any
) -> Response:
    """Answer with the page. `secret` is shown once; `fault` is what was wrong with a form, whose
    values are `asked`."""
    hours = hours_until(context.now(), _HOURS)
    test = context.request.query_params.get("test")
    seen = await context.read(see, endpoint_id, context.now(), hours, test, owner=context.owner)
    known: dict[str, Any] = {"secret": None, "fault": None, "asked": None, **shown}
    return context.page(
        "endpoint",
        status,
        seen=seen,
        endpoint=seen.endpoint,
        name=name_of(seen.endpoint),
        said=health_said(context.words, seen.health.health.state),
        is_on=seen.endpoint.state is EndpointState.ENABLED,
        windows=(
            ("endpoint-hour", seen.health.last_hour),
            ("endpoint-day", seen.health.last_24_hours),
            ("endpoint-week", seen.health.last_7_days),
        ),
        answers=[(one, code_said(context.words, one.code)) for one in seen.health.last_attempts],
        filters=TIERS[context.partner.tier].event_filters,
        types=list(EventType),
        scenarios=list(Scenario),
        **_chart(context, hours, seen.hours),
        **_test_shown(context, seen.test),
        **figures_shown(context),
        **known,
    )


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


def _chart(
    context: PartnerContext, hours: Sequence[datetime], attempts: Sequence[AttemptCounts]
) -> Mapping[str, Any]:
    """The bars of the last hours, and the rows of the table with the same numbers."""
    words = context.words
    series = [
        Series(words("endpoint-succeeded"), GOOD, [one.succeeded for one in attempts]),
        Series(words("endpoint-failed"), BAD, [one.failed for one in attempts]),
    ]
    labels = [str(context.when(one, seconds=False).striptags()).rpartition(" ")[2] for one in hours]
    return {
        "chart": Chart(words("endpoint-chart-title"), labels, series),
        "bars": list(zip(hours, attempts, strict=True)),
    }


def _test_of(session: Session, endpoint_id: str, event_id: str, owner: str) -> EventDetail:
    detail = event_detail(session, event_id, owner=owner)
    if detail.event.only_target != endpoint_id:
        raise NotFound(f"no test {event_id}")
    return detail


def _test_shown(context: PartnerContext, detail: EventDetail | None) -> Mapping[str, Any]:
    """A test event with its attempts in words, and whether more is to come."""
    if detail is None:
        return {"test": None}
    deliveries = detail.deliveries
    is_over = detail.event.state is EventState.FAILED or (
        bool(deliveries)
        and not any(one.state in OPEN_STATES or one.hold_reason in TURN_COMES for one in deliveries)
    )
    dead_letters = {one.delivery_id: one for one in detail.dead_letters if one.resolved_at is None}
    return {
        "test": detail,
        "test_said": [
            (one, delivery_said(context.words, one, dead_letters.get(one.id))) for one in deliveries
        ],
        "attempts": [
            (one, answer_said(context.words, one), detail.excerpts.get(one.id))
            for one in detail.attempts
        ],
        "test_every_s": None if is_over else 1,
    }
