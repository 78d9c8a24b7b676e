"""Outcomes as the API answers with them: in JSON, and as CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Response

from contracts.outcomes.baseline_views import BaselineView
from contracts.outcomes.baselines import FIGURES, beside
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import Definition, Figure, PartnerSums, add_up, figures_of
from contracts.outcomes.periods import end_of
from contracts.outcomes.views import DefinitionView, OutcomesView
from contracts.spreadsheet import MEDIA_TYPE, Cell, csv_of
from store.outcomes.baselines import baseline_of
from store.outcomes.reading import Range
from store.tables import OutcomeBaselineRow

COLUMNS = (
    *("partner_id", "from", "to", "figure", "unit", "value", "numerator", "denominator"),
    "baseline",
)
CSV_EXAMPLE = (
    f"{','.join(COLUMNS)}\r\n"
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
        figures = figures_of(partners, DEFINITIONS)
        return with_baselines(figures, self.before(figures, bounds))

    def before(
        self, figures: Sequence[Figure], bounds: tuple[date, date]
    ) -> Sequence[Decimal | None]:
        """What each of these figures was before, of as many days."""
        known = {one.figure: baseline_of(one) for one in self.baselines}
        return beside(figures, known, days_until(self.today, bounds))


def days_until(today: date, bounds: tuple[date, date]) -> int:
    """How many of these days have come."""
    first, last = bounds
    return max((min(last, today) - first).days + 1, 0)


def with_baselines(
    figures: Sequence[Figure], before: Sequence[Decimal | None]
) -> list[dict[str, Any]]:
    """Figures with what each was before."""
    return [
        {**asdict(one), "baseline": baseline} for one, baseline in zip(figures, before, strict=True)
    ]


def outcomes_view(outcomes: Outcomes) -> OutcomesView:
    """All of it, as it is shown."""
    wanted = outcomes.wanted
    whole = (wanted.first, wanted.last)
    periods = [
        {**days_shown(bounds), "figures": shown(outcomes.figures(partners, bounds))}
        for bounds, partners in _with_bounds(outcomes)
    ]
    total = outcomes.figures(add_up(outcomes.periods.values()), whole)
    return OutcomesView.model_validate(
        {
            **days_shown(whole),
            "partner_id": wanted.partner_id,
            "by": wanted.by,
            "total": shown(total),
            "periods": periods,
            "definitions": in_words(DEFINITIONS),
            "baselines": [baseline_view(one) for one in outcomes.baselines],
        }
    )


def in_words(definitions: Iterable[Definition]) -> list[dict[str, Any]]:
    """What figures are, as it is shown."""
    names = DefinitionView.model_fields
    return [{name: getattr(one, name) for name in names} for one in definitions]


def csv_answer(outcomes: Outcomes) -> Response:
    """A line for each period and figure."""
    whose = outcomes.wanted.partner_id
    rows = (
        row_of(whose, bounds, one)
        for bounds, partners in _with_bounds(outcomes)
        for one in outcomes.figures(partners, bounds)
    )
    return csv_file(rows)


def row_of(
    partner_id: str | None, bounds: tuple[date, date], figure: Mapping[str, Any]
) -> Sequence[Cell]:
    """A figure with its baseline in the columns of the CSV."""
    numbers = (figure[name] for name in COLUMNS[5:])
    return (partner_id, *bounds, figure["name"], figure["unit"].value, *numbers)


def csv_file(rows: Iterable[Sequence[Cell]]) -> Response:
    """Rows as a file to be saved."""
    headers = {"content-disposition": 'attachment; filename="outcomes.csv"'}
    return Response(csv_of(COLUMNS, rows), media_type=MEDIA_TYPE, headers=headers)


def baseline_view(row: OutcomeBaselineRow) -> BaselineView:
    """A baseline as it is shown."""
    return BaselineView.model_validate(
        {
            **days_shown((row.first_day, row.last_day)),
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


def days_shown(bounds: tuple[date, date]) -> dict[str, date]:
    """The first and the last day as they are named."""
    return dict(zip(("from", "to"), bounds, strict=True))


def shown(figures: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Figures with their baselines as JSON has them: exact, as strings."""
    decimals = ("value", "numerator", "baseline")
    return [{**one, **{name: _text(one[name]) for name in decimals}} for one in figures]


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"
