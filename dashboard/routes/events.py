"""The event log of a partner: search and pages, the newest first."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.cursors import read_cursor, write_cursor
from contracts.delivery.states import DeliveryState
from contracts.payload.events import EventType
from dashboard.date_ranges import DateRange, NotADay, Reversed
from dashboard.delivery_views import endpoint_name
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.state_texts import event_said, state_said
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
        said = "dates-reversed" if isinstance(error, Reversed) else "dates-bad-day"
        return _page(context, search, [], status=422, fault=context.words(said))
    said = search.q.strip()
    named = await context.read(named_by, said, owner=context.owner) if said else EventFilter()
    rows = await context.read(
        list_events,
        _both(named, wanted),
        owner=context.owner,
        after=read_cursor(search.cursor),
        limit=_ON_A_PAGE + 1,
    )
    more = len(rows) > _ON_A_PAGE
    cursor = write_cursor(rows[_ON_A_PAGE - 1].place) if more else None
    ids = {delivery.endpoint_id for one in rows for delivery in one.deliveries}
    endpoints = await context.read(endpoints_of, ids)
    names = {one.id: endpoint_name(one) for one in endpoints.values()}
    return _page(context, search, rows[:_ON_A_PAGE], next_cursor=cursor, endpoints=names)


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


def _both(named: EventFilter, wanted: Mapping[str, Any]) -> EventFilter:
    """What was typed, and what was chosen."""
    return EventFilter(
        event_id=named.event_id, order_id=named.order_id, awb_number=named.awb_number, **wanted
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
