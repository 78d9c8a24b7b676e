"""How a figure differs from what it is compared with, in words: by so much more or less."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from contracts.outcomes.figures import Figure, Unit
from contracts.outcomes.targets import exact
from dashboard.figures import NOTHING, number_shown, took_shown
from dashboard.translations import Words

_PLACES: Mapping[Unit, Decimal] = MappingProxyType(
    {
        Unit.COUNT: Decimal("0.1"),
        Unit.SHARE: Decimal("0.01"),
        Unit.MILLISECONDS: Decimal("1"),
        Unit.PER_100: Decimal("0.01"),
        Unit.RUPEES: Decimal("0.01"),
    }
)


def change_said(t: Words, figure: Figure, before: Decimal | None) -> str:
    """By how much a figure is more or less than it was; a dash where one of them is unknown."""
    value = exact(figure)
    if value is None or before is None:
        return NOTHING
    difference = value - before
    if figure.unit is Unit.SHARE:
        difference *= 100
    difference = difference.quantize(_PLACES[figure.unit])
    if not difference:
        return t("outcomes-unchanged")
    amount = _AMOUNTS[figure.unit](t, abs(difference))
    return t("outcomes-more" if difference > 0 else "outcomes-less", amount=amount)


def _number(t: Words, amount: Decimal) -> str:
    return number_shown(t, amount, "#,##0.##")


def _points(t: Words, amount: Decimal) -> str:
    return t("outcomes-points", points=_number(t, amount))


def _time(t: Words, amount: Decimal) -> str:
    return took_shown(t, float(amount) / 1000)


def _rupees(t: Words, amount: Decimal) -> str:
    return t("outcomes-rupees", amount=number_shown(t, amount, "#,##0.00"))


_AMOUNTS: Mapping[Unit, Callable[[Words, Decimal], str]] = MappingProxyType(
    {
        Unit.COUNT: _number,
        Unit.SHARE: _points,
        Unit.MILLISECONDS: _time,
        Unit.PER_100: _number,
        Unit.RUPEES: _rupees,
    }
)
