"""Outcomes in words: each figure with what it is, what it was made of, and what was promised.

The definitions are those of `contracts/outcomes/`; how they are told to a shop owner is in the
words, `outcome-<name>` and what hangs on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import zip_longest
from types import MappingProxyType

from contracts.outcomes.baselines import FIGURES
from contracts.outcomes.figures import Definition, Figure, Unit
from contracts.outcomes.targets import TARGETS, exact, is_reached
from dashboard.figures import NOTHING, count_shown, number_shown, took_shown
from dashboard.outcome_changes import change_said
from dashboard.state_texts import BAD, GOOD
from dashboard.translations import Words

GROUPS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "messages": (
            "delivered_within_policy",
            "delivered_within_90_s",
            "delivered_in_the_end",
            "webhooks_under_way",
            "webhooks_skipped",
            "propagation_p50",
            "propagation_p95",
            "propagation_p99",
        ),
        "parcels": (
            "orders",
            "first_attempt_success",
            "rto",
            "failed_deliveries",
            "failed_customer",
            "failed_address",
            "failed_payment",
            "failed_verification",
            "failed_carrier",
            "failed_other",
        ),
        "answers": (
            "instructions_given",
            "instructions_accepted",
            "delivered_after_instruction",
            "delivered_without_instruction",
            "redeliveries_avoided",
            "redelivery_cost_avoided",
        ),
        "customers": ("wismo_calls_per_100_orders", "sms_sent", "sms_parts", "sms_cost"),
        "events": ("events_accepted", "events_recorded"),
    }
)
"""Which figures are shown together, and in which order."""

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class FigureText:
    """A figure as it is read. `made_of` has its numerator and denominator; `tone` says whether it
    is what was promised. `before` is its baseline."""

    name: str
    value: str
    made_of: str
    target: str
    tone: str
    before: str
    difference: str

    @property
    def definition(self) -> Definition:
        """What it is."""
        return FIGURES[self.name]


def figure_said(t: Words, figure: Figure, before: Decimal | None = None) -> FigureText:
    """A figure in words, beside what it was before."""
    reached = is_reached(figure)
    target = TARGETS.get(figure.name)
    return FigureText(
        figure.name,
        value_said(t, figure),
        made_of_said(t, figure),
        NOTHING if target is None else share_said(t, target),
        "" if reached is None else GOOD if reached else BAD,
        NOTHING if before is None else number_said(t, figure.unit, before),
        change_said(t, figure, before),
    )


def figures_said(
    t: Words, figures: Sequence[Figure], before: Iterable[Decimal | None] = ()
) -> dict[str, FigureText]:
    """Figures in words, by their names; `before` has the baseline of each."""
    known = zip_longest(figures, before)
    return {one.name: figure_said(t, one, was) for one, was in known}


def value_said(t: Words, figure: Figure) -> str:
    """The value alone, with its unit; a dash where there is nothing to tell it by."""
    value = exact(figure)
    return NOTHING if value is None else number_said(t, figure.unit, value)


def number_said(t: Words, unit: Unit, value: Decimal) -> str:
    """A value with its unit."""
    if unit is Unit.SHARE:
        return share_said(t, value)
    if unit is Unit.MILLISECONDS:
        return took_shown(t, float(value) / 1000)
    if unit is Unit.RUPEES:
        return t("outcomes-rupees", amount=number_shown(t, value, "#,##0.00"))
    if unit is Unit.PER_100:
        return number_shown(t, value, "#,##0.00")
    return _count(t, value)


def share_said(t: Words, share: Decimal) -> str:
    """A share in percent to the hundredth, never rounded up: what is not reached does not look so,
    and only everything is 100 %."""
    percent = (share * 100).quantize(_HUNDREDTH, ROUND_DOWN)
    return t("figure-percent", percent=number_shown(t, percent, "0.##"))


def made_of_said(t: Words, figure: Figure) -> str:
    """Numerator and denominator of a figure that has both."""
    if figure.denominator is None or figure.numerator is None:
        return ""
    return t(
        "outcomes-of", part=_count(t, figure.numerator), whole=count_shown(t, figure.denominator)
    )


def _count(t: Words, number: Decimal) -> str:
    if number == number.to_integral_value():
        return count_shown(t, int(number))
    return number_shown(t, number, "#,##0.#")
