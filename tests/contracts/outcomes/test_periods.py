"""Days and weeks, in the partner's own time."""

from datetime import UTC, date, datetime, timedelta

from contracts.outcomes.periods import By, begin_of, bounds_of, day_of, end_of

SUNDAY = date(2026, 11, 29)


def test_weeks_begin_on_mondays() -> None:
    assert begin_of(SUNDAY, By.WEEK) == date(2026, 11, 23)
    assert end_of(date(2026, 11, 23), By.WEEK) == SUNDAY
    assert begin_of(SUNDAY, By.DAY) == end_of(SUNDAY, By.DAY) == SUNDAY


def test_a_day_is_as_long_as_the_zone_has_it() -> None:
    begins, ends = bounds_of(date(2026, 3, 29), "Europe/Berlin")
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=23)


def test_a_moment_is_of_its_zones_day() -> None:
    assert day_of(datetime(2026, 3, 2, 18, 30, tzinfo=UTC), "Asia/Kolkata") == date(2026, 3, 3)
    assert day_of(datetime(2026, 3, 2, 18, 29, tzinfo=UTC), "Asia/Kolkata") == date(2026, 3, 2)
