"""How far a parcel has come: the steps on its way, those that are still to come among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.payload.events import EventType
from dashboard.state_texts import BAD, GOOD, WAITING

_CURRENT = {
    EventType.ORDER_CONFIRMED: GOOD,
    EventType.OUT_FOR_DELIVERY: WAITING,
    EventType.DELIVERED: GOOD,
    EventType.DELIVERY_FAILED: BAD,
    EventType.RETURN_INITIATED: BAD,
}
NOT_YET = ""


@dataclass(frozen=True)
class Happened:
    """One thing that happened to a parcel."""

    type: EventType
    at: datetime


@dataclass(frozen=True)
class ParcelStep:
    """One step of the way; `at` is when it last happened, None: not yet, or nobody told us.
    `times` is how often it happened."""

    type: EventType
    tone: str
    at: datetime | None
    times: int
    current: bool


def steps_of(happened: Sequence[Happened]) -> list[ParcelStep]:
    """The way of a parcel: confirmed, out for delivery, delivered; where it failed or goes back,
    that in place of what did not come. `happened` is in the order in which it did."""
    state = happened[-1].type
    return [_step(kind, state, happened) for kind in _way(state, {one.type for one in happened})]


def _way(state: EventType, seen: set[EventType]) -> list[EventType]:
    way = [EventType.ORDER_CONFIRMED, EventType.OUT_FOR_DELIVERY]
    if state is EventType.RETURN_INITIATED:
        before = EventType.DELIVERED if EventType.DELIVERED in seen else EventType.DELIVERY_FAILED
        return [*way, *([before] if before in seen else []), state]
    if state is EventType.DELIVERY_FAILED:
        return [*way, state, EventType.DELIVERED]
    return [*way, EventType.DELIVERED]


def _step(kind: EventType, state: EventType, happened: Sequence[Happened]) -> ParcelStep:
    times = [one.at for one in happened if one.type is kind]
    tone = NOT_YET
    if kind is state:
        tone = _CURRENT[kind]
    elif times:
        tone = BAD if kind is EventType.DELIVERY_FAILED else GOOD
    return ParcelStep(kind, tone, times[-1] if times else None, len(times), kind is state)
