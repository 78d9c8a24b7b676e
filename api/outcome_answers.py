"""Outcomes as the API answers with them: in JSON, and as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from contracts.outcomes.baseline_views import BaselineView
from contracts.outcomes.baselines import FIGURES, beside
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import PartnerSums, add_up, figures_of
from contracts.outcomes.periods import end_of
from contracts.outcomes.spreadsheet import csv_of
from contracts.outcomes.views import DefinitionView, OutcomesView
from store.outcomes.baselines import baseline_of
from store.outcomes.reading import Range
from store.tables import OutcomeBaselineRow

_COLUMNS = (
    *("partner_id", "from", "to", "figure", "unit", "value", "numerator", "denominator"),
    "baseline",
)
CSV_EXAMPLE = (
    f"{','.join(_COLUMNS)}\r\n"
    "chai-point,2026-11-23,2026-11-29,delivered_within_90_s,share,0.99812,1594,1597,0.91204\r\n"
)


@dataclass(frozen=True)
class Outcomes:
    """What was read: each period with what was counted of each partner in it, and the baselines,
    which are of one partner only: several add up to nothing that anybody saw."""

    wanted: Range
    today: date
    periods: Mapping[date, Sequence[PartnerSums]]
    baselines: Sequence[OutcomeBaselineRow]

    def bounds(self, begin: date) -> tuple[date, date]:
        """The first and the last day of a period, as far as they were asked for."""
        wanted = self.wanted
        return max(begin, wanted.first), min(end_of(begin, wanted.by), wanted.last)

    def figures(
        self, partners: Sequence[PartnerSums], bounds: tuple[date, date]
    ) -> list[dict[str, Any]]:
        """The figures of a period, each with its baseline of as many days: days to come have
        nothing to compare."""
        first, last = bounds
        figures = figures_of(partners, DEFINITIONS)
        known = {one.figure: baseline_of(one) for one in self.baselines}
        days = (min(last, self.today) - first).days + 1
        return [
            {**asdict(one), "baseline": baseline}
            for one, baseline in zip(figures, beside(figures, known, max(days, 0)), strict=True)
        ]


def outcomes_view(outcomes: Outcomes) -> OutcomesView:
    """All of it, as it is shown."""
    wanted = outcomes.wanted
    whole = (wanted.first, wanted.last)
    periods = [
        {**_days(bounds), "figures": _shown(outcomes.figures(partners, bounds))}
        for bounds, partners in _with_bounds(outcomes)
    ]
    total = outcomes.figures(add_up(outcomes.periods.values()), whole)
    definitions = [
        {name: getattr(one, name) for name in DefinitionView.model_fields} for one in DEFINITIONS
    ]
    return OutcomesView.model_validate(
        {
            **_days(whole),
            "partner_id": wanted.partner_id,
            "by": wanted.by,
            "total": _shown(total),
            "periods": periods,
            "definitions": definitions,
            "baselines": [baseline_view(one) for one in outcomes.baselines],
        }
    )


def as_csv(outcomes: Outcomes) -> str:
    """A line for each period and figure."""
    whose = outcomes.wanted.partner_id
    rows = (
        (*(whose, *bounds, one["name"], one["unit"].value), *(one[name] for name in _COLUMNS[5:]))
        for bounds, partners in _with_bounds(outcomes)
        for one in outcomes.figures(partners, bounds)
    )
    return csv_of(_COLUMNS, rows)


def baseline_view(row: OutcomeBaselineRow) -> BaselineView:
    """A baseline as it is shown."""
    return BaselineView.model_validate(
        {
            **_days((row.first_day, row.last_day)),
            **{name: getattr(row, name) for name in ("partner_id", "figure", "source", "given_at")},
            "unit": FIGURES[row.figure].unit,
            "value": _text(row.value),
            "numerator": _text(row.numerator),
            "denominator": row.denominator,
        }
    )


def _with_bounds(
    outcomes: Outcomes,
) -> list[tuple[tuple[date, date], Sequence[PartnerSums]]]:
    return [(outcomes.bounds(begin), partners) for begin, partners in outcomes.periods.items()]


def _days(bounds: tuple[date, date]) -> dict[str, date]:
    return dict(zip(("from", "to"), bounds, strict=True))


def _shown(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    decimals = ("value", "numerator", "baseline")
    return [{**one, **{name: _text(one[name]) for name in decimals}} for one in figures]


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"
