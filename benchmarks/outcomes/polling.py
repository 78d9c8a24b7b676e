"""The world before: each merchant asks once an hour, and sees what an order's state then is."""

import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.outcomes.assumptions import POLL_EVERY_S, POLL_FAILS
from benchmarks.outcomes.faults import SPAN_S, Calendar
from benchmarks.outcomes.orders import PlayedEvent, PlayedOrder, events_of_order
from benchmarks.outcomes.partners import PARTNERS
from sandbox.partners import Partner

_AFTERWARDS_S = 2 * 86_400.0


@dataclass(frozen=True)
class Sighting:
    """When a merchant knew of an event, in seconds after it happened; None: never."""

    event: PlayedEvent
    after_s: float | None


def polls_of(partner: Partner, seed: int, calendar: Calendar) -> list[float]:
    """When a merchant's polls come through: once an hour at its own minute, but for those that fail
    and those at which it is down itself."""
    dice = random.Random(f"{seed}/polls/{partner.id}")
    first_s = dice.uniform(0, POLL_EVERY_S)
    count = int((SPAN_S + _AFTERWARDS_S) / POLL_EVERY_S)
    due = (first_s + number * POLL_EVERY_S for number in range(count))
    well = [moment_s for moment_s in due if dice.random() >= POLL_FAILS]
    endpoint = partner.endpoints[0].name if partner.endpoints else ""
    return [moment_s for moment_s in well if not calendar.is_down(endpoint, moment_s)]


def polled(orders: Sequence[PlayedOrder], seed: int, calendar: Calendar) -> list[Sighting]:
    """What merchants would have known of these orders, and when."""
    polls = {one.id: polls_of(one, seed, calendar) for one in PARTNERS}
    return [told for order in orders for told in _polled(order, polls[order.parcel.partner_id])]


def _polled(order: PlayedOrder, polls: Sequence[float]) -> Iterator[Sighting]:
    """A state is seen if a poll comes while it is the order's last one."""
    events = events_of_order(order)
    ends = [later.offset_s for _, later in pairwise(events)]
    for event, until_s in zip(events, [*ends, float("inf")], strict=True):
        place = bisect_left(polls, event.offset_s)
        seen_s = polls[place] if place < len(polls) else None
        missed = seen_s is None or seen_s >= until_s
        yield Sighting(event, None if missed or seen_s is None else seen_s - event.offset_s)
