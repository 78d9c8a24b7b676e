"""How messages stand together: the one function behind every all-clear, share, banner and standing.

Pure: from counts by state, reason and whether they are tests, to what is the worst, whether all is
well, shares with their denominators, and what was skipped, by name. Tests are none of its figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum

from contracts.delivery.states import (
    OPEN_STATES,
    DeliveryState,
    HoldReason,
    SkipReason,
)

LATE_AFTER = timedelta(minutes=30)
"""What is under way for longer is late: a whole schedule of attempts takes ten minutes or so."""

NEVER_SENT = (DeliveryState.DEAD_LETTERED, DeliveryState.DISCARDED, DeliveryState.EXPIRED)
"""What was to be sent and was not: failed, dismissed or expired."""


@dataclass(frozen=True)
class Tally:
    """So many messages in a state. `reason` is why they are on hold, or were skipped; `late`: they
    are under way for longer than a schedule takes."""

    state: DeliveryState
    count: int
    reason: HoldReason | SkipReason | None = None
    is_test: bool = False
    late: bool = False


@dataclass(frozen=True)
class Situation:
    """What stands in the way, whatever was to be sent so far. `unprocessed`: accepted events that
    are late to be planned, or could not be."""

    paused: bool = False
    nothing_is_sent: bool = False
    """Neither webhooks nor SMS are on."""
    endpoints_off: int = 0
    endpoints_failing: int = 0
    endpoints_flaky: int = 0
    unprocessed: int = 0


class Trouble(IntEnum):
    """What is the worst, the most urgent first."""

    PAUSED = 0
    NOTHING_IS_SENT = 1
    ENDPOINT_FAILING = 2
    ENDPOINT_OFF = 3
    FAILED = 4
    UNPROCESSED = 5
    SMS_STOPPED = 6
    DAILY_CAP = 7
    LATE = 8
    ENDPOINT_FLAKY = 9
    IN_LINE = 10
    """On hold, and goes out by itself in a while."""
    NONE = 11


NEEDS_A_PERSON = frozenset(
    {
        Trouble.PAUSED,
        Trouble.NOTHING_IS_SENT,
        Trouble.ENDPOINT_FAILING,
        Trouble.ENDPOINT_OFF,
        Trouble.FAILED,
        Trouble.UNPROCESSED,
        Trouble.SMS_STOPPED,
    }
)
"""What does not end by itself, or only once somebody has mended something."""

_OF_HOLD: Mapping[HoldReason, Trouble] = {
    HoldReason.PARTNER_PAUSED: Trouble.PAUSED,
    HoldReason.ENDPOINT_OFF: Trouble.ENDPOINT_OFF,
    HoldReason.ENDPOINT_FAILING: Trouble.ENDPOINT_FAILING,
    HoldReason.SMS_SUSPENDED: Trouble.SMS_STOPPED,
    HoldReason.DAILY_CAP: Trouble.DAILY_CAP,
}


@dataclass(frozen=True)
class Standing:
    """How messages stand. `on_hold` and `skipped` are by reason; None: it was not asked for."""

    sent: int = 0
    failed: int = 0
    dismissed: int = 0
    expired: int = 0
    queued: int = 0
    late: int = 0
    on_hold: Mapping[HoldReason | None, int] = field(default_factory=dict)
    skipped: Mapping[SkipReason | None, int] = field(default_factory=dict)
    situation: Situation = field(default_factory=Situation)

    @property
    def held(self) -> int:
        """How many are on hold, for whatever reason."""
        return sum(self.on_hold.values())

    @property
    def not_needed(self) -> int:
        """How many were skipped: nothing was to be sent."""
        return sum(self.skipped.values())

    @property
    def never_sent(self) -> int:
        """How many were to be sent and were not."""
        return self.failed + self.dismissed + self.expired

    @property
    def due(self) -> int:
        """What should have been sent by now: neither skipped ones, nor those just on their way."""
        return self.sent + self.never_sent + self.held + self.late

    @property
    def share_sent(self) -> float | None:
        """Which share of those due was sent, from 0 to 1; None where none is due."""
        return self.sent / self.due if self.due else None

    @property
    def all(self) -> int:
        """Every one of them, skipped ones, too."""
        return self.due + self.queued + self.not_needed

    @property
    def worst(self) -> Trouble:
        """What needs somebody most."""
        return min(self.troubles, default=Trouble.NONE)

    @property
    def all_clear(self) -> bool:
        """Whether nothing is failed, on hold, late or in the way."""
        return self.worst is Trouble.NONE

    @property
    def troubles(self) -> frozenset[Trouble]:
        """Everything that is not as it should be."""
        seen = self.situation
        found = {
            Trouble.PAUSED: seen.paused,
            Trouble.NOTHING_IS_SENT: seen.nothing_is_sent,
            Trouble.ENDPOINT_FAILING: seen.endpoints_failing,
            Trouble.ENDPOINT_OFF: seen.endpoints_off,
            Trouble.ENDPOINT_FLAKY: seen.endpoints_flaky,
            Trouble.UNPROCESSED: seen.unprocessed,
            Trouble.FAILED: self.failed,
            Trouble.LATE: self.late,
        }
        held = {_trouble_of(one) for one, count in self.on_hold.items() if count}
        return frozenset(one for one, there in found.items() if there) | held


def standing_of(tallies: Iterable[Tally], situation: Situation | None = None) -> Standing:
    """How these stand together. Of tests nothing is counted."""
    counts: Counter[DeliveryState] = Counter()
    on_hold: Counter[HoldReason | None] = Counter()
    skipped: Counter[SkipReason | None] = Counter()
    late = 0
    for one in tallies:
        if one.is_test or not one.count:
            continue
        if one.state is DeliveryState.HELD:
            on_hold[None if one.reason is None else HoldReason(one.reason)] += one.count
        elif one.state is DeliveryState.SKIPPED:
            skipped[None if one.reason is None else SkipReason(one.reason)] += one.count
        elif one.state in OPEN_STATES and one.late:
            late += one.count
        else:
            counts[one.state] += one.count
    return Standing(
        sent=counts[DeliveryState.DELIVERED],
        failed=counts[DeliveryState.DEAD_LETTERED],
        dismissed=counts[DeliveryState.DISCARDED],
        expired=counts[DeliveryState.EXPIRED],
        queued=sum(counts[one] for one in OPEN_STATES),
        late=late,
        on_hold=on_hold,
        skipped=skipped,
        situation=situation or Situation(),
    )


def _trouble_of(reason: HoldReason | None) -> Trouble:
    """What messages on hold for this reason are a sign of; most go out by themselves."""
    return Trouble.IN_LINE if reason is None else _OF_HOLD.get(reason, Trouble.IN_LINE)
