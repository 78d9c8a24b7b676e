"""Progress bars on the screen: one for what is worked through, or one for each column of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from commands.encryption import Progress
from store.encryption.columns import SealedColumn

_PARTS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """Show how far a rotation is; columns with nothing to do are not shown."""
    with Bars(*_PARTS, console=console) as bars:
        tasks: dict[SealedColumn, TaskID] = {}

        def show(column: SealedColumn, done: int, total: int) -> None:
            if not total:
                return
            if column not in tasks:
                tasks[column] = bars.add_task(f"{column.table}.{column.column}", total=total)
            bars.update(tasks[column], completed=done)

        yield show


@contextmanager
def progress_bar(what: str, console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """Show how many are done, of how many: on standard error, and only where it is a terminal, so
    that what a command prints stays what a program can read."""
    console = console or Console(stderr=True)
    with Bars(*_PARTS, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=None)

        def show(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield show
