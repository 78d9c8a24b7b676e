"""Children are started in order, started again when they die, and never left behind."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commands.errors import CommandFailed
from commands.program import Program
from commands.supervisor import Patience, Supervisor
from tests.commands.roll import Roll, open_roll
from tests.commands.running import start_python

ROOT = Path(__file__).parents[2]
HASTY = Patience(ready_within_s=20, first_pause_s=0.01, longest_pause_s=0.01, most_early_deaths=2)


@pytest.fixture
async def roll() -> AsyncIterator[Roll]:
    async with open_roll() as roll:
        yield roll


def program(roll: Roll, folder: Path, name: str = "child", **more: object) -> Program:
    values = {"command": roll.command(), "ready": roll.knows, "log": folder / f"{name}.log"} | more
    return Program(name=name, **values)  # type: ignore[arg-type]


class TestStart:
    async def test_waits_until_the_child_serves(self, roll: Roll, tmp_path: Path) -> None:
        async with Supervisor(print, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path))
            assert roll.pids, "start came back before the child had reported"

    async def test_a_child_that_ends_at_once_shows_its_last_words(
        self, roll: Roll, tmp_path: Path
    ) -> None:
        command = [sys.executable, "-c", "import sys; sys.exit('the port is taken')"]
        async with Supervisor(print, HASTY) as supervisor:
            with pytest.raises(CommandFailed, match=r"exit code 1 .* ends: the port is taken"):
                await supervisor.start(program(roll, tmp_path, command=command))

    async def test_a_child_that_never_serves_is_given_up(self, roll: Roll, tmp_path: Path) -> None:
        async def never(_pid: int) -> bool:
            return False

        async with Supervisor(print, Patience(ready_within_s=0.5)) as supervisor:
            with pytest.raises(CommandFailed, match="does not answer at its start"):
                await supervisor.start(program(roll, tmp_path, ready=never))

    async def test_the_log_of_the_run_before_is_kept(self, roll: Roll, tmp_path: Path) -> None:
        (tmp_path / "child.log").write_text("of yesterday")
        async with Supervisor(print, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path))
        assert (tmp_path / "child.previous.log").read_text() == "of yesterday"


class TestDeath:
    async def test_a_child_that_dies_is_started_again_and_said(
        self, roll: Roll, tmp_path: Path
    ) -> None:
        said: list[str] = []
        async with Supervisor(said.append, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path))
            first = await roll.next()
            os.kill(first.pid, signal.SIGKILL)
            second = await roll.next()
            assert second.pid != first.pid
        assert "child ended with signal 9 and is started again" in said[0]
        assert str(tmp_path / "child.log") in said[0]

    async def test_a_child_that_keeps_dying_ends_everything(
        self, roll: Roll, tmp_path: Path
    ) -> None:
        async def kill_whoever_comes() -> None:
            while True:
                os.kill((await roll.next()).pid, signal.SIGKILL)

        async with Supervisor(lambda _line: None, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path, "steady"))
            steady = await roll.next()
            await supervisor.start(program(roll, tmp_path, "sickly"))
            with pytest.raises(CommandFailed, match="sickly died 3 times soon after its start"):
                await supervisor.guard(kill_whoever_comes())
        await asyncio.wait_for(steady.gone.wait(), timeout=20)

    async def test_work_that_ends_first_gives_its_result(self, roll: Roll, tmp_path: Path) -> None:
        async def work() -> str:
            return "done"

        async with Supervisor(print, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path))
            assert await supervisor.guard(work()) == "done"


class TestStop:
    async def test_a_child_is_asked_first(self, roll: Roll, tmp_path: Path) -> None:
        async with Supervisor(print, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path))
            child = await roll.next()
        await asyncio.wait_for(child.gone.wait(), timeout=20)
        assert child.last_word == "asked to end"

    async def test_a_child_that_does_not_listen_is_killed_when_its_grace_is_over(
        self, roll: Roll, tmp_path: Path
    ) -> None:
        deaf = roll.command(at_term="pass")
        async with Supervisor(print, HASTY) as supervisor:
            await supervisor.start(program(roll, tmp_path, command=deaf, grace_s=0.2))
            child = await roll.next()
        await asyncio.wait_for(child.gone.wait(), timeout=20)

    async def test_nobody_is_waited_for_when_the_stopping_is_called_off(
        self, roll: Roll, tmp_path: Path
    ) -> None:
        deaf = roll.command(at_term="line.sendall(b' but it stays')")

        async def run_and_stop() -> None:
            async with Supervisor(print, HASTY) as supervisor:
                for name in ("first", "second"):
                    await supervisor.start(
                        program(roll, tmp_path, name, command=deaf, grace_s=1000.0)
                    )

        stopping = asyncio.create_task(run_and_stop())
        children = [await roll.next(), await roll.next()]
        await asyncio.wait_for(children[1].word.wait(), timeout=20)
        stopping.cancel()
        await asyncio.wait({stopping}, timeout=20)
        assert stopping.cancelled()
        for child in children:
            await asyncio.wait_for(child.gone.wait(), timeout=20)


class TestTheParent:
    async def test_ctrl_c_stops_all_of_them(self, roll: Roll, tmp_path: Path) -> None:
        parent = await _start_parent(roll, tmp_path)
        children = [await roll.next(), await roll.next()]
        await _says(parent, "up")
        parent.send_signal(signal.SIGINT)
        for child in children:
            await asyncio.wait_for(child.gone.wait(), timeout=20)
            assert child.last_word == "asked to end"
        await _says(parent, "stopped")
        assert await parent.wait() == 0

    @pytest.mark.parametrize("killed_while", ["starting", "running"])
    async def test_killed_it_leaves_no_child(
        self, roll: Roll, tmp_path: Path, killed_while: str
    ) -> None:
        parent = await _start_parent(roll, tmp_path)
        children = [await roll.next()]
        if killed_while == "running":
            children.append(await roll.next())
            await _says(parent, "up")
        parent.kill()
        await parent.wait()
        for child in children:
            await asyncio.wait_for(child.gone.wait(), timeout=20)
            assert child.last_word == ""


async def _start_parent(roll: Roll, folder: Path) -> asyncio.subprocess.Process:
    script = Path(__file__).with_name("supervised_parent.py")
    return await start_python(
        str(script), str(roll.port), str(folder), folder=ROOT, environment={"PYTHONPATH": str(ROOT)}
    )


async def _says(process: asyncio.subprocess.Process, line: str) -> None:
    assert process.stdout is not None
    said = await asyncio.wait_for(process.stdout.readline(), timeout=20)
    assert said.decode().strip() == line
