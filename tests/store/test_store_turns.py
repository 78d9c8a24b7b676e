"""Turns at writing to one SQLite file: in the order of asking, and never waited for in vain."""

import asyncio
import fcntl
import os
import sys
import threading
from pathlib import Path

import pytest

from store.turns import WriteTurns
from tests.support.waiting import eventually

_LONG_S = 30.0
_HOLD = """
import sys
from pathlib import Path
from store.turns import WriteTurns
with WriteTurns(Path(sys.argv[1]), 30).turn():
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database's name."""
    return tmp_path / "doorstep.db"


class Writer:
    """A process, here a thread, that takes a turn when it may and says so in `order`."""

    def __init__(self, file: Path, name: str, order: list[str], patience_s: float = _LONG_S):
        self.turns = WriteTurns(file, patience_s)
        self._name, self._order = name, order
        self._thread = threading.Thread(target=self._take)

    def ask(self) -> None:
        """Ask for a turn."""
        self._thread.start()

    def served(self) -> None:
        """Wait until it has had its turn."""
        self._thread.join(_LONG_S)
        assert not self._thread.is_alive()
        self.turns.close()

    def _take(self) -> None:
        with self.turns.turn():
            self._order.append(self._name)


async def test_who_asked_first_is_next_before_the_one_that_just_wrote(file: Path) -> None:
    order: list[str] = []
    busy, seldom = WriteTurns(file, _LONG_S), Writer(file, "seldom", order)
    with busy.turn():
        seldom.ask()
        await eventually(lambda: _stands_in_line(file))
    with busy.turn():
        order.append("busy again")
    seldom.served()
    assert order == ["seldom", "busy again"]
    busy.close()


async def test_a_process_that_stopped_in_its_turn_is_not_waited_for_for_ever(file: Path) -> None:
    order: list[str] = []
    stopped, impatient = WriteTurns(file, _LONG_S), Writer(file, "impatient", order, 0.0)
    with stopped.turn():
        impatient.ask()
        impatient.served()
    assert order == ["impatient"]
    stopped.close()


async def test_a_killed_process_leaves_its_turn(file: Path) -> None:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _HOLD, str(file)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"mine\n"
    order: list[str] = []
    waiting = Writer(file, "the next", order)
    waiting.ask()
    await eventually(lambda: _stands_in_line(file))
    assert order == []
    holder.kill()
    await holder.wait()
    waiting.served()
    assert order == ["the next"]


async def _stands_in_line(file: Path) -> bool:
    """Whether somebody holds the lock that says who is next."""
    following = os.open(f"{file}-next", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(following, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(following)
    return False
