"""How long ago something was."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.relative_times import ago_shown, clock_shown

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
INDIA = "Asia/Kolkata"


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(0), "1 sec. ago"),
        (timedelta(minutes=4), "4 min. ago"),
        (timedelta(hours=3), "3 hr. ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=8), "22 Feb, 15:30"),
        (timedelta(seconds=-30), "1 sec. ago"),
    ],
)
def test_it_is_short_and_has_the_moment_in_the_tooltip(back: timedelta, said: str) -> None:
    shown = ago_shown(NOW - back, NOW, INDIA, "en")
    assert f">{said}</time>" in shown
    assert "GMT+05:30" in shown


def test_a_language_has_its_own_words() -> None:
    assert "पहले" in ago_shown(NOW - timedelta(minutes=4), NOW, INDIA, "hi")


def test_the_time_of_a_day_alone() -> None:
    assert clock_shown(NOW, INDIA, "en") == "15:30"
