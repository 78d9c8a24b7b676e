"""What a figure was before: given by somebody, or measured out of recorded history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contracts.outcomes.counts import Counts, Sums
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import Definition, Figure, PartnerSums, Unit, figures_of
from contracts.outcomes.prices import Prices

FIGURES: Mapping[str, Definition] = {one.name: one for one in DEFINITIONS}
"""Each figure by its name."""

_CATEGORIES = ("customer", "address", "payment", "verification", "carrier", "other")
MEASURED = (
    *("orders", "first_attempt_success", "failed_deliveries"),
    *(f"failed_{category}" for category in _CATEGORIES),
    *("rto", "delivered_without_instruction"),
)
"""What history tells: how parcels fared. Nobody was told of its events, and nobody said what is to
be done, so no other figure has a meaning there."""

_ADD_UP = (Unit.COUNT, Unit.RUPEES)
_ONE_TENTH = Decimal("0.1")


class BaselineSource(StrEnum):
    """Where a baseline comes from: somebody gave it, or recorded events were counted."""

    IMPORTED = "imported"
    MEASURED = "measured"


@dataclass(frozen=True)
class Baseline:
    """What one figure of one partner was, from a first to a last day."""

    figure: str
    value: Decimal
    first: date
    last: date
    source: BaselineSource = BaselineSource.IMPORTED
    numerator: Decimal | None = None
    denominator: int | None = None

    def of_days(self, days: int) -> Decimal:
        """What is to be compared with the figure of so many days. What adds up from day to day (a
        count, rupees) is as much a day as it was; shares, times and rates are what they were."""
        definition = FIGURES[self.figure]
        if definition.unit not in _ADD_UP:
            return self.value
        of_as_many = self.value * days / ((self.last - self.first).days + 1)
        return of_as_many.quantize(min(definition.places, _ONE_TENTH))


def beside(
    figures: Sequence[Figure], baselines: Mapping[str, Baseline], days: int
) -> list[Decimal | None]:
    """The baseline of each of these figures of so many days; None where none is known."""
    found = (baselines.get(one.name) for one in figures)
    return [None if one is None else one.of_days(days) for one in found]


def measured(counts: Counts, first: date, last: date) -> list[Baseline]:
    """What these counts of recorded events say; a share of nothing is left out."""
    of_all = [PartnerSums("", Sums(counts), Prices())]
    return [
        Baseline(
            *(one.name, one.value, first, last),
            source=BaselineSource.MEASURED,
            numerator=one.numerator,
            denominator=one.denominator,
        )
        for one in figures_of(of_all, [FIGURES[name] for name in MEASURED])
        if one.value is not None
    ]


def fault_of_value(figure: str, value: Decimal) -> str | None:
    """What is wrong with a value for a figure of this unit, or None."""
    definition = FIGURES[figure]
    if value < 0:
        return "it cannot be negative"
    if definition.unit is Unit.SHARE and value > 1:
        return "a share is between 0 and 1: send 0.81 for 81 %"
    if value != value.quantize(definition.places):
        most = -int(definition.places.as_tuple().exponent)
        return f"this figure has {most} decimals at most" if most else "send a whole number"
    return None
