"""Turns at writing to one SQLite file, between processes, in the order of asking.

SQLite lets one writer in at a time and has the others sleep and try again, longer each time, while
a busy process takes the lock back at once: an API beside a busy worker then waited for a second
and more. Here a process that asks is next: it holds the `next` lock until it has the `turn` lock,
so a process that has just ended its turn stands in line behind it.

The kernel frees both locks when a process dies. A process that is stopped in the middle of its turn
is not waited for longer than the patience: then SQLite's own lock decides.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK_EVERY_S = 0.0005


class WriteTurns:
    """The turns of one SQLite file; used by one thread of each process."""

    def __init__(self, database: Path, patience_s: float) -> None:
        self._patience_s = patience_s
        self._database = database
        self._open: tuple[int, int] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for our turn, for as long as the patience lasts, and end it afterwards.

        Where the lock files cannot be made there are no turns: SQLite says what is wrong.
        """
        try:
            following, turn = self._files()
        except OSError:
            yield
            return
        until = time.monotonic() + self._patience_s
        try:
            if _locked(following, until):
                _locked(turn, until)
                fcntl.flock(following, fcntl.LOCK_UN)
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the lock files; they stay, because others may hold them open."""
        for descriptor in self._open or ():
            os.close(descriptor)
        self._open = None

    def _files(self) -> tuple[int, int]:
        if self._open is None:
            following = _lock_file(self._database, "next")
            self._open = following, _lock_file(self._database, "turn")
        return self._open


def _lock_file(database: Path, name: str) -> int:
    return os.open(f"{database}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(descriptor: int, until: float) -> bool:
    """Take a lock; False when `until` has passed first."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK_EVERY_S)
        else:
            return True
