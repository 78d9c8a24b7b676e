"""The stylesheet: whole, with every class that the pages use, and its colours told apart by those
who see few of them."""

import re
from collections.abc import Iterable
from itertools import combinations, product
from pathlib import Path

import pytest

import dashboard
from tests.dashboard.colours import LOOKS, STYLE, colours, contrast, contrast_without_green

_FOLDER = Path(dashboard.__file__).parent
_TONES = {"good", "bad", "waiting", "quiet"}
"""They come from `state_texts.py`."""
_GROUNDS = ("ground", "paper", "raised")
_ON_THEIR_OWN_GROUND = ("good", "bad", "waiting", "brand")
_OF_CHARTS = ("chart-good", "chart-bad", "chart-waiting")
_HOLLOW = "chart-quiet"


def test_every_brace_is_closed() -> None:
    depth = 0
    for brace in re.findall(r"[{}]", STYLE):
        depth += 1 if brace == "{" else -1
        assert 0 <= depth <= 2
    assert depth == 0


def test_every_class_is_one_that_a_page_has() -> None:
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "", STYLE)))
    files = [*_FOLDER.rglob("*.html"), *_FOLDER.rglob("*.js")]
    used = set(re.findall(r"[\w-]+", " ".join(file.read_text() for file in files)))
    assert styled - used - _TONES == set()


def test_colours_have_roles_and_each_is_there_for_light_and_dark() -> None:
    roles, rest = re.findall(r"(:root \{.*?\})(.*)", STYLE, re.DOTALL)[0]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rest)) == set()
    assert len(re.findall(r"#[0-9a-f]{3,8}\b", roles)) == 2 * len(colours("light"))


@pytest.mark.parametrize("look", LOOKS)
class TestContrast:
    def test_of_text_on_every_ground(self, look: str) -> None:
        own = [(one, f"{one}-soft") for one in _ON_THEIR_OWN_GROUND]
        pairs = [
            *product(("ink", "soft", "brand", "good", "bad", "waiting"), _GROUNDS),
            *product(("ink",), ("good-soft", "bad-soft", "waiting-soft", "quiet-soft")),
            *own,
            ("soft", "quiet-soft"),
            ("brand-ink", "brand"),
            ("ink", "code-ground"),
        ]
        assert _below(4.5, look, pairs) == []

    def test_of_disabled_controls(self, look: str) -> None:
        assert _below(4.5, look, [("disabled-ink", "disabled"), ("disabled-ink", "paper")]) == []

    def test_of_the_edges_of_controls(self, look: str) -> None:
        assert _below(3, look, product(("line-strong", "brand"), _GROUNDS)) == []

    def test_of_charts_on_their_ground(self, look: str) -> None:
        assert _below(3, look, product((*_OF_CHARTS, _HOLLOW), ("paper",))) == []

    def test_of_neighbours_in_a_chart_by_lightness_alone(self, look: str) -> None:
        there = colours(look)
        for one, other in combinations(_OF_CHARTS, 2):
            assert contrast(there[one], there[other]) >= 1.5, (one, other)
            assert contrast_without_green(there[one], there[other]) >= 1.5, (one, other)


def _below(least: float, look: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The pairs with less contrast than that."""
    there = colours(look)
    found = [(one, other, contrast(there[one], there[other])) for one, other in pairs]
    return [f"{one} on {other}: {ratio:.2f}" for one, other, ratio in found if ratio < least]
