"""Two days of a form as the moments between them."""

from datetime import UTC, datetime

import pytest

from dashboard.date_ranges import DateRange, NotADay, Reversed

INDIA = "Asia/Kolkata"


def test_the_last_day_belongs_to_it() -> None:
    days = DateRange.of("2026-03-02", "2026-03-02", INDIA)
    assert days.since == datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    assert days.until == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


def test_either_may_be_open() -> None:
    assert DateRange.of("", "", INDIA) == DateRange(None, None)


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31"])
def test_what_is_no_day(day: str) -> None:
    with pytest.raises(NotADay):
        DateRange.of("", day, INDIA)


def test_swapped_days_are_a_mistake_and_no_empty_list() -> None:
    with pytest.raises(Reversed):
        DateRange.of("2026-03-03", "2026-03-02", INDIA)
