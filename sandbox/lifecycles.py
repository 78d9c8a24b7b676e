"""Order lifecycles from a seed: realistic, repeatable, merged over orders by time.

An order is confirmed, goes out with a rider and a one-time code and is delivered; or it fails,
and goes out again with another rider and another code, or goes back where it came from.
"""

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Literal

from sandbox.parcel_events import events_of
from sandbox.parcels import (
    DeliveryAttempt,
    EventClock,
    Parcel,
    SendingRate,
    Source,
    TimedEvent,
    make_course,
    make_otp,
)
from sandbox.people import Rider, make_address, make_person, make_rider
from sandbox.places import CITIES, City

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_RIDERS_PER_CITY = 12
_SHOPS = ("Chai & Co", "Sakhi Sarees", "GreenLeaf Organics", "Kirana Express", "Volt Gadgets")
_PACES: dict[str, tuple[tuple[float, float], SendingRate]] = {
    "hyperlocal": (
        (10 * _MINUTE, 40 * _MINUTE),
        SendingRate(
            (12 * _MINUTE, 50 * _MINUTE), (2 * _HOUR, 4 * _HOUR), (20 * _MINUTE, 2 * _HOUR)
        ),
    ),
    "intercity": (
        (_DAY, 3 * _DAY),
        SendingRate((_HOUR, 6 * _HOUR), (18 * _HOUR, 26 * _HOUR), (2 * _HOUR, _DAY)),
    ),
}
"""From confirmation until the parcel goes out, and what follows."""


def lifecycles(
    seed: int,
    partner_ids: Sequence[str],
    orders: int | None = None,
    *,
    start: datetime | None = None,
    speed: float = 1.0,
    every_s: float = 30.0,
    intercity_share: float = 0.3,
    first_attempt_share: float = 0.82,
) -> Iterator[TimedEvent]:
    """The events of `orders` orders (None: endless), by offset, those of one order in order.

    A new order comes every `every_s` seconds on average. `speed` divides all waiting, in offsets
    and in the events' own times alike, so that events are "now" when they are played at speed 1.
    """
    if not partner_ids:
        raise ValueError("name at least one partner")
    clock = EventClock(start or datetime.now(UTC), speed)
    maker = _Maker(seed, partner_ids, clock, intercity_share, first_attempt_share)
    arrivals, begins_s = random.Random(f"{seed}/arrivals"), 0.0
    waiting: list[tuple[float, int, int, TimedEvent]] = []
    for number in count(1):
        if orders is not None and number > orders:
            break
        while waiting and waiting[0][0] <= clock.wait(begins_s):
            yield heapq.heappop(waiting)[-1]
        for place, timed in enumerate(maker.order(number, begins_s)):
            heapq.heappush(waiting, (timed.offset_s, number, place, timed))
        begins_s += arrivals.expovariate(1 / every_s) if every_s else 0.0
    while waiting:
        yield heapq.heappop(waiting)[-1]


class _Maker:
    """Makes one order after the other from the seed."""

    def __init__(
        self,
        seed: int,
        partner_ids: Sequence[str],
        clock: EventClock,
        intercity_share: float,
        first_attempt_share: float,
    ) -> None:
        self._seed, self._partner_ids, self._clock = seed, tuple(partner_ids), clock
        self._intercity_share, self._first_attempt_share = intercity_share, first_attempt_share
        self._riders = {city.name: _riders(seed, city) for city in CITIES}

    def order(self, number: int, begins_s: float) -> list[TimedEvent]:
        """All events of one order that is confirmed at an offset."""
        dice = random.Random(f"{self._seed}/order/{number}")
        city = dice.choice(CITIES)
        intercity = dice.random() < self._intercity_share
        parcel = self._parcel(dice, number, city, begins_s, intercity=intercity)
        until_out, pace = _PACES[parcel.service_type]
        riders = dice.sample(self._riders[city.name], 2)
        out_s = begins_s + dice.uniform(*until_out)
        first = DeliveryAttempt(out_s, out_s + dice.uniform(*pace.drive), riders[0], make_otp(dice))
        course = make_course(
            dice,
            confirmed_s=begins_s,
            first=first,
            next_rider=lambda: riders[1],
            pace=pace,
            first_attempt_share=self._first_attempt_share,
        )
        return events_of(replace(parcel, promised_s=first.end_s + _HOUR), course, self._clock)

    def _parcel(
        self, dice: random.Random, number: int, city: City, begins_s: float, *, intercity: bool
    ) -> Parcel:
        origin = dice.choice([c for c in CITIES if c is not city]) if intercity else city
        shop = dice.choice(_SHOPS)
        source = make_source(dice)
        address = make_address(dice, city) | {
            "latitude": round(city.latitude + dice.uniform(-0.06, 0.06), 6),
            "longitude": round(city.longitude + dice.uniform(-0.06, 0.06), 6),
        }
        return Parcel(
            order_id=f"ORD-{self._seed}-{number:06d}",
            event_prefix=f"evt_{self._seed}_{number:06d}",
            partner_id=dice.choice(self._partner_ids),
            customer=make_person(dice, city),
            address=address,
            pickup={"id": f"{origin.code}-{shop[:3].upper()}", "name": shop, "city": origin.name},
            return_to={"name": shop, "city": origin.name, "pincode": origin.localities[0][1]},
            source=source,
            partner_order_ref=make_partner_ref(dice, source, number),
            service_type="intercity" if intercity else "hyperlocal",
            payment_mode=make_payment_mode(dice),
            amount=make_amount(dice),
            package_count=dice.choice((1, 1, 1, 2, 3)),
            weight_grams=dice.randrange(100, 6000, 50),
            awb_number=f"DS{self._seed % 1000:03d}{number:09d}",
            ordered_s=begins_s - dice.uniform(5, 90),
            promised_s=begins_s,
        )


def make_source(dice: random.Random) -> Source:
    """Where an order came from."""
    sources: list[Source] = ["shopify", "ondc", "api", "manual"]
    return dice.choices(sources, weights=[45, 30, 20, 5])[0]


def make_payment_mode(dice: random.Random) -> Literal["prepaid", "cod"]:
    """Cash on delivery for two orders in five."""
    return "cod" if dice.random() < 0.4 else "prepaid"


def make_amount(dice: random.Random) -> str:
    """An amount of rupees as a decimal string; most end with 9."""
    return f"{dice.randrange(9, 500) * 10 + 9}.{dice.choice(('00', '00', '50'))}"


def make_partner_ref(dice: random.Random, source: Source, number: int) -> str | None:
    """The order's number in the partner's own system."""
    match source:
        case "shopify":
            return f"#{1000 + number}"
        case "ondc":
            return f"ondc-{dice.getrandbits(48):012x}"
        case "api":
            return f"PO/{number:05d}"
        case "manual":
            return None


def _riders(seed: int, city: City) -> list[Rider]:
    dice = random.Random(f"{seed}/riders/{city.name}")
    ids = (f"RDR-{city.code}-{number:03d}" for number in range(1, _RIDERS_PER_CITY + 1))
    return [make_rider(dice, city, rider_id) for rider_id in ids]
