"""What a demo shows: lines, and a table that moves where there is a terminal for it."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from commands.demo.merchants import CHAI, KAVERI, Receiver
from commands.demo.progress import Column, Progress, percentile
from store.deliveries.drafts import SMS_TARGET

_FRAMES_EVERY_S = 0.5
_LINES_EVERY_S = 2.0
_SHOWN = tuple(column for column in Column if column is not Column.OTHER)


@dataclass(frozen=True)
class ScreenState:
    """What is shown at one moment. `propagation_s` is sorted."""

    progress: Progress
    propagation_s: Sequence[float]
    receivers: Sequence[Receiver]


class Screen:
    """Prints to a console; long lines are left to the terminal to wrap."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()

    def say(self, line: str = "") -> None:
        """Print a line, above the moving table where there is one."""
        self._console.print(Text(line), soft_wrap=True)

    def headline(self, line: str) -> None:
        """Print a line that begins something."""
        self._console.print()
        self._console.print(Text(line, style="bold"), soft_wrap=True)

    def table(self, table: Table) -> None:
        """Print a table."""
        self._console.print(table)

    @asynccontextmanager
    async def following(self, look: Callable[[], Awaitable[ScreenState]]) -> AsyncIterator[None]:
        """Show what is seen as it changes, for as long as the context lasts, and its end."""
        follow = self._follow_live if self._console.is_terminal else self._follow_in_lines
        done = asyncio.Event()
        task = asyncio.create_task(follow(look, done))
        try:
            yield
        finally:
            done.set()
            await task

    async def _follow_live(
        self, look: Callable[[], Awaitable[ScreenState]], done: asyncio.Event
    ) -> None:
        with Live(console=self._console, auto_refresh=False) as live:
            while not done.is_set():
                live.update(self._frame(await look()), refresh=True)
                await _wait(done, _FRAMES_EVERY_S)
            live.update(self._frame(await look()), refresh=True)

    async def _follow_in_lines(
        self, look: Callable[[], Awaitable[ScreenState]], done: asyncio.Event
    ) -> None:
        while not done.is_set():
            self.say(self._line(await look()))
            await _wait(done, _LINES_EVERY_S)
        self.say(self._line(await look()))

    def _line(self, seen: ScreenState) -> str:
        return f"{time.monotonic() - self._began:5.0f} s  {in_words(seen)}"

    def _frame(self, seen: ScreenState) -> Group:
        return Group(targets(seen), Text(self._line(seen)))


def in_words(seen: ScreenState) -> str:
    """One line about everything."""
    progress = seen.progress
    webhooks = {column: progress.count(column, texts=False) for column in Column}
    return (
        f"events accepted {progress.ledger.accepted} · "
        f"delivered {webhooks[Column.DELIVERED]} · "
        f"retrying {webhooks[Column.RETRYING]} · "
        f"held {webhooks[Column.HELD]} · "
        f"dead-lettered {webhooks[Column.DEAD_LETTERED]} · "
        f"SMS {progress.count(Column.DELIVERED, texts=True)} · "
        f"propagation p50 {_ms(seen, 50)}, p95 {_ms(seen, 95)}"
    )


def targets(seen: ScreenState) -> Table:
    """A line for each endpoint, and for each shop's texts."""
    table = Table("to", "", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column in _SHOWN:
        table.add_column(column, justify="right")
    for one in seen.receivers:
        _add(table, seen, one.name, one.condition, (one.partner.id, one.endpoint_id))
    for partner, condition in ((KAVERI, "SMS only"), (CHAI, "fallback SMS")):
        _add(table, seen, str(partner.name), condition, (partner.id, SMS_TARGET))
    return table


def _add(
    table: Table, seen: ScreenState, name: str, condition: str, target: tuple[str, str]
) -> None:
    counts = seen.progress.by_target.get(target, Counter[Column]())
    table.add_row(name, condition, *(str(counts[column]) for column in _SHOWN))


def _ms(seen: ScreenState, percent: float) -> str:
    value = percentile(seen.propagation_s, percent)
    return "…" if value is None else f"{value * 1000:.0f} ms"


async def _wait(done: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await done.wait()
    except TimeoutError:
        pass
