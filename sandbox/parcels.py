"""What the sandbox knows of an order before any event of it is written down."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sandbox.people import Person, Rider
from sandbox.reasons import REASONS, pick_reason

Source = Literal["shopify", "ondc", "api", "manual"]


@dataclass(frozen=True)
class Parcel:
    """One order: what does not change on its way. Offsets are seconds since the start."""

    order_id: str
    event_prefix: str
    """Event ids are this, an underscore and the event's number."""
    partner_id: str
    customer: Person
    address: dict[str, object]
    pickup: dict[str, object]
    return_to: dict[str, object]
    source: Source
    partner_order_ref: str | None
    service_type: Literal["hyperlocal", "intercity"]
    payment_mode: Literal["prepaid", "cod"]
    amount: str
    package_count: int
    weight_grams: int
    awb_number: str
    ordered_s: float
    promised_s: float


@dataclass(frozen=True)
class DeliveryAttempt:
    """One attempt at the door. No reason: it is delivered."""

    out_s: float
    end_s: float
    rider: Rider
    otp: str
    reason: str | None = None


@dataclass(frozen=True)
class Course:
    """What becomes of a parcel: confirmed, tried once or twice, and returned if that failed."""

    confirmed_s: float
    attempts: tuple[DeliveryAttempt, ...]
    return_s: float | None = None


@dataclass(frozen=True)
class EventClock:
    """Places offsets on the calendar: `speed` 60 makes an hour a minute."""

    start: datetime = field(default_factory=lambda: datetime.now(UTC))
    speed: float = 1.0

    def wait(self, offset_s: float) -> float:
        """Seconds from the start until an offset has come."""
        return offset_s / self.speed

    def at(self, offset_s: float) -> datetime:
        """The moment of an offset."""
        return self.start + timedelta(seconds=self.wait(offset_s))


@dataclass(frozen=True)
class TimedEvent:
    """An event, JSON-ready for `POST /v1/events`, and when to post it."""

    offset_s: float
    """Seconds since the start."""
    event: dict[str, Any]


@dataclass(frozen=True)
class SendingRate:
    """How long the stages take, in seconds: from and to."""

    drive: tuple[float, float]
    between_attempts: tuple[float, float]
    until_return: tuple[float, float]


def make_course(
    dice: random.Random,
    *,
    confirmed_s: float,
    first: DeliveryAttempt,
    next_rider: Callable[[], Rider],
    pace: SendingRate,
    first_attempt_share: float,
) -> Course:
    """Decide what becomes of a parcel that is out for delivery for the first time."""
    if dice.random() < first_attempt_share:
        return Course(confirmed_s, (first,))
    failed = _fail(first, pick_reason(dice))
    if REASONS[failed.reason or ""].next_action in {"reattempt", "reschedule"}:
        out_s = failed.end_s + dice.uniform(*pace.between_attempts)
        second = DeliveryAttempt(
            out_s, out_s + dice.uniform(*pace.drive), next_rider(), make_otp(dice)
        )
        if dice.random() < 0.75:
            return Course(confirmed_s, (failed, second))
        refused = _fail(second, "customer_refused")
        return_s = refused.end_s + dice.uniform(*pace.until_return)
        return Course(confirmed_s, (failed, refused), return_s)
    if REASONS[failed.reason or ""].next_action == "rto":
        return Course(confirmed_s, (failed,), failed.end_s + dice.uniform(*pace.until_return))
    return Course(confirmed_s, (failed,))


def make_otp(dice: random.Random) -> str:
    """A one-time code of four to six digits."""
    digits = dice.choice((4, 4, 6))
    return f"{dice.randrange(10**digits):0{digits}d}"


def _fail(attempt: DeliveryAttempt, reason: str) -> DeliveryAttempt:
    return DeliveryAttempt(attempt.out_s, attempt.end_s, attempt.rider, attempt.otp, reason)
