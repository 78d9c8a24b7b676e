"""How long a webhook has before its customer is texted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.delivery.retry import RetrySchedule
from contracts.sms.fallback import fallback_wait

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def wait(
    *, accepted: float = 0, otp_until: float | None = None, delays: str = "30 120 480"
) -> float:
    """Seconds to wait; the arguments are seconds before and after now."""
    return fallback_wait(
        NOW - timedelta(seconds=accepted),
        None if otp_until is None else NOW + timedelta(seconds=otp_until),
        RetrySchedule([float(delay) for delay in delays.split()]),
        NOW,
    ).total_seconds()


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, 598.5),
        ({"accepted": 100}, 498.5),
        ({"accepted": 4000}, 30),  # planned late: one attempt and one retry first
        ({"otp_until": 1800}, 598.5),
        ({"otp_until": 300}, 180),
        ({"otp_until": 100}, 30),
        ({"otp_until": -5}, 30),
        ({"delays": ""}, 0),
        ({"delays": "0.1 0.1"}, 0.19),
    ],
)
def test_the_wait(given: dict[str, Any], seconds: float) -> None:
    assert wait(**given) == pytest.approx(seconds)
