"""The event log of a partner: search and pages, the newest first."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.cursors import read_cursor, write_cursor
from contracts.delivery.states import DeliveryState
from contracts.payload.events import EventType
from dashboard.csv_files import CsvRow, all_pages, csv_file, moment_cell
from dashboard.date_ranges import DateRange, NotADay, Reversed
from dashboard.delivery_views import endpoint_name
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.state_texts import event_said, state_said
from store.db.keyset import Position
from store.events.filters import EventFilter
from store.events.search import ListedEvent, list_events, named_by
from store.events.timeline import endpoints_of

router = APIRouter()

_ON_A_PAGE = 50
_Word = TypeVar("_Word", EventType, DeliveryState)


class Search(BaseModel):
    """The search form as a browser sends it: what nobody has filled in is empty. `until` is the
    last day that is shown."""

    model_config = ConfigDict(hide_input_in_errors=True)

    q: str = Field(default="", max_length=500)
    type: str = Field(default="", max_length=64)
    state: str = Field(default="", max_length=64)
    since: str = Field(default="", max_length=32)
    until: str = Field(default="", max_length=32)
    cursor: str | None = Field(default=None, max_length=300)

    @property
    def narrows(self) -> bool:
        """Whether anything at all is searched for."""
        return any((self.q.strip(), self.type, self.state, self.since, self.until))


@router.get("/p/{partner_id}/events")
async def event_log(context: PartnerPage, search: Annotated[Search, Query()]) -> Response:
    """What happened to the partner's orders, and how far each event has come."""
    try:
        wanted = _wanted(search, context.zone)
    except (NotADay, Reversed) as error:
        return _page(context, search, [], status=422, fault=_fault(context, error))
    rows = await context.read(
        list_events,
        await _filter(context, search, wanted),
        owner=context.owner,
        after=read_cursor(search.cursor),
        limit=_ON_A_PAGE + 1,
    )
    more = len(rows) > _ON_A_PAGE
    cursor = write_cursor(rows[_ON_A_PAGE - 1].place) if more else None
    names = await _names(context, rows)
    return _page(context, search, rows[:_ON_A_PAGE], next_cursor=cursor, endpoints=names)


@router.get("/p/{partner_id}/events.csv")
async def event_file(context: PartnerPage, search: Annotated[Search, Query()]) -> Response:
    """The events that the log shows, in one file."""
    try:
        wanted = await _filter(context, search, _wanted(search, context.zone))
    except (NotADay, Reversed) as error:
        return _page(context, search, [], status=422, fault=_fault(context, error))

    async def read(after: Position | None, limit: int) -> list[ListedEvent]:
        return await context.read(
            list_events, wanted, owner=context.owner, after=after, limit=limit
        )

    async def rows() -> AsyncIterator[Sequence[CsvRow]]:
        async for some in all_pages(read, lambda one: one.place):
            names = await _names(context, some)
            yield [_row(context, one, names) for one in some]

    t = context.words
    header = [t("events-when"), t("events-event"), t("events-order"), t("event-id")]
    return csv_file("events", [*header, t("events-deliveries"), t("event-test")], rows())


def _row(context: PartnerContext, event: ListedEvent, endpoints: Mapping[str, str]) -> CsvRow:
    t = context.words
    messages = [
        t(
            "orders-endpoint",
            name=endpoints.get(one.endpoint_id or "") or t(f"channel-{one.channel}"),
            said=state_said(t, one.state, one.skip_reason).word,
        )
        for one in event.deliveries
        if one.channel is not None and not one.is_unasked
    ]
    return [
        moment_cell(event.accepted_at, context.zone),
        t(f"type-{event.event_type}"),
        event.order_id,
        event.event_id,
        "; ".join(messages) or event_said(t, event.state).word,
        t("event-test") if event.is_test else None,
    ]


async def _names(context: PartnerContext, rows: Sequence[ListedEvent]) -> dict[str, str]:
    """What the endpoints are called that events go to, by their ids."""
    ids = {delivery.endpoint_id for one in rows for delivery in one.deliveries}
    endpoints = await context.read(endpoints_of, ids)
    return {one.id: endpoint_name(one) for one in endpoints.values()}


async def _filter(
    context: PartnerContext, search: Search, wanted: Mapping[str, Any]
) -> EventFilter:
    """What was typed, and what was chosen."""
    said = search.q.strip()
    named = await context.read(named_by, said, owner=context.owner) if said else EventFilter()
    return replace(named, **wanted)


def _fault(context: PartnerContext, error: ValueError) -> str:
    return context.words("dates-reversed" if isinstance(error, Reversed) else "dates-bad-day")


def _page(
    context: PartnerContext,
    search: Search,
    rows: list[ListedEvent],
    *,
    status: int = 200,
    fault: str | None = None,
    next_cursor: str | None = None,
    endpoints: Mapping[str, str] | None = None,
) -> Response:
    return context.page(
        "events",
        status,
        search=search,
        rows=rows,
        fault=fault,
        next_cursor=next_cursor,
        types=list(EventType),
        states=list(DeliveryState),
        endpoints=endpoints or {},
        state_said=lambda state, why=None: state_said(context.words, state, why),
        event_said=lambda state: event_said(context.words, state),
    )


def _wanted(search: Search, zone: str) -> Mapping[str, Any]:
    """What was chosen; a word that is none chooses nothing. NotADay or Reversed for dates that
    bound nothing."""
    days = DateRange.of(search.since, search.until, zone)
    return {
        "event_type": _word(EventType, search.type),
        "delivery_state": _word(DeliveryState, search.state),
        "since": days.since,
        "until": days.until,
    }


def _word(kind: type[_Word], said: str) -> _Word | None:
    return kind(said) if said in list(kind) else None
