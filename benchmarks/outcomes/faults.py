"""The faults of twelve weeks: intervals of the simulated clock, drawn from the seed."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.outcomes.assumptions import DAYS, OPERATOR_AFTER_S, TIME_FACTOR
from benchmarks.outcomes.partners import ENDPOINTS, LEAVING, PARTNER_OF, SECURE
from sandbox.steps import Answer, Hang, Reset, Step

_MINUTE, _HOUR = 60.0, 3600.0
SPAN_S = DAYS * 24 * _HOUR
_SCHEDULE_S = 12 * _MINUTE
"""The retry schedule, with its jitter."""
_TIME_OUT_S = 20.0
TWILIO = "twilio"


class Kind(StrEnum):
    """What may be wrong with an endpoint, or with Twilio."""

    BLIP = "outage of minutes"
    OUTAGE = "outage up to an hour"
    LONG_OUTAGE = "outage of hours"
    SLOW = "slow answers"
    FLAPPING = "flapping"
    RATE_LIMIT = "rate limit"
    GONE = "410 by mistake"
    GONE_FOR_GOOD = "410 for good"
    CERTIFICATE = "certificate run out"
    TWILIO_OUTAGE = "Twilio outage"


_DOWN = frozenset({Kind.BLIP, Kind.OUTAGE, Kind.LONG_OUTAGE})
_GONE = frozenset({Kind.GONE, Kind.GONE_FOR_GOOD})


@dataclass(frozen=True)
class Frequency:
    """How often a fault comes in twelve weeks: `each`, to every endpoint on average, or `in_all`,
    to endpoints drawn from those it can come to; how long it lasts; and why that is assumed."""

    kind: Kind
    shortest_s: float
    longest_s: float
    why: str
    each: float = 0.0
    in_all: int = 0
    only: str | None = None


FREQUENCIES = (
    Frequency(
        Kind.BLIP, _MINUTE, 5 * _MINUTE, "a shop is deployed or restarted once a week", each=12
    ),
    Frequency(
        Kind.OUTAGE, 10 * _MINUTE, _HOUR, "something breaks and is mended within the hour", each=1.5
    ),
    Frequency(
        Kind.LONG_OUTAGE,
        _HOUR,
        4 * _HOUR,
        "one endpoint in three has a bad night; with the two above an endpoint is there for 99.9 "
        "of 100 hours, which is what hosting contracts promise",
        each=1 / 3,
    ),
    Frequency(Kind.SLOW, _HOUR, 3 * _HOUR, "a sale, a slow query: 3 to 15 s an answer", each=3),
    Frequency(
        Kind.FLAPPING, _HOUR, 4 * _HOUR, "one of several servers is ill: 4 of 10 fail", each=1
    ),
    Frequency(
        Kind.RATE_LIMIT, _HOUR, 2 * _HOUR, "a plan's limit in a sale: every second is a 429", each=1
    ),
    Frequency(
        Kind.GONE, 2 * _HOUR, 8 * _HOUR, "a plugin is removed and put back the same day", in_all=2
    ),
    Frequency(
        Kind.GONE_FOR_GOOD,
        12 * _HOUR,
        24 * _HOUR,
        "an old system is switched off; somebody removes its endpoint the next day",
        in_all=1,
        only=LEAVING,
    ),
    Frequency(
        Kind.CERTIFICATE,
        3 * _HOUR,
        8 * _HOUR,
        "a renewal fails at night and is made by hand",
        in_all=1,
        only=SECURE,
    ),
    Frequency(
        Kind.TWILIO_OUTAGE,
        _HOUR,
        3 * _HOUR,
        "the status pages of providers show about one in a quarter",
        in_all=1,
        only=TWILIO,
    ),
)
NOISE = 0.002
"""Of all requests, whatever the hour: a 500 or a reset connection."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of one endpoint, from one moment of the simulated clock to another."""

    begins_s: float
    ends_s: float
    endpoint: str
    kind: Kind


