"""`/p/{partner_id}`: the first page of a partner. Whether it is fine, what to do, how it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from fastapi.responses import Response

from contracts.endpoints.health import Health
from dashboard.banners import banner_of
from dashboard.endpoint_states import health_in_brief
from dashboard.overview_figures import chart_of, figures_of, not_needed_of, parts_shown, times_of
from dashboard.overview_ranges import Days, range_of
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.set_up import set_up_for
from dashboard.state_texts import QUIET, StateText, event_said, health_said, state_said
from dashboard.translations import Words
from store.events.search import ListedEvent
from store.reports.overview import Overview, Range, read_overview
from store.tables import EndpointRow

router = APIRouter()


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
async def overview(context: PartnerPage, days: Annotated[Days, Query()] = Days.TODAY) -> Response:
    """Whether all is well, the figures of a range beside the one before, how the endpoints do."""
    asked = range_of(days, context.now(), context.zone)
    seen = await context.read(read_overview, context.owner, asked)
    t = context.words
    return context.page(
        "overview",
        seen=seen,
        asked=asked,
        banner=banner_of(context, seen.now, seen.endpoints),
        tabs=_tabs(context, days),
        figures=figures_of(t, seen, asked),
        not_needed=not_needed_of(t, seen) if days is Days.TODAY else [],
        endpoints=[_endpoint(context, *one) for one in seen.endpoints],
        times=times_of(t, seen),
        lines=[_line(t, one) for one in seen.last_events],
        set_up=await set_up_for(context),
        here=f"{context.request.url.path}?days={days}",
        **_charted(context, seen, asked),
    )


def _charted(context: PartnerContext, seen: Overview, asked: Range) -> dict[str, object]:
    t = context.words
    parts = parts_shown(t, seen, asked)
    title = t("overview-chart-hours") if asked.days == 1 else t("overview-chart-days")
    return {"parts": parts, "chart_title": title, "chart": chart_of(t, parts, title, context.base)}


def _tabs(context: PartnerContext, days: Days) -> list[tuple[str, str, bool]]:
    return [
        (f"{context.base}?days={one}", context.words(f"overview-days-{one}"), one is days)
        for one in Days
    ]


def _endpoint(context: PartnerContext, row: EndpointRow, health: Health) -> _EndpointCard:
    """Without the URL's query, which may carry a token. What nothing is sent to is not healthy."""
    t = context.words
    url = urlsplit(row.url)
    where = f"{url.netloc}{url.path}"
    unused = _unused(context)
    said = StateText(unused[0], QUIET) if unused else health_said(t, health.state)
    reason = unused[1] if unused else health_in_brief(context, row, health)
    return _EndpointCard(row.id, where, row.description, said, reason)


def _unused(context: PartnerContext) -> tuple[str, str] | None:
    """Where nothing is sent to any endpoint of the shop: so in a word, and why."""
    t = context.words
    if not context.partner.webhook_enabled:
        return t("overview-unused"), t("overview-unused-why")
    if context.partner.paused_at is not None:
        return t("overview-unused-paused"), t("overview-unused-paused-why")
    return None


def _line(t: Words, event: ListedEvent) -> _EventLine:
    states = [
        (
            t(f"channel-{one.channel}") if one.channel else "",
            state_said(t, one.state, one.skip_reason),
        )
        for one in event.deliveries
        if not one.is_unasked
    ]
    return _EventLine(event, states or [("", event_said(t, event.state))])
