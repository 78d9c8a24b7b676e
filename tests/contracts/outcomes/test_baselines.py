"""What figures were before: what is no value, what is compared, and what history tells."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.outcomes.baselines import (
    FIGURES,
    MEASURED,
    Baseline,
    BaselineSource,
    beside,
    fault_of_value,
    measured,
)
from contracts.outcomes.counts import Counts
from contracts.outcomes.figures import Figure, Unit

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)


def baseline(figure: str, value: str) -> Baseline:
    return Baseline(figure, Decimal(value), FIRST, LAST)


class TestCompared:
    @pytest.mark.parametrize(
        ("figure", "value", "compared"),
        [
            ("failed_deliveries", "62", "14.0"),
            ("failed_deliveries", "10", "2.3"),
            ("sms_cost", "310.00", "70.00"),
            ("redeliveries_avoided", "31.0", "7.0"),
            ("first_attempt_success", "0.81200", "0.81200"),
            ("propagation_p50", "3600000", "3600000"),
            ("wismo_calls_per_100_orders", "12.50", "12.50"),
        ],
    )
    def test_what_adds_up_is_of_as_many_days(self, figure: str, value: str, compared: str) -> None:
        assert str(baseline(figure, value).of_days(7)) == compared

    def test_a_figure_that_nobody_knows_has_none(self) -> None:
        figures = [Figure(name, Unit.SHARE, None) for name in ("rto", "first_attempt_success")]
        assert beside(figures, {"rto": baseline("rto", "0.1")}, 7) == [Decimal("0.1"), None]


class TestValues:
    @pytest.mark.parametrize(
        ("figure", "value", "fault"),
        [
            ("rto", "0", None),
            ("rto", "1", None),
            ("rto", "1.00001", "a share is between 0 and 1: send 0.81 for 81 %"),
            ("orders", "-1", "it cannot be negative"),
            ("orders", "3.0", None),
            ("orders", "3.5", "send a whole number"),
            ("redeliveries_avoided", "3.5", None),
            ("sms_cost", "3.505", "this figure has 2 decimals at most"),
            ("wismo_calls_per_100_orders", "240.5", None),
        ],
    )
    def test_they_go_by_the_unit(self, figure: str, value: str, fault: str | None) -> None:
        assert fault_of_value(figure, Decimal(value)) == fault


class TestMeasured:
    def test_a_share_has_what_it_was_measured_by(self) -> None:
        found = {one.figure: one for one in measured(Counts(first_attempts=4), FIRST, LAST)}
        assert found["first_attempt_success"] == Baseline(
            *("first_attempt_success", Decimal("0.00000"), FIRST, LAST, BaselineSource.MEASURED),
            numerator=Decimal(0),
            denominator=4,
        )

    def test_a_share_of_nothing_is_left_out(self) -> None:
        assert {one.figure for one in measured(Counts(), FIRST, LAST)} == {
            "orders",
            "failed_deliveries",
        }

    def test_only_figures_that_exist_are(self) -> None:
        assert set(MEASURED) <= set(FIGURES)
