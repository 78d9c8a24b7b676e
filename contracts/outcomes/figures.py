"""What each figure is, in words and as a calculation: the one place that defines it.

A figure is worked out of the counts of each partner in the same while. Most are sums and shares of
all counts together; what goes by a partner's own prices or rates is worked out for each partner,
and then added up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contracts.outcomes.counts import Counts, Sums, propagation_of, total
from contracts.outcomes.prices import Prices
from contracts.outcomes.propagation import percentile_ms


class Unit(StrEnum):
    """What a figure's value is told in. A `share` is from 0 to 1."""

    COUNT = "count"
    SHARE = "share"
    MILLISECONDS = "ms"
    PER_100 = "per_100"
    RUPEES = "INR"


@dataclass(frozen=True)
class PartnerSums:
    """One partner's counts of a while, and its prices."""

    partner_id: str
    sums: Sums
    prices: Prices


@dataclass(frozen=True)
class Figure:
    """A figure that was worked out. `value` None: there is nothing to tell it by."""

    name: str
    unit: Unit
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: int | None = None


Parts = tuple[Decimal | None, int | None]
"""Numerator and denominator; a figure that is a count, a time or a price has no denominator."""


@dataclass(frozen=True)
class Definition:
    """What a figure is. `modelled`: not counted alone, but worked out by a formula that assumes
    something; `means` says what."""

    name: str
    unit: Unit
    means: str
    numerator: str
    denominator: str | None
    work_out: Callable[[Sequence[PartnerSums]], Parts]
    modelled: bool = False

    @property
    def places(self) -> Decimal:
        """The last decimal place that its value has."""
        to_a_tenth = self.modelled and self.unit is Unit.COUNT
        return _ONE_TENTH if to_a_tenth else _PLACES[self.unit]


_PLACES = {
    Unit.COUNT: Decimal("1"),
    Unit.SHARE: Decimal("0.00001"),
    Unit.MILLISECONDS: Decimal("1"),
    Unit.PER_100: Decimal("0.01"),
    Unit.RUPEES: Decimal("0.01"),
}
_ONE_TENTH = Decimal("0.1")


def figures_of(partners: Sequence[PartnerSums], definitions: Sequence[Definition]) -> list[Figure]:
    """The figures of these partners together, in the order of the definitions."""
    return [_figure(one, partners) for one in definitions]


def add_up(periods: Iterable[Sequence[PartnerSums]]) -> list[PartnerSums]:
    """The periods together, of each partner that is in any."""
    of_partner: dict[str, list[PartnerSums]] = {}
    for one in (one for partners in periods for one in partners):
        of_partner.setdefault(one.partner_id, []).append(one)
    return [
        PartnerSums(partner_id, total(one.sums for one in several), several[-1].prices)
        for partner_id, several in of_partner.items()
    ]


def _figure(definition: Definition, partners: Sequence[PartnerSums]) -> Figure:
    numerator, denominator = definition.work_out(partners)
    value, unit = numerator, definition.unit
    if definition.denominator is not None and value is not None:
        times = 100 if unit is Unit.PER_100 else 1
        value = value * times / denominator if denominator else None
    if value is not None:
        value = value.quantize(definition.places)
    return Figure(definition.name, unit, value, numerator, denominator)


def counted(name: str) -> Callable[[Sequence[PartnerSums]], Parts]:
    """Works out a count."""
    return lambda partners: (_sum(partners, name), None)


def share(numerator: str, *denominators: str) -> Callable[[Sequence[PartnerSums]], Parts]:
    """Works out which part of some counts another is."""
    return lambda partners: (
        _sum(partners, numerator),
        int(sum(_sum(partners, name) for name in denominators)),
    )


def percentile(percent: int) -> Callable[[Sequence[PartnerSums]], Parts]:
    """Works out the time within which so many percent of the webhooks arrived."""

    def work_out(partners: Sequence[PartnerSums]) -> Parts:
        took_ms = percentile_ms(propagation_of(one.sums for one in partners), percent)
        return (None if took_ms is None else Decimal(took_ms), None)

    return work_out


def calls_per_order(partners: Sequence[PartnerSums]) -> Parts:
    """The calls, and the orders of the days of which the number of calls is known."""
    return (
        Decimal(sum(one.sums.calls for one in partners)),
        sum(one.sums.orders_of_call_days for one in partners),
    )


def redeliveries_avoided(counts: Counts) -> Decimal | None:
    """How many attempts at the door one partner's instructions made needless, by the model that
    `definitions.py` tells in words. None without failed deliveries to compare with."""
    followed = counts.instructed_followed
    if not followed:
        return Decimal(counts.returned_as_asked)
    if not counts.uninstructed_followed:
        return None
    usual = Decimal(counts.uninstructed_delivered) / counts.uninstructed_followed
    return counts.returned_as_asked + counts.instructed_delivered - followed * usual


def avoided_by_all(partners: Sequence[PartnerSums]) -> Parts:
    """Those of each partner, added up."""
    return _added(redeliveries_avoided(one.sums.counts) for one in partners), None


def saved_by_all(partners: Sequence[PartnerSums]) -> Parts:
    """Those of each partner that has said what one costs, times that."""
    saved = (
        _times(redeliveries_avoided(one.sums.counts), one.prices.redelivery) for one in partners
    )
    return _added(saved), None


def cost_of_texts(partners: Sequence[PartnerSums]) -> Parts:
    """The parts of each partner of which the price is known, times that."""
    costs = (_times(Decimal(one.sums.counts.sms_parts), one.prices.sms_part) for one in partners)
    return _added(costs), None


def _sum(partners: Sequence[PartnerSums], name: str) -> Decimal:
    return Decimal(sum(int(getattr(one.sums.counts, name)) for one in partners))


def _times(count: Decimal | None, price: Decimal | None) -> Decimal | None:
    return None if count is None or price is None else count * price


def _added(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
