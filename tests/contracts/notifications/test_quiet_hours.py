"""Quiet hours: from nine in the evening to eight in the morning, where the partner is."""

from datetime import UTC, datetime

import pytest

from contracts.notifications.quiet_hours import end_of_quiet_hours


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "then"),
    [
        ("UTC", at(8), at(8)),
        ("UTC", at(20, 59), at(20, 59)),
        ("UTC", at(21), at(8, day=3)),
        ("UTC", at(23, 59), at(8, day=3)),
        ("UTC", at(0, day=3), at(8, day=3)),
        ("UTC", at(7, 59), at(8)),
        ("Asia/Kolkata", at(15, 29), at(15, 29)),
        ("Asia/Kolkata", at(15, 30), at(2, 30, day=3)),
        ("Asia/Kolkata", at(1), at(2, 30)),
        ("Nowhere/At_All", at(1), at(2, 30)),
        ("Asia", at(1), at(2, 30)),
    ],
)
def test_the_morning_is_the_partner_s(zone: str, now: datetime, then: datetime) -> None:
    assert end_of_quiet_hours(now, zone) == then


def test_eight_is_eight_on_the_day_when_clocks_change() -> None:
    evening = datetime(2026, 3, 28, 22, tzinfo=UTC)  # the clocks go forward in the night
    assert end_of_quiet_hours(evening, "Europe/Berlin") == datetime(2026, 3, 29, 6, tzinfo=UTC)
