"""The events that the demo posts: invented lifecycles, or an export of real orders.

Either is compressed so that it takes a minute or so; its bursts and lulls stay in proportion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commands.errors import CommandFailed
from sandbox.export_mapping import LAST_MILE_ORDERS_INDIA
from sandbox.lifecycles import lifecycles
from sandbox.order_export import replay
from sandbox.parcels import TimedEvent

_ORDERS = 40
_BETWEEN_ORDERS_S = 15 * 60.0
_EVENTS_PER_SECOND = 8.0


@dataclass(frozen=True)
class Timeline:
    """Events to play. `report` says where they come from, `speed` how much they are hurried."""

    events: Sequence[TimedEvent]
    speed: float
    report: Sequence[str]

    @property
    def lasts_s(self) -> float:
        """From the first event to the last."""
        return self.events[-1].offset_s - self.events[0].offset_s if self.events else 0.0


@dataclass(frozen=True)
class OrdersRequest:
    """Which orders to play. Without an export they are invented."""

    export: Path | None
    limit: int | None
    seed: int


def prepare(request: OrdersRequest, partner_ids: Sequence[str], least_s: float) -> Timeline:
    """Make the events, hurried so that they take `least_s` seconds or more if they are many.

    They are made twice: at their own speed to see how long they take, then to be played now.
    """
    make = _replayed if request.export else _invented
    slow = make(request, partner_ids, 1.0)
    if not slow.events:
        raise CommandFailed("there is no order to play")
    lasts_s = max(least_s, len(slow.events) / _EVENTS_PER_SECOND)
    return make(request, partner_ids, max(1.0, slow.lasts_s / lasts_s))


def _invented(request: OrdersRequest, partner_ids: Sequence[str], speed: float) -> Timeline:
    orders = request.limit or _ORDERS
    events = lifecycles(
        request.seed,
        partner_ids,
        orders,
        speed=speed,
        every_s=_BETWEEN_ORDERS_S,
        intercity_share=0.0,  # parcels that travel for days would stretch the story
    )
    return Timeline(
        list(events), speed, [f"{orders} orders, all invented from seed {request.seed}"]
    )


def _replayed(request: OrdersRequest, partner_ids: Sequence[str], speed: float) -> Timeline:
    export = request.export or Path()
    try:
        events, report = replay(
            export, LAST_MILE_ORDERS_INDIA, request.seed, partner_ids, request.limit, speed=speed
        )
    except (OSError, ValueError) as error:
        raise CommandFailed(f"{export}: cannot be replayed ({error})") from None
    return Timeline(events, speed, [*report.lines(), f"made up from seed {request.seed}"])
