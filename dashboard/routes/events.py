"""The event log of a partner: search and pages, the newest first."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.cursors import read_cursor, write_cursor
from contracts.delivery.states import DeliveryState
from contracts.payload.events import EventType
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.state_texts import event_said, state_said
from store.events.filters import EventFilter
from store.events.search import ListedEvent, list_events, named_by

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


class NotADay(ValueError):
    """A date that is none."""


@router.get("/p/{partner_id}/events")
async def event_log(context: PartnerPage, search: Annotated[Search, Query()]) -> Response:
    """What happened to the partner's orders, and how far each event has come."""
    try:
        wanted = _wanted(search, context.zone)
    except NotADay:
        return _page(context, search, [], status=422, fault=context.words("events-bad-day"))
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
    return _page(context, search, rows[:_ON_A_PAGE], next_cursor=cursor)


def _page(
    context: PartnerContext,
    search: Search,
    rows: list[ListedEvent],
    *,
    status: int = 200,
    fault: str | None = None,
    next_cursor: str | None = None,
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
        state_said=lambda state: state_said(context.words, state),
        event_said=lambda state: event_said(context.words, state),
    )


def _both(named: EventFilter, wanted: Mapping[str, Any]) -> EventFilter:
    """What was typed, and what was chosen."""
    return EventFilter(
        event_id=named.event_id, order_id=named.order_id, awb_number=named.awb_number, **wanted
    )


def _wanted(search: Search, zone: str) -> Mapping[str, Any]:
    """What was chosen. NotADay for a date that is none; a word that is none chooses nothing."""
    return {
        "event_type": _word(EventType, search.type),
        "delivery_state": _word(DeliveryState, search.state),
        "since": _start_of(search.since, zone),
        "until": _start_of(search.until, zone, days=1),
    }


def _word(kind: type[_Word], said: str) -> _Word | None:
    return kind(said) if said in list(kind) else None


def _start_of(said: str, zone: str, *, days: int = 0) -> datetime | None:
    """When a day begins in a time zone, or the day so many days later; None where none is said."""
    if not said:
        return None
    try:
        day = date.fromisoformat(said) + timedelta(days=days)
        return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotADay from None
