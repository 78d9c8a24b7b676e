"""Twice as much as can be carried, for minutes: what is carried meanwhile, in which order, and what
becomes of the rest.

First the highest sustained rate of the same run is found by the closed pipeline; then events are
posted at a multiple of it, whatever became of those before. Three shops: one of a higher tier, and
two of the same lower one, of which one posts five times as much as the other.
"""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from benchmarks.events import EventMaker
from benchmarks.figures import Spread, median, spread, steady_rate
from benchmarks.layout import MERCHANT, Setup
from benchmarks.open_loop import at_their_times, evenly
from benchmarks.pipeline import keep_under_way
from benchmarks.propagation import accepted_moments
from benchmarks.rig import Rig
from benchmarks.totals import Count, count
from benchmarks.waiting import until
from sandbox.partners import Endpoint, Partner
from store.tables import DeliveryRow

_LATE_S = 1.0
_DRAIN_LIMIT = 4.0
"""As a multiple of the time in which too much was offered."""

FIRST, SMALL, LARGE = "first-shop", "small-shop", "large-shop"
TIERS = {FIRST: "enterprise", SMALL: "smb", LARGE: "smb"}
_MIX = (LARGE, FIRST, LARGE, LARGE, LARGE, SMALL, LARGE)
"""Who posts, again and again: of the lower tier five of six events are the large shop's."""


@dataclass(frozen=True)
class OverloadPlan:
    """For how long, and how much too much. `in_flight` events are under way in the closed pipeline
    that finds the sustained rate, `rounds` times."""

    seconds: float = 300.0
    times: float = 2.0
    in_flight: int = 30
    rounds: int = 3
    round_seconds: float = 10.0
    warm_up_seconds: float = 5.0

    @classmethod
    def quick(cls) -> "OverloadPlan":
        """Enough to see that everything works; too short for figures to quote."""
        return cls(seconds=10.0, rounds=1, round_seconds=8.0, warm_up_seconds=2.0)

    @property
    def setup(self) -> Setup:
        """Each shop has one endpoint that is well, and no texts."""
        ends = {name: Endpoint(name) for name in TIERS}
        partners = [
            Partner(name, tier, [ends[name]], webhook_enabled=True, sms_enabled=False)
            for name, tier in TIERS.items()
        ]
        return Setup(partners, {MERCHANT: list(ends.values())})


@dataclass(frozen=True)
class Overload:
    """Rates are events a second that reached the merchants. `waits` are milliseconds from the
    acceptance to the first byte, by shop; `overtaken` are arrivals of the lower tier while an event
    of the higher one had waited for a second."""

    plan: OverloadPlan
    sustained: float
    offered: float
    meanwhile: float
    backlog: int
    afterwards: float
    waits: Mapping[str, Spread]
    overtaken: int
    repeats: int
    run_twice: int
    count: Count

    @property
    def ratio_meanwhile(self) -> float:
        """Of the rate under overload to the sustained one."""
        return self.meanwhile / self.sustained

    @property
    def ratio_afterwards(self) -> float:
        """Of the rate while the backlog drains to the sustained one."""
        return self.afterwards / self.sustained


async def measure(rig: Rig, plan: OverloadPlan) -> Overload:
    """Find the sustained rate, offer too much, wait until everything has arrived."""
    maker = Shops("even")
    await _keep_busy(rig, maker, plan.in_flight, plan.warm_up_seconds)
    rounds = [
        await _keep_busy(rig, maker, plan.in_flight, plan.round_seconds) for _ in range(plan.rounds)
    ]
    sustained = median([steady_rate(ended, plan.round_seconds) for ended in rounds])
    begun, posted = await _offer(rig, sustained * plan.times, plan.seconds)
    ended = begun + plan.seconds
    await until(
        lambda: _all_arrived(rig, posted), plan.seconds * _DRAIN_LIMIT + plan.warm_up_seconds
    )
    arrived = rig.journal.first_byte_at
    moments = [arrived[one] - begun for one in posted]
    late = [one for one in moments if one > plan.seconds]
    await rig.quiet(plan.seconds * _DRAIN_LIMIT, every_s=0.5)
    accepted = await accepted_moments(rig, list(posted))
    return Overload(
        plan=plan,
        sustained=sustained,
        offered=sustained * plan.times,
        meanwhile=steady_rate(moments, plan.seconds),
        backlog=len(late),
        afterwards=len(late) / max(max(arrived[one] for one in posted) - ended, 0.001),
        waits={shop: spread(_waits(shop, posted, accepted, arrived)) for shop in TIERS},
        overtaken=overtaken(posted, accepted, arrived),
        repeats=rig.journal.repeats,
        run_twice=await rig.database.read(_more_than_one_attempt),
        count=await count(rig),
    )


class Shops:
    """Makes events of the shops in turn; gives whose each is."""

    def __init__(self, prefix: str) -> None:
        self._makers = {shop: EventMaker(f"{prefix}-{shop}", shop) for shop in TIERS}
        self._turns: Iterator[str] = itertools.cycle(_MIX)

    def make(self) -> tuple[str, str, bytes]:
        """The next shop, its event's id and its JSON."""
        shop = next(self._turns)
        return shop, *self._makers[shop].make()


def overtaken(
    shops: Mapping[str, str], accepted: Mapping[str, float], arrived: Mapping[str, float]
) -> int:
    """Arrivals of the lower tier while an event of the higher one had waited for a second."""
    first = sorted(
        (accepted[one] + _LATE_S, arrived[one]) for one in shops if _is_first(shops, one)
    )
    others = sorted(arrived[one] for one in shops if not _is_first(shops, one))
    return sum(any(since < moment < until_ for since, until_ in first) for moment in others)


def _is_first(shops: Mapping[str, str], event_id: str) -> bool:
    return shops[event_id] == FIRST


def _waits(
    shop: str,
    shops: Mapping[str, str],
    accepted: Mapping[str, float],
    arrived: Mapping[str, float],
) -> Sequence[float]:
    return [(arrived[one] - accepted[one]) * 1000 for one in shops if shops[one] == shop]


async def _keep_busy(rig: Rig, maker: Shops, in_flight: int, seconds: float) -> list[float]:
    """Run the closed pipeline; gives when each event was complete."""

    async def deliver_one() -> None:
        _, event_id, body = maker.make()
        await rig.poster.post(body)
        await rig.journal.arrival(event_id)
        await rig.closed(event_id)

    ended = await keep_under_way(deliver_one, in_flight=in_flight, seconds=seconds)
    await rig.quiet()
    return ended


async def _offer(rig: Rig, rate: float, seconds: float) -> tuple[float, dict[str, str]]:
    """Post at this rate for so long; gives when it began, in seconds since 1970, and the shop of
    each event."""
    maker, posted = Shops("over"), dict[str, str]()

    async def post(_number: int) -> None:
        shop, event_id, body = maker.make()
        posted[event_id] = shop
        await rig.poster.post(body)

    began_at = time.time()
    await at_their_times(evenly(rate, seconds), post)
    return began_at, posted


async def _all_arrived(rig: Rig, posted: Mapping[str, str]) -> bool:
    rig.check()
    return posted.keys() <= rig.journal.first_byte_at.keys()


def _more_than_one_attempt(session: Session) -> int:
    query = select(func.count()).select_from(DeliveryRow).where(col(DeliveryRow.attempts) > 1)
    return session.exec(query).one()
