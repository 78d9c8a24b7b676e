"""README's way from nothing to a first delivery: its commands, run as they stand."""

import asyncio
import os
import re
import signal
import sys
import tomllib
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commands.ports import free_ports
from tests.commands.running import clean_environment
from tests.deployment.deployment_files import ROOT, code_blocks, faults_of_command
from tests.support.waiting import eventually

README = (ROOT / "README.md").read_text()
PATH = README.split("## The first delivery\n")[1].split("\n## ")[0]
RECEIVER_PORT = "9000"
PORTS = ("API", "POSTGRES", "TEMPORAL", "TEMPORAL_UI")
_UP_WITHIN_S = 120.0


def commands_of(text: str) -> list[list[str]]:
    """What is typed into each terminal of a document."""
    return [re.findall(r"^\$ (.+)", block, re.MULTILINE) for block in code_blocks(text, "console")]


@dataclass
class Terminal:
    """A shell that runs some commands, and what is seen in it so far."""

    process: Process
    seen: list[str] = field(default_factory=list)

    async def shows(self, words: str) -> str:
        """The line with these words, once it is there."""
        assert self.process.stdout is not None
        async with asyncio.timeout(_UP_WITHIN_S):
            while line := (await self.process.stdout.readline()).decode():
                self.seen.append(line)
                if words in line:
                    return line
        raise AssertionError("".join(self.seen))


@dataclass(frozen=True)
class Desktop:
    """A folder that looks like a fresh clone with its environment made, and ports of its own."""

    folder: Path
    variables: Mapping[str, str]
    port: int

    @asynccontextmanager
    async def terminal(self, commands: Sequence[str]) -> AsyncIterator[Terminal]:
        """Type these commands; Ctrl-C at the end."""
        script = "\n".join(["set -e", *commands]).replace(RECEIVER_PORT, str(self.port))
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", script),
            cwd=self.folder,
            env=clean_environment(**self.variables, PYTHONUNBUFFERED="1"),
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
        )
        try:
            yield Terminal(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all it has started
            await process.communicate()

    async def run(self, commands: Sequence[str]) -> str:
        """Type these commands, and see all that they print."""
        async with self.terminal(commands) as terminal:
            out, _ = await terminal.process.communicate()
            assert terminal.process.returncode == 0, out.decode()
            return out.decode()


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    """Nothing of Doorstep's is in it but the program."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    *ports, port = free_ports(len(PORTS) + 1)
    variables = {f"DOORSTEP_{name}_PORT": str(one) for name, one in zip(PORTS, ports, strict=True)}
    return Desktop(tmp_path, variables, port)


@pytest.mark.extended
@pytest.mark.timeout(300)
async def test_the_commands_of_the_readme_lead_to_a_delivery(desktop: Desktop) -> None:
    first, second, third = commands_of(PATH)
    assert first[0] == "make venv"  # what it makes is what runs this test
    async with desktop.terminal(first[1:]) as system:
        await system.shows("Ctrl-C stops everything")
        async with desktop.terminal(second) as receiver:
            await receiver.shows("takes webhooks at")
            sent = await desktop.run(third[:-1])
            event_id = sent.split()[0]
            received = await receiver.shows(event_id)
            assert received.startswith("order_confirmed ")
            assert "signature right" in received
            listed = await eventually(
                lambda: desktop.run(third[-1:]), lambda seen: "webhook delivered" in seen
            )
            assert event_id in listed


def test_every_command_of_the_readme_is_one() -> None:
    typed = [command for terminal in commands_of(README) for command in terminal]
    ours = [one.split(" > ")[0] for one in typed if one.startswith(".venv/bin/doorstep ")]
    assert len(ours) > 8
    for command in ours:
        words = command.split("#")[0].replace('"Chai Point"', "Chai").split()
        assert faults_of_command(words[1:]) == [], command


def test_its_version_and_its_licence_are_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"**State**: {project['version']}, not released" in README
    assert f'`pyproject.toml`: "{project["license"]["text"]}"' in README
    assert list(ROOT.glob("LICEN[CS]E*")) == []
