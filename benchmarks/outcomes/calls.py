"""A model of customers who call to ask where their order is.

For each step of an order that its customer waits for, somebody calls with the chance

    told + (not - told) x min(t, patience) / patience

`t` is the time from the step to when the merchant knew of it, or the customer had a text; a step
that nobody was told of counts as the whole patience. The constants are in `assumptions.py`. Both
worlds throw the same dice, so that they differ by nothing but when somebody was told.
"""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date

from benchmarks.outcomes.assumptions import (
    CALLS_WHEN_NOT,
    CALLS_WHEN_TOLD,
    INDIA,
    PATIENCE_S,
    moment_of,
)
from benchmarks.outcomes.orders import PlayedEvent
from benchmarks.outcomes.polling import Sighting

_WAITED_FOR = {"out_for_delivery", "delivered", "delivery_failed"}

Calls = Counter[tuple[str, date]]
"""How many there were of a partner on a day."""


def chance(after_s: float | None) -> float:
    """The chance of a call about a step that somebody was told of so late; None: never."""
    waited = PATIENCE_S if after_s is None else min(max(after_s, 0.0), PATIENCE_S)
    return CALLS_WHEN_TOLD + (CALLS_WHEN_NOT - CALLS_WHEN_TOLD) * waited / PATIENCE_S


def calls_of(told: Iterable[Sighting], seed: int) -> Calls:
    """The calls, on the days of their steps."""
    calls: Calls = Counter()
    for one in told:
        event = one.event
        dice = random.Random(f"{seed}/calls/{event.event_id}")
        if event.kind in _WAITED_FOR and dice.random() < chance(one.after_s):
            calls[event.partner_id, day_of(event)] += 1
    return calls


def day_of(event: PlayedEvent) -> date:
    """The day of an event, where it happened."""
    return moment_of(event.offset_s).astimezone(INDIA).date()
