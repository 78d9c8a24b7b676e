"""Charts: a bar for each number that is one, and nothing that the pages' policy refuses."""

import re

import pytest

from api.dashboard.charts import stacked_bars

HOURS = [f"{hour:02}:00" for hour in range(24)]
NOTHING = [0] * 24


def bars(svg: str) -> list[float]:
    """The heights of the bars."""
    found = re.findall(r"<rect[^>]*reactive[^>]*>", svg)
    return [float(re.findall(r'height="([\d.]+)"', one)[0]) for one in found]


def test_what_is_nothing_has_no_bar() -> None:
    assert bars(stacked_bars(HOURS, {"good": NOTHING, "bad": NOTHING}, "Tries")) == []


def test_each_number_has_its_bar_as_high_as_it_is() -> None:
    good, bad = [*NOTHING[:22], 2, 4], [*NOTHING[:23], 1]
    heights = bars(stacked_bars(HOURS, {"good": good, "bad": bad}, "Tries"))
    assert len(heights) == 3
    assert heights[1] == pytest.approx(2 * heights[0])
    assert heights[2] == pytest.approx(heights[0] / 2)


def test_the_policy_of_the_pages_lets_it_be_and_its_title_is_text() -> None:
    svg = stacked_bars(HOURS, {"good": [1] * 24}, 'Tries "<b>"')
    assert 'aria-label="Tries &#34;&lt;b&gt;&#34;"' in svg
    for refused in ("<style", "<script", "style=", "<title", 'id=""'):
        assert refused not in svg
