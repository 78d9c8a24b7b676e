"""Charts: a bar for each number that is one, and nothing that the pages' policy refuses."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import dashboard
from dashboard.charts import Chart, Series

HOURS = [f"{hour:02}:00" for hour in range(24)]
NOTHING = [0] * 24


def chart_of(good: Sequence[int], bad: Sequence[int] = NOTHING, title: str = "Attempts") -> Chart:
    """A chart of 24 hours."""
    return Chart(title, HOURS, [Series("succeeded", "good", good), Series("failed", "bad", bad)])


def drawn(chart: Chart) -> ElementTree.Element:
    """The figure that a page shows, as XML."""
    loader = FileSystemLoader(Path(dashboard.__file__).parent / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    macros = environment.get_template("chart.html").module
    return ElementTree.fromstring(macros.stacked_bars(chart, "The last day"))  # type: ignore[attr-defined]


class TestBars:
    def test_what_is_nothing_has_no_bar(self) -> None:
        assert drawn(chart_of(NOTHING)).findall(".//rect") == []

    def test_each_number_is_as_high_as_it_is_and_stands_on_those_before_it(self) -> None:
        good, bad = [*NOTHING[:22], 2, 4], [*NOTHING[:23], 1]
        bars = drawn(chart_of(good, bad)).findall(".//rect")
        assert chart_of(good, bad).guides[-1] == 5
        assert [(one.get("class"), one.get("y"), one.get("height")) for one in bars] == [
            ("good", "60.0%", "40.0%"),
            ("good", "20.0%", "80.0%"),
            ("bad", "0.0%", "20.0%"),
            ("hatched", "0.0%", "20.0%"),
        ]
        column = 100 / 24
        assert [float(one.get("x", "").rstrip("%")) for one in bars] == pytest.approx(
            [column * 22.1, column * 23.1, column * 23.1, column * 23.1], abs=0.001
        )

    def test_each_says_its_number(self) -> None:
        [title] = drawn(chart_of([*NOTHING[:9], 3, *NOTHING[:14]])).findall(".//rect/title")
        assert title.text == "09:00 · succeeded: 3"


class TestGuides:
    @pytest.mark.parametrize(
        ("highest", "guides"),
        [
            (0, [0, 1, 2, 3, 4]),
            (4, [0, 1, 2, 3, 4]),
            (5, [0, 1, 2, 3, 4, 5]),
            (6, [0, 2, 4, 6]),
            (7, [0, 2, 4, 6, 8]),
            (11, [0, 5, 10, 15]),
            (25, [0, 5, 10, 15, 20, 25]),
            (26, [0, 10, 20, 30]),
            (499, [0, 100, 200, 300, 400, 500]),
            (12_345, [0, 5_000, 10_000, 15_000]),
        ],
    )
    def test_they_are_round_few_and_reach_the_highest_bar(
        self, highest: int, guides: list[int]
    ) -> None:
        assert list(chart_of([*NOTHING[:23], highest]).guides) == guides

    def test_they_count_what_is_on_top_of_each_other(self) -> None:
        assert chart_of([3] * 24, [4] * 24).guides[-1] == 8


class TestThePicture:
    def test_it_has_a_name_and_its_numbers_in_words(self) -> None:
        picture = drawn(chart_of([1] * 24, [2, *NOTHING[:23]])).find(".//svg")
        assert picture is not None
        assert picture.get("role") == "img"
        assert picture.findtext("title") == "Attempts"
        assert picture.findtext("desc") == "succeeded: 24, failed: 2"

    def test_its_key_has_the_colours_of_the_bars_and_how_many_there_were(self) -> None:
        key = drawn(chart_of([1] * 24)).findall("./ul/li")
        assert [(one.get("class"), "".join(one.itertext())) for one in key] == [
            ("good", "succeeded 24"),
            ("bad", "failed 0"),
        ]

    def test_the_policy_of_the_pages_lets_it_be_and_its_title_is_text(self) -> None:
        figure = drawn(chart_of([1] * 24, title='Attempts "<b>"'))
        assert figure.findtext(".//svg/title") == 'Attempts "<b>"'
        assert {one.tag for one in figure.iter()}.isdisjoint({"style", "script", "b"})
        assert all("style" not in one.attrib for one in figure.iter())