class Calendar:
    """All faults of a seed, and what an endpoint answers at a moment."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        self._of: dict[str, list[Fault]] = defaultdict(list)
        for fault in self.faults:
            self._of[fault.endpoint].append(fault)

    def at(self, endpoint: str, moment_s: float) -> list[Kind]:
        """What is wrong with an endpoint at a moment."""
        return [one.kind for one in self._of[endpoint] if one.begins_s <= moment_s < one.ends_s]

    def is_down(self, endpoint: str, moment_s: float) -> bool:
        """Whether it takes nothing at all."""
        return bool(_DOWN.intersection(self.at(endpoint, moment_s)))

    def repaired_s(self, endpoint: str, accepted_s: float) -> float:
        """When somebody sends again what had been accepted then and could not be delivered: after
        the faults that it may have met, and when no other one is there."""
        met = self._ends(endpoint, accepted_s, accepted_s + _SCHEDULE_S)
        moment_s = max(met, default=accepted_s + _SCHEDULE_S) + OPERATOR_AFTER_S
        while meets := self._ends(endpoint, moment_s, moment_s):
            moment_s = max(meets) + OPERATOR_AFTER_S
        return moment_s

    def _ends(self, endpoint: str, first_s: float, last_s: float) -> list[float]:
        """When the faults end that are there at some moment of a span."""
        faults = self._of[endpoint]
        return [one.ends_s for one in faults if one.begins_s <= last_s and one.ends_s >= first_s]

    def step(self, endpoint: str, moment_s: float, dice: random.Random) -> Step:
        """What an endpoint does with a request at a moment. Certificates are not its doing."""
        wrong = set(self.at(endpoint, moment_s))
        if wrong & _GONE:
            return Answer(410)
        if wrong & _DOWN or (Kind.FLAPPING in wrong and dice.random() < 0.4):
            return dice.choice(_FAILURES)
        if Kind.RATE_LIMIT in wrong and dice.random() < 0.5:
            return Answer(429, headers={"retry-after": "1"})
        if dice.random() < NOISE:
            return dice.choice((Answer(500), Reset()))
        return Hang(for_s=dice.uniform(3, 15) / TIME_FACTOR) if Kind.SLOW in wrong else Answer(200)


_FAILURES: Sequence[Step] = (
    Answer(502),
    Answer(503),
    Reset(),
    Hang(for_s=_TIME_OUT_S / TIME_FACTOR, then=Answer(504)),
)
"""How an endpoint that is down answers. The product's limit of 20 s is not compressed: a request
that would reach it is ended by the merchant when it would."""


def draw_faults(seed: int) -> Calendar:
    """The faults of a seed."""
    return Calendar([fault for one in FREQUENCIES for fault in _draw(seed, one)])


def _draw(seed: int, often: Frequency) -> Iterator[Fault]:
    dice = random.Random(f"{seed}/faults/{often.kind}")
    if often.in_all:
        for _ in range(often.in_all):
            named = often.only or dice.choice(_may_be_gone())
            yield _fault(dice, often, named, dice.uniform(0.05, 0.9) * SPAN_S)
        return
    for endpoint in ENDPOINTS:
        moment_s = dice.expovariate(often.each / SPAN_S)
        while moment_s < SPAN_S:
            yield _fault(dice, often, endpoint.name, moment_s)
            moment_s += dice.expovariate(often.each / SPAN_S)


def _fault(dice: random.Random, often: Frequency, endpoint: str, begins_s: float) -> Fault:
    lasts_s = dice.uniform(often.shortest_s, often.longest_s)
    return Fault(begins_s, begins_s + lasts_s, endpoint, often.kind)


def _may_be_gone() -> list[str]:
    """Shops with plugins: no enterprise, and not the one whose certificate runs out."""
    shops = (one.name for one in ENDPOINTS if PARTNER_OF[one.name].startswith("merchant"))
    return [name for name in shops if name != SECURE]
