"""The orders of twelve weeks, from the real export's rhythm: each simulated day is a day of the
export with the same weekday, order by order at its time of day."""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.outcomes.assumptions import (
    ANSWERS,
    BEGINS,
    DAYS,
    SUCCEEDS_AFTER_ANSWER,
    WANTS_RETURN,
    WRONG_PHONES,
)
from benchmarks.outcomes.partners import drawn_by_share
from contracts.instructions.rules import BY_REASON
from contracts.instructions.words import InstructionAction
from sandbox.export_mapping import load_mapping
from sandbox.export_rows import ExportRow
from sandbox.order_export import OrderMaker, usable_rows
from sandbox.parcel_events import events_of
from sandbox.parcels import Course, EventClock, Parcel
from sandbox.reasons import REASONS

_FIRST_OUTCOME = 2
"""Confirmed, out for delivery, and then the third event of every order."""
_DRIVEN_AGAIN = {"reattempt", "reschedule"}
_SPREAD_S = 900.0
"""Where a day of the export is taken more than once, its orders are so much apart at the most."""


@dataclass(frozen=True)
class PlayedOrder:
    """One order, all that becomes of it, and what its customer says after a failed delivery."""

    parcel: Parcel
    course: Course
    answer: InstructionAction | None = None
    wrong_phone: bool = False


@dataclass(frozen=True, order=True)
class PlayedEvent:
    """One event of an order, the so-manyth, by its moment on the simulated clock."""

    offset_s: float
    event_id: str
    kind: str = field(compare=False)
    number: int = field(compare=False)
    order: PlayedOrder = field(compare=False)

    @property
    def partner_id(self) -> str:
        """Whose it is."""
        return self.order.parcel.partner_id

    @property
    def order_id(self) -> str:
        """Of which order."""
        return self.order.parcel.order_id

    @property
    def is_answered(self) -> bool:
        """Whether the customer says something after it: the first failed delivery of an order."""
        is_first = self.kind == "delivery_failed" and self.number == _FIRST_OUTCOME
        return is_first and self.order.answer is not None

    def body(self, now: datetime) -> bytes:
        """The event as if it happened now: all of its times are as far from now as they are from
        its moment on the simulated clock."""
        clock = EventClock(now - timedelta(seconds=self.offset_s))
        made = events_of(self.order.parcel, self.order.course, clock)[self.number].event
        return json.dumps(made).encode()


def make_orders(export: Path, seed: int, events: int) -> list[PlayedOrder]:
    """So many orders that they have at least so many events, spread over all weeks."""
    mapping = load_mapping()
    rows = usable_rows(export, mapping, seed)
    slots = _slots(rows, seed)
    maker = OrderMaker(seed, drawn_by_share(), rows, BEGINS)
    dice = random.Random(f"{seed}/slots")
    made: list[PlayedOrder] = []
    so_far, copy = 0, 0
    while so_far < events:
        copy += 1
        for number, row in enumerate(dice.sample(slots, len(slots))):
            order = _order(maker, seed, len(made) + 1, _copy(row, f"{copy}-{number}", copy, dice))
            made.append(order)
            so_far += len(_offsets(order))
            if so_far >= events:
                break
    return made


def events_in_order(orders: Sequence[PlayedOrder]) -> list[PlayedEvent]:
    """All events by their moment on the simulated clock."""
    return sorted(one for order in orders for one in events_of_order(order))


def events_of_order(order: PlayedOrder) -> list[PlayedEvent]:
    """The events of one order."""
    return [
        PlayedEvent(offset_s, event["event_id"], event["type"], number, order)
        for number, (offset_s, event) in enumerate(_offsets(order))
    ]


def _offsets(order: PlayedOrder) -> list[tuple[float, dict[str, Any]]]:
    made = events_of(order.parcel, order.course, EventClock(BEGINS))
    return [(timed.offset_s, timed.event) for timed in made]


def _slots(rows: Sequence[ExportRow], seed: int) -> list[ExportRow]:
    """The rows of the export, moved to the days of the play."""
    by_day: dict[datetime, list[ExportRow]] = defaultdict(list)
    for row in rows:
        by_day[row.ordered_at.replace(hour=0, minute=0, second=0)].append(row)
    dice = random.Random(f"{seed}/days")
    slots = []
    for number in range(DAYS):
        day = BEGINS + timedelta(days=number)
        alike = [one for one in sorted(by_day) if one.weekday() == day.weekday()]
        taken = dice.choice(alike)
        slots += [_moved(row, day - taken) for row in by_day[taken]]
    return slots


def _moved(row: ExportRow, by: timedelta) -> ExportRow:
    return replace(row, ordered_at=row.ordered_at + by, picked_up_at=row.picked_up_at + by)


def _copy(row: ExportRow, name: str, copy: int, dice: random.Random) -> ExportRow:
    """An order of its own; the first copy is at the export's very time."""
    later = timedelta(seconds=round(dice.uniform(0, _SPREAD_S)) if copy > 1 else 0)
    return replace(_moved(row, later), order_id=f"{row.order_id}-{name}")


def _order(maker: OrderMaker, seed: int, number: int, row: ExportRow) -> PlayedOrder:
    parcel, course = maker.parcel(number, row), maker.course(row)
    dice = random.Random(f"{seed}/customer/{row.order_id}")
    wrong_phone, answer = dice.random() < WRONG_PHONES, _answer(dice, course)
    return PlayedOrder(parcel, _after(dice, course, answer), answer, wrong_phone)


def _answer(dice: random.Random, course: Course) -> InstructionAction | None:
    """What the customer says after the first attempt, where it failed and may be made again."""
    reason = course.attempts[0].reason
    if reason is None or REASONS[reason].next_action not in _DRIVEN_AGAIN:
        return None
    if InstructionAction.REATTEMPT not in BY_REASON[reason] or dice.random() >= ANSWERS:
        return None
    return_ = dice.random() < WANTS_RETURN
    return InstructionAction.RETURN if return_ else InstructionAction.REATTEMPT


def _after(dice: random.Random, course: Course, answer: InstructionAction | None) -> Course:
    """What becomes of a parcel whose customer has said so."""
    if answer is None:
        return course
    first, second = course.attempts
    if answer is InstructionAction.RETURN:
        return Course(course.confirmed_s, (first,), second.out_s)
    if dice.random() < SUCCEEDS_AFTER_ANSWER:
        return Course(course.confirmed_s, (first, replace(second, reason=None)))
    refused = replace(second, reason="customer_refused")
    return Course(course.confirmed_s, (first, refused), second.end_s + 2 * 3600)
