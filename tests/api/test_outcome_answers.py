"""What figures are compared with, while their days are not over."""

from datetime import date
from decimal import Decimal

import pytest

from api.outcome_answers import Outcomes
from contracts.outcomes.baselines import BaselineSource
from contracts.outcomes.periods import By
from store.outcomes.reading import Range
from store.tables import OutcomeBaselineRow
from tests.support.shelf import NOW

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)

ORDERS = OutcomeBaselineRow(
    partner_id="shop",
    figure="orders",
    value=Decimal(310),
    first_day=date(2026, 1, 1),
    last_day=date(2026, 1, 31),
    source=BaselineSource.IMPORTED,
    given_by="ops",
    given_at=NOW,
)


@pytest.mark.parametrize(
    ("today", "compared"),
    [
        (date(2026, 3, 1), "0.0"),
        (date(2026, 3, 2), "10.0"),
        (date(2026, 3, 5), "40.0"),
        (date(2026, 3, 9), "70.0"),
    ],
)
def test_days_to_come_have_nothing_to_compare(today: date, compared: str) -> None:
    outcomes = Outcomes(Range(FIRST, LAST, By.WEEK, "shop"), today, {}, [ORDERS])
    figures = outcomes.figures([], (FIRST, LAST))
    [baseline] = [one["baseline"] for one in figures if one["name"] == "orders"]
    assert str(baseline) == compared
