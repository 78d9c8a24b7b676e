"""What is written on a partner's colour can be read, whichever colour it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.tracking.brand import LEAST_CONTRAST, contrast, text_color_on

COLORS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))


class TestContrast:
    @given(COLORS)
    def test_the_text_can_be_read_on_every_colour(self, color: str) -> None:
        assert contrast(text_color_on(color), color) >= LEAST_CONTRAST

    @pytest.mark.parametrize(
        ("one", "other", "ratio"),
        [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
    )
    def test_it_is_that_of_the_standard(self, one: str, other: str, ratio: float) -> None:
        assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)
