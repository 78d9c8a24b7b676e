"""The events of a batch: each is read by itself, and other requests are served in between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from api.event_views import ItemView
from api.problems import faults_of
from contracts.ids import EventId
from contracts.payload.events import TrackingEvent

T = TypeVar("T")

_BETWEEN_TURNS = 10
"""Events of a batch, which keep the event loop busy for about two milliseconds."""

_EVENT_ID: TypeAdapter[str] = TypeAdapter(EventId)


async def in_turn(work: Callable[..., T], *items: Sequence[Any]) -> AsyncIterator[T]:
    """Do this with one after the other, and let other requests run after every few: they are not to
    wait for a whole batch."""
    for number, each in enumerate(zip(*items, strict=True), start=1):
        yield work(*each)
        if number % _BETWEEN_TURNS == 0:
            await asyncio.sleep(0)


def read_event(item: object) -> TrackingEvent | ItemView:
    """One event of a batch, or what is wrong with it."""
    try:
        return TrackingEvent.model_validate(item)
    except ValidationError as error:
        lines = error.errors(include_url=False, include_context=False)
        return ItemView(
            event_id=_event_id_of(item),
            state="refused",
            duplicate=False,
            errors=faults_of(lines),
        )


def _event_id_of(item: object) -> str | None:
    """The id of a refused event, where it is one: anything else may be too long to be echoed, or
    not even text."""
    try:
        return _EVENT_ID.validate_python(item.get("event_id") if isinstance(item, dict) else None)
    except ValidationError:
        return None
