"""Colours: how well one is read on another, and the nearest that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.brand import Brand
from contracts.colours import READABLE, contrast, is_colour, mixed, readable

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("text", ["", "#fff", "0b6e5f", "#0b6e5g", "#0B6E5F", "#0b6e5f;"])
def test_what_is_no_colour(text: str) -> None:
    assert not is_colour(text)


def test_mixing_is_by_share() -> None:
    assert mixed("#ffffff", "#000000", 0.5) == "#808080"
    assert mixed("#123456", "#000000", 1) == "#123456"


def test_what_is_readable_stays_as_it_is() -> None:
    assert readable("#0b6e5f", ("#ffffff",), "#000000") == "#0b6e5f"


@given(COLOURS)
def test_every_brand_s_colour_is_made_readable_in_both_looks(colour: str) -> None:
    brand = Brand(colour=colour)
    for shades, grounds in (
        (brand.light, ("#ffffff", "#f7f8f8")),
        (brand.dark, ("#181d1b", "#101413", "#202725")),
    ):
        assert shades is not None
        for ground in (*grounds, shades.soft):
            assert contrast(shades.brand, ground) >= READABLE
        assert contrast(shades.ink, shades.brand) >= READABLE
