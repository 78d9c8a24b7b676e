"""Where on the simulated clock an attempt is made, while it is being made."""

from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.outcomes.assumptions import TIME_FACTOR
from benchmarks.outcomes.faults import Calendar


@dataclass
class SimulatedClock:
    """The time between events is left out, the time within one is TIME_FACTOR times faster.

    What a person sends again arrives after that person's moment: when the fault had ended, and
    somebody had seen to it. `moving.py` says the same in SQL.
    """

    calendar: Calendar
    _posted: dict[str, tuple[float, float]] = field(default_factory=dict)
    _recovered: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def post(self, event_id: str, offset_s: float, real: float) -> None:
        """An event of that moment is handed in, now."""
        self._posted[event_id] = (offset_s, real)

    def recover(self, endpoint: str, real: float) -> None:
        """Somebody sends again what an endpoint did not get, now."""
        self._recovered[endpoint].append(real)

    def attempt_s(self, endpoint: str, event_id: str, real: float) -> float:
        """The moment of an attempt that is made now."""
        offset_s, posted = self._posted[event_id]
        since = [one for one in self._recovered[endpoint] if posted < one <= real]
        if since:
            repaired_s = self.calendar.repaired_s(endpoint, offset_s)
            return repaired_s + TIME_FACTOR * (real - since[-1])
        return offset_s + TIME_FACTOR * (real - posted)
