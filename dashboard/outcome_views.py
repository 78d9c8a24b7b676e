"""Periods of outcomes as pages show them: the charts, and the same in a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from babel.dates import format_date

from contracts.outcomes.figures import Figure, Unit
from contracts.outcomes.periods import By, begin_of, end_of
from contracts.outcomes.targets import TARGETS, exact
from dashboard.line_charts import Level, LineChart
from dashboard.outcome_figures import FigureText, figures_said, share_said
from dashboard.state_texts import GOOD
from dashboard.translations import Words
from store.outcomes.reading import Range

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Period:
    """A day or a week, with its figures in words; without any where nothing was counted."""

    name: str
    figures: Mapping[str, FigureText]


def day_said(t: Words, day: date, *, year: bool = False) -> str:
    """A day: `23 Nov`, or `23 Nov 2026`."""
    return str(format_date(day, "d MMM y" if year else "d MMM", t.language))


def days_said(t: Words, first: date, last: date) -> str:
    """From a day to another: `23 Nov to 29 Nov 2026`."""
    if first == last:
        return day_said(t, first, year=True)
    begun = day_said(t, first, year=first.year != last.year)
    return t("outcomes-days", first=begun, last=day_said(t, last, year=True))


def begins_of(wanted: Range) -> Iterator[date]:
    """The first day of each period of a range, whether anything was counted in it or not."""
    begin = begin_of(wanted.first, wanted.by)
    while begin <= wanted.last:
        yield begin
        begin = end_of(begin, wanted.by) + timedelta(days=1)


def label_of(t: Words, begin: date, wanted: Range) -> str:
    """A period by its first day in the range."""
    return day_said(t, max(begin, wanted.first))


def periods_said(t: Words, wanted: Range, figures: Mapping[date, Sequence[Figure]]) -> list[Period]:
    """The periods in words, the last one first."""
    found = []
    for begin, counted in sorted(figures.items(), reverse=True):
        first, last = max(begin, wanted.first), min(end_of(begin, wanted.by), wanted.last)
        name = day_said(t, first) if wanted.by is By.DAY else days_said(t, first, last)
        found.append(Period(name, figures_said(t, counted)))
    return found


def charts_of(
    t: Words, names: Sequence[str], wanted: Range, figures: Mapping[date, Sequence[Figure]]
) -> list[LineChart]:
    """A chart for each of these figures of which anything is known."""
    begins = list(begins_of(wanted))
    labels = [label_of(t, begin, wanted) for begin in begins]
    by_name = {begin: {one.name: one for one in found} for begin, found in figures.items()}
    charts = [
        _chart(t, name, labels, [by_name.get(begin, {}).get(name) for begin in begins])
        for name in names
    ]
    return [one for one in charts if any(value is not None for value in one.values)]


def _chart(
    t: Words, name: str, labels: Sequence[str], figures: Sequence[Figure | None]
) -> LineChart:
    is_share = any(one is not None and one.unit is Unit.SHARE for one in figures)
    target = TARGETS.get(name)
    levels = []
    if target is not None:
        words = t("outcomes-target-of", target=share_said(t, target))
        levels.append(Level(words, GOOD, _shown(target, is_share=True)))
    return LineChart(
        title=t("outcomes-chart", figure=t(f"outcome-{name}")),
        name=t(f"outcome-{name}"),
        labels=labels,
        values=[_number(one, is_share=is_share) for one in figures],
        levels=levels,
        unit=" %" if is_share else "",
        most=Decimal(100) if is_share else None,
        from_zero=not is_share,
    )


def _number(figure: Figure | None, *, is_share: bool) -> Decimal | None:
    value = exact(figure) if figure else None
    return None if value is None else _shown(value, is_share=is_share)


def _shown(value: Decimal, *, is_share: bool) -> Decimal:
    """As the chart has it: in percent, to the hundredth, never rounded up."""
    shown = (value * 100 if is_share else value).quantize(_HUNDREDTH, ROUND_DOWN)
    whole = shown.to_integral_value()
    return whole if shown == whole else shown
