"""`/p/{partner_id}`: the first page of a partner. How today goes, and what needs attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from contracts.endpoints.health import Health
from dashboard.charts import Chart, Series
from dashboard.figures import count_shown, share_shown, took_shown
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.state_texts import BAD, GOOD, WAITING, StateText, event_said, health_said, state_said
from dashboard.times import hours_until, start_of_day
from dashboard.translations import Words
from store.events.search import ListedEvent
from store.reports.overview import MEASURED, MOST_COUNTED, Outcome, Propagation, read_overview
from store.tables import EndpointRow

router = APIRouter()

_HOURS = 24
_WELL = 0.99


@dataclass(frozen=True)
class _Figure:
    """One of the figures on top. `place` is where there is more of it."""

    name: str
    value: str
    hint: str | None = None
    tone: str = ""
    place: str | None = None


@dataclass(frozen=True)
class _EndpointCard:
    id: str
    where: str
    about: str | None
    said: StateText
    reason: str


@dataclass(frozen=True)
class _EventLine:
    event: ListedEvent
    states: Sequence[tuple[str, StateText]]
    """What it went by, and how it stands; the event's own state where nothing was planned yet."""


@router.get("/p/{partner_id}")
async def overview(context: PartnerPage) -> Response:
    """Today's events, how many arrived and how fast, what waits, how the endpoints do."""
    now = context.now()
    hours = hours_until(now, _HOURS, context.zone)
    day = start_of_day(now, context.zone)
    seen = await context.read(read_overview, context.owner, now, day, hours)
    t = context.words
    return context.page(
        "overview",
        seen=seen,
        day=day,
        figures=[
            _Figure(
                t("overview-events"), count_shown(t, seen.events_today), t("overview-events-hint")
            ),
            _rate(t, seen.today),
            *_times(t, seen.propagation),
            _waiting(t, "held", seen.held, "waiting", "/events?state=held"),
            _waiting(t, "dead", seen.dead_letters, "bad", "/dead-letters"),
        ],
        endpoints=[_endpoint(t, *one) for one in seen.endpoints],
        lines=[_line(t, one) for one in seen.last_events],
        chart=_chart(context, hours, seen.hours),
        hours=list(zip(hours, seen.hours, strict=True)),
    )


def _rate(t: Words, today: Outcome) -> _Figure:
    ended = today.delivered + today.not_delivered
    hint = t("overview-rate-hint", ended=ended) if ended else t("overview-rate-none")
    tone = "" if today.rate is None else "good" if today.rate >= _WELL else "bad"
    return _Figure(t("overview-rate"), share_shown(t, today.rate), hint, tone)


def _times(t: Words, found: Propagation | None) -> list[_Figure]:
    """Half, and nearly all, arrived within so long."""
    if found is None:
        return [_Figure(t("overview-p50"), "-", t("overview-times-none"))]
    which = "overview-times-last" if found.count == MEASURED else "overview-times-all"
    hint = t(which, count=found.count)
    return [
        _Figure(t("overview-p50"), took_shown(t, found.p50_s), hint),
        _Figure(t("overview-p95"), took_shown(t, found.p95_s), hint),
    ]


def _waiting(t: Words, what: str, count: int, tone: str, place: str) -> _Figure:
    hint = t(f"overview-{what}-hint" if count else f"overview-{what}-none")
    shown = count_shown(t, count, MOST_COUNTED)
    return _Figure(
        t(f"overview-{what}"), shown, hint, tone if count else "", place if count else None
    )


def _endpoint(t: Words, row: EndpointRow, health: Health) -> _EndpointCard:
    """Without the URL's query, which may carry a token."""
    url = urlsplit(row.url)
    where = f"{url.netloc}{url.path}"
    return _EndpointCard(
        row.id, where, row.description, health_said(t, health.state), health.reason
    )


def _line(t: Words, event: ListedEvent) -> _EventLine:
    states = [
        (t(f"channel-{one.channel}") if one.channel else "", state_said(t, one.state))
        for one in event.deliveries
    ]
    return _EventLine(event, states or [("", event_said(t, event.state))])


def _chart(
    context: PartnerContext, hours: Sequence[datetime], outcomes: Sequence[Outcome]
) -> Chart | None:
    """The last 24 hours; None where there is nothing to draw."""
    t = context.words
    series = [
        Series(t("overview-delivered"), GOOD, [one.delivered for one in outcomes]),
        Series(t("overview-not-delivered"), BAD, [one.not_delivered for one in outcomes]),
        Series(t("overview-under-way"), WAITING, [one.under_way for one in outcomes]),
    ]
    if not any(any(one.values) for one in series):
        return None
    zone = ZoneInfo(context.zone)
    labels = [f"{hour.astimezone(zone):%H:%M}" for hour in hours]
    return Chart(t("overview-chart"), labels, series)
