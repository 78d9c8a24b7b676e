"""Progress bars on the screen, one for each column that is worked through."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from commands.encryption import Progress
from store.encryption.columns import SealedColumn


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """Show how far a rotation is; columns with nothing to do are not shown."""
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*parts, console=console) as bars:
        tasks: dict[SealedColumn, TaskID] = {}

        def show(column: SealedColumn, done: int, total: int) -> None:
            if not total:
                return
            if column not in tasks:
                tasks[column] = bars.add_task(f"{column.table}.{column.column}", total=total)
            bars.update(tasks[column], completed=done)

        yield show
