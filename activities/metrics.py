"""What the worker counts for Prometheus: attempts, texts, and how long an event took to arrive.

Labels are few and have few values: never a partner, an endpoint or an order.
"""

import re
from collections.abc import Iterable
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from contracts.delivery.names import FailureType
from contracts.delivery.states import Channel, DeadLetterReason, DeliveryState
from contracts.sms.answers import SmsFate
from store.retries.attempt_reports import INTERRUPTED, RETRY, AttemptReport

DELIVERED, OTHER = "delivered", "other"
RESULTS = (
    DELIVERED,
    "http_3xx",
    "http_4xx",
    "http_5xx",
    "timeout",
    "connection",
    "dns",
    "resolver",
    "tls",
    "protocol",
    "forbidden_address",
    "invalid_url",
    "internal_error",
    "twilio",
    INTERRUPTED,
    OTHER,
)
"""How an attempt may have ended; `twilio`: Twilio said no."""

OUTCOMES = (
    *(DeliveryState.DELIVERED, DeliveryState.HELD, DeliveryState.SKIPPED),
    *DeadLetterReason,
    RETRY,
    INTERRUPTED,
)
"""What an attempt leads to, as a rule."""

OWN_FAULTS = (FailureType.OUR_FAULT, FailureType.STORE_UNAVAILABLE, FailureType.OUR_NETWORK)
"""What may stop an activity that is no fault of a partner's or Twilio's."""

_SECONDS_OF_AN_ATTEMPT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
_SECONDS_TO_ARRIVE = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90, 180, 600, 1800, 3600)
_STATUS = re.compile(r"http_([0-9])[0-9]{2}")


class MirrorGauges:
    """How far the mirror of dead letters is behind."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._waiting = Gauge(
            "doorstep_dead_letter_mirror_waiting",
            "Moves of dead letters that Redis does not have yet.",
            registry=registry,
        )
        self._oldest_age = Gauge(
            "doorstep_dead_letter_mirror_oldest_age_seconds",
            "How long the oldest of them waits.",
            registry=registry,
        )

    def tell(self, changes: int, oldest_age_s: float) -> None:
        """Show how many moves wait, and for how long the oldest does."""
        self._waiting.set(changes)
        self._oldest_age.set(oldest_age_s)


class Meters:
    """The worker's meters, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._attempts = Counter(
            "doorstep_attempts",
            "Attempts of deliveries, by how they ended.",
            ("channel", "result"),
            registry=self.registry,
        )
        self._durations = Histogram(
            "doorstep_attempt_duration_seconds",
            "How long an attempt waited for the other side.",
            ("channel",),
            buckets=_SECONDS_OF_AN_ATTEMPT,
            registry=self.registry,
        )
        self._propagation = Histogram(
            "doorstep_propagation_seconds",
            "From the acceptance of an event to its delivery.",
            ("channel",),
            buckets=_SECONDS_TO_ARRIVE,
            registry=self.registry,
        )
        self._led_to = Counter(
            "doorstep_attempt_outcomes",
            "What attempts led to: a state of the delivery, a dead letter's reason, or a retry.",
            ("channel", "outcome"),
            registry=self.registry,
        )
        self._texts = Counter(
            "doorstep_texts",
            "Texts handed to Twilio, by what its answer means.",
            ("fate",),
            registry=self.registry,
        )
        self._own_faults = Counter(
            "doorstep_own_faults",
            "What stopped an activity and was no fault of a partner's.",
            ("activity", "kind"),
            registry=self.registry,
        )
        self._network_down = Gauge(
            "doorstep_network_down",
            "1 from when nobody could be reached from here until somebody was.",
            registry=self.registry,
        )
        self.mirror = MirrorGauges(self.registry)
        self._begin_at_zero()

    def attempted(self, report: AttemptReport) -> None:
        """Count an attempt that has ended."""
        channel = str(report.channel)
        self._attempts.labels(channel, result_of(report.code)).inc()
        self._led_to.labels(channel, report.result).inc()
        if report.duration_ms is not None:
            self._durations.labels(channel).observe(report.duration_ms / 1000)
        if report.propagation_s is not None:
            self._propagation.labels(channel).observe(report.propagation_s)

    def watch_own_faults(self, activity_types: Iterable[str]) -> None:
        """Begin at zero for each of these activities."""
        for activity_type, kind in product(activity_types, OWN_FAULTS):
            self._own_faults.labels(activity_type, kind)

    def own_fault(self, activity_type: str, kind: str) -> None:
        """Count what stopped an activity that was our own fault."""
        self._own_faults.labels(activity_type, kind).inc()

    def network_down(self, down: bool) -> None:
        """Show whether our own network is taken to be down."""
        self._network_down.set(down)

    def texted(self, fate: SmsFate) -> None:
        """Count what became of a text that was handed to Twilio."""
        self._texts.labels(fate.value).inc()

    def _begin_at_zero(self) -> None:
        """An alert sees the first of a kind only where there was a zero before it."""
        for channel in Channel:
            self._durations.labels(channel)
            self._propagation.labels(channel)
            for result in RESULTS:
                self._attempts.labels(channel, result)
            for outcome in OUTCOMES:
                self._led_to.labels(channel, outcome)
        for fate in SmsFate:
            self._texts.labels(fate)


def result_of(code: str) -> str:
    """How an attempt ended, by its code: one of RESULTS."""
    status = _STATUS.fullmatch(code)
    if code == "twilio_accepted" or (status and status[1] == "2"):
        return DELIVERED
    name = f"http_{status[1]}xx" if status else "twilio" if code.startswith("twilio_") else code
    return name if name in RESULTS else OTHER
