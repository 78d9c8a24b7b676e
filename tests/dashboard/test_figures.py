"""Numbers as people read them."""

import pytest

from dashboard.figures import count_shown, share_shown, took_shown
from dashboard.translations import words_in

T = words_in()


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "-"),
        (0.0, "0 %"),
        (0.5, "50 %"),
        (0.9961, "99.6 %"),
        (0.99999, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_only_everything_is_a_hundred_percent(share: float | None, shown: str) -> None:
    assert share_shown(T, share) == shown


@pytest.mark.parametrize(
    ("count", "most", "shown"),
    [(0, None, "0"), (999, None, "999"), (12_345, None, "12,345"), (1_000, 1_000, "1,000")],
)
def test_digits_are_grouped(count: int, most: int | None, shown: str) -> None:
    assert count_shown(T, count, most) == shown


def test_what_was_counted_no_further_is_more_than_that() -> None:
    assert count_shown(T, 1_001, 1_000) == "more than 1,000"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 ms"),
        (0.4204, "420 ms"),
        (0.9996, "1.0 s"),
        (4.21, "4.2 s"),
        (9.96, "10 s"),
        (75, "1 min 15 s"),
    ],
)
def test_short_times_are_exact(seconds: float, shown: str) -> None:
    assert took_shown(T, seconds) == shown
