"""Charts of one line: a scale around what is shown, gaps where nothing is known."""

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import dashboard
from dashboard.line_charts import Level, LineChart

TARGET = Level("target: 99.6 %", "good", Decimal("99.6"))


def chart_of(*values: str | None, **options: object) -> LineChart:
    """A chart in percent, with a target."""
    numbers = [None if one is None else Decimal(one) for one in values]
    labels = [f"day {number}" for number in range(len(values))]
    shown = {"levels": [TARGET], "unit": " %", "most": Decimal(100), **options}
    return LineChart("A share, over time", "A share", labels, numbers, **shown)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "guides"),
    [
        (["99.87", "99.56"], ["99.5", "99.6", "99.7", "99.8", "99.9"]),
        (["100", "100"], ["99.6", "99.7", "99.8", "99.9", "100.0"]),
        (["0", "100"], ["0", "50", "100"]),
        (["87.5"], ["85", "90", "95", "100"]),
        ([None], ["99.60", "99.61"]),
    ],
)
def test_guides_are_round_few_and_around_all_that_is_shown(
    values: list[str | None], guides: list[str]
) -> None:
    assert list(map(str, chart_of(*values).guides)) == guides


def test_what_is_no_share_begins_at_nothing() -> None:
    chart = chart_of("4.5", "12", levels=(), most=None, from_zero=True)
    assert list(map(str, chart.guides)) == ["0", "5", "10", "15"]
    assert chart.y(Decimal(15)) == 0
    assert chart.y(Decimal(0)) == 100


def test_the_line_has_a_gap_where_nothing_is_known() -> None:
    runs = list(chart_of("99.7", "99.8", None, "99.9").runs)
    assert [[point.label for point in run] for run in runs] == [["day 0", "day 1"], ["day 3"]]
    assert [point.x for point in runs[0]] == [Decimal("12.5"), Decimal("37.5")]


def test_labels_are_no_more_than_there_is_room_for() -> None:
    assert len(list(chart_of(*["99.7"] * 84).labels_shown)) <= 6


def test_the_picture_says_its_numbers_and_has_nothing_that_the_policy_refuses() -> None:
    loader = FileSystemLoader(Path(dashboard.__file__).parent / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    macros = environment.get_template("chart.html").module
    figure = ElementTree.fromstring(macros.line(chart_of("99.87", None, "99.56"), "one"))  # type: ignore[attr-defined]
    picture = figure.find(".//svg")
    assert picture is not None
    assert picture.findtext("desc") == "day 0 99.87 %; day 2 99.56 %; target: 99.6 %"
    caption = figure.find(f"figcaption[@id='{picture.get('aria-labelledby')}']")
    assert caption is not None
    assert caption.text == "A share, over time"
    assert {one.tag for one in figure.iter()}.isdisjoint({"style", "script"})
    assert all("style" not in one.attrib for one in figure.iter())
    assert [one.text for one in figure.findall("./ul/li")] == ["A share", "target: 99.6 %"]
