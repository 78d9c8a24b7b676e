"""Outcomes in words: every figure is told, and nothing looks better than it is."""

from decimal import Decimal

import pytest

from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import Figure, Unit
from dashboard.outcome_changes import change_said
from dashboard.outcome_figures import GROUPS, share_said, value_said
from dashboard.translations import words_in

T = words_in()


def figure(unit: Unit, value: str | None) -> Figure:
    return Figure("some", unit, None if value is None else Decimal(value))


def test_each_figure_is_shown_once_and_told_in_words() -> None:
    shown = [name for names in GROUPS.values() for name in names]
    assert sorted(shown) == sorted(one.name for one in DEFINITIONS)
    for one in DEFINITIONS:
        parts = ["", "-means", "-numerator", *(["-denominator"] if one.denominator else [])]
        assert [part for part in parts if not T.has(f"outcome-{one.name}{part}")] == []
        assert T(f"outcome-{one.name}-means").startswith("A model: ") is one.modelled


@pytest.mark.parametrize(
    ("share", "shown"), [("0.99599", "99.59 %"), ("0.999999", "99.99 %"), ("1", "100 %")]
)
def test_a_share_is_never_rounded_up(share: str, shown: str) -> None:
    assert share_said(T, Decimal(share)) == shown


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        (Unit.COUNT, "12345", "12,345"),
        (Unit.COUNT, "12.5", "12.5"),
        (Unit.MILLISECONDS, "158", "158 ms"),
        (Unit.MILLISECONDS, "89125", "1 min 29 s"),
        (Unit.RUPEES, "1234.5", "₹1,234.50"),
        (Unit.PER_100, "3.8", "3.80"),
        (Unit.SHARE, None, "-"),
    ],
)
def test_a_value_has_its_unit(unit: Unit, value: str | None, shown: str) -> None:
    assert value_said(T, figure(unit, value)) == shown


@pytest.mark.parametrize(
    ("unit", "value", "before", "shown"),
    [
        (Unit.SHARE, "0.9956", "0.9987", "\N{MINUS SIGN}0.31 points"),
        (Unit.SHARE, "0.9987", "0.9987", "the same"),
        (Unit.COUNT, "1400", "100", "+1,300"),
        (Unit.MILLISECONDS, "1000", "3601000", "\N{MINUS SIGN}1 h"),
        (Unit.RUPEES, "10", "8.5", "+₹1.50"),
        (Unit.PER_100, "3.1", None, "-"),
        (Unit.SHARE, None, "0.5", "-"),
    ],
)
def test_a_change_says_more_or_less(
    unit: Unit, value: str | None, before: str | None, shown: str
) -> None:
    was = None if before is None else Decimal(before)
    assert change_said(T, figure(unit, value), was) == shown
