"""The numbers of a chart of one line, as `templates/chart.html` draws it: a share or a rate over
days or weeks, on a scale that shows what changes, with what was promised as a level across."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

_MOST_GUIDES = 5
_MOST_LABELS = 6
_STEPS = tuple(
    Decimal(f"{Decimal(one).scaleb(power):f}") for power in range(-2, 6) for one in ("1", "2", "5")
)
"""With their zeros: Decimal writes ten as 1E+1 otherwise, and its multiples so, too."""


@dataclass(frozen=True)
class Level:
    """A number across the whole chart. `tone` is its colour: good, waiting or quiet."""

    name: str
    tone: str
    value: Decimal


@dataclass(frozen=True)
class Point:
    """One number; `x` and `y` are its place in percent, from the left and from the top."""

    x: Decimal
    y: Decimal
    label: str
    value: Decimal


@dataclass(frozen=True)
class LineChart:
    """A number for each label, None where there is none: the line has a gap there. `most` is where
    the scale ends at the latest: 100 for what is in percent."""

    title: str
    name: str
    labels: Sequence[str]
    values: Sequence[Decimal | None]
    levels: Sequence[Level] = ()
    unit: str = ""
    most: Decimal | None = None
    from_zero: bool = False

    @property
    def runs(self) -> Iterator[list[Point]]:
        """The points of the line, between its gaps."""
        run: list[Point] = []
        for column, value in enumerate(self.values):
            if value is None:
                if run:
                    yield run
                run = []
            else:
                run.append(Point(self._x(column), self.y(value), self.labels[column], value))
        if run:
            yield run

    @cached_property
    def guides(self) -> Sequence[Decimal]:
        """The numbers that have a line across: round ones, around all that is shown."""
        numbers = [one for one in self.values if one is not None]
        numbers += [one.value for one in self.levels]
        low = Decimal(0) if self.from_zero else min(numbers, default=Decimal(0))
        high = max(numbers, default=Decimal(1))
        step = next((one for one in _STEPS if one * (_MOST_GUIDES - 1) >= high - low), _STEPS[-1])
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
        guides = [step * number for number in range(int(first), int(last) + 1)]
        return [one for one in guides if self.most is None or one <= self.most] or guides

    @property
    def labels_shown(self) -> Iterator[tuple[Decimal, str]]:
        """Some of the labels with their places: as many as there is room for."""
        every = max(1, -(-len(self.labels) // _MOST_LABELS))
        return ((self._x(at), label) for at, label in enumerate(self.labels) if at % every == 0)

    def y(self, value: Decimal) -> Decimal:
        """How far from the top a number is, in percent."""
        low, high = self.guides[0], self.guides[-1]
        return round(100 - 100 * (value - low) / (high - low or 1), 2)

    def _x(self, column: int) -> Decimal:
        return round(Decimal(100) * (2 * column + 1) / (2 * len(self.labels)), 2)
