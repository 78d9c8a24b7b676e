"""What is promised: the figures that are held against a number wherever they are shown."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from contracts.outcomes.figures import Figure, Unit
from contracts.outcomes.objective import TARGET

TARGETS: Mapping[str, Decimal] = MappingProxyType(
    {"delivered_within_policy": Decimal("0.996"), "delivered_within_90_s": Decimal(str(TARGET))}
)
"""Shares that are to be reached, by the name of the figure. That within 90 s is the objective."""


def exact(figure: Figure) -> Decimal | None:
    """A share before it was rounded, so that 99.5996 % does not pass for 99.6 %."""
    if figure.unit is not Unit.SHARE or figure.numerator is None or not figure.denominator:
        return figure.value
    return figure.numerator / figure.denominator


def is_reached(figure: Figure) -> bool | None:
    """Whether a figure is what was promised; None where nothing is, or nothing is known."""
    target, value = TARGETS.get(figure.name), exact(figure)
    return None if target is None or value is None else value >= target
