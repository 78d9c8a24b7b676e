"""The numbers of a chart of stacked bars; `templates/chart.html` draws them as SVG in the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_MOST_GUIDES = 5
_MOST_LABELS = 8
_SMALLEST_SCALE = 4


@dataclass(frozen=True)
class Series:
    """One number for each label of the chart. `tone` is its colour: good, bad, waiting or quiet;
    `places` are where each number leads, where it does."""

    name: str
    tone: str
    values: Sequence[int]
    places: Sequence[str | None] = ()


@dataclass(frozen=True)
class Bar:
    """One number of a series; `top` is where it ends on the scale, on top of those before it."""

    column: int
    top: int
    value: int
    series: Series

    @property
    def place(self) -> str | None:
        """Where it leads."""
        return self.series.places[self.column] if self.series.places else None


@dataclass(frozen=True)
class Chart:
    """A column for each label, and in it a bar for each series that is not nothing there."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def bars(self) -> Iterator[Bar]:
        """The bars, the first series at the bottom."""
        for column in range(len(self.labels)):
            top = 0
            for one in self.series:
                value = one.values[column]
                top += value
                if value:
                    yield Bar(column, top, value, one)

    @property
    def leads(self) -> bool:
        """Whether any of its bars is a link."""
        return any(bar.place for bar in self.bars)

    @cached_property
    def guides(self) -> range:
        """The numbers that have a line across: round ones, from nothing to the highest or more."""
        highest = max((bar.top for bar in self.bars), default=0)
        highest = max(highest, _SMALLEST_SCALE)
        step = _round_up(highest / _MOST_GUIDES)
        return range(0, highest + step, step)

    @property
    def labels_shown(self) -> Iterator[tuple[int, str]]:
        """Some of the labels with their columns: as many as there is room for."""
        every = max(1, len(self.labels) // _MOST_LABELS)
        return ((at, label) for at, label in enumerate(self.labels) if at % every == 0)


def _round_up(number: float) -> int:
    """To 1, 2 or 5, or ten, a hundred, a thousand times as many."""
    size = 1
    while size * 10 < number:
        size *= 10
    return next(size * one for one in (1, 2, 5, 10) if size * one >= number)
