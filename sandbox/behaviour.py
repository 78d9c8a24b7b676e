"""How a sandbox merchant behaves over time: scripts, outages and random mixes of steps.

A behaviour is a step, a list of steps (one a request, the last one for ever), an outage, a mix,
or any function from a request's head to a step.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sandbox.http_connection import Head
from sandbox.steps import Answer, Hang, Reset, Step

Policy = Callable[[Head], Step]
"""Decides what to do with a request; called once for each, in the order of arrival."""


@dataclass(frozen=True)
class DownFor:
    """An outage: `step` for the first `requests` or for `seconds`, then `healthy`.

    The seconds count from the moment the behaviour is put in force.
    """

    requests: int = 0
    seconds: float = 0.0
    step: Step = field(default_factory=lambda: Answer(503))
    healthy: Step = field(default_factory=Answer)
    clock: Callable[[], float] = time.monotonic

    def begin(self) -> Policy:
        """Start the outage now."""
        return _Outage(self)


@dataclass(frozen=True)
class Mix:
    """A random mix of steps, the same for the same seed and order of requests."""

    seed: int
    weights: Sequence[tuple[Step, float]] = (
        (Answer(200), 90),
        (Answer(500), 5),
        (Hang(), 2),
        (Reset(), 3),
    )

    def begin(self) -> Policy:
        """Start at the seed's first choice."""
        dice = random.Random(self.seed)
        steps = [step for step, _ in self.weights]
        weights = [weight for _, weight in self.weights]
        return lambda _head: dice.choices(steps, weights)[0]


Behaviour = Step | Sequence[Step] | DownFor | Mix | Policy
"""What `Merchant(behaviour=...)` takes."""


def as_policy(behaviour: Behaviour) -> Policy:
    """Put a behaviour in force, with its counters and clocks at zero."""
    if isinstance(behaviour, DownFor | Mix):
        return behaviour.begin()
    if isinstance(behaviour, Sequence):
        return _Script(behaviour)
    if isinstance(behaviour, Step):
        return _Script([behaviour])
    return behaviour


class _Script:
    """One step a request; the last one is repeated for ever."""

    def __init__(self, steps: Sequence[Step]) -> None:
        if not steps:
            raise ValueError("a behaviour needs at least one step")
        self._steps, self._taken = list(steps), 0

    def __call__(self, _head: Head) -> Step:
        step = self._steps[min(self._taken, len(self._steps) - 1)]
        self._taken += 1
        return step


class _Outage:
    """Counts requests and seconds until the merchant is healthy."""

    def __init__(self, outage: DownFor) -> None:
        self._outage, self._requests = outage, 0
        self._ends_at = outage.clock() + outage.seconds

    def __call__(self, _head: Head) -> Step:
        self._requests += 1
        by_count = self._requests <= self._outage.requests
        by_time = self._outage.clock() < self._ends_at
        return self._outage.step if by_count or by_time else self._outage.healthy
