"""The receivers of docs/webhooks-for-partners.md, cut out of the page and run as they stand."""

import asyncio
import os
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer
from resolver import NameLookUps
from store.deliveries.attempts import ReadyAttempt
from tests.deployment.deployment_files import DOCS, code_blocks
from tests.support.parts import LOOPBACK
from tests.support.programs import NotInstalled, find_program
from tests.support.waiting import eventually

GUIDE = (DOCS / "webhooks-for-partners.md").read_text()
PACKAGES = Path(__file__).parent / "node"


@dataclass(frozen=True)
class Receiver:
    """A receiver that runs, and the product's own sender to reach it with."""

    process: Process
    sender: WebhookSender
    url: str

    async def deliver(self, event_id: str, body: bytes, secrets: Sequence[str]) -> Answer:
        """One attempt of a webhook, as the worker makes it."""
        ready = ReadyAttempt("att_1", 1, event_id, "ep_1", self.url, list(secrets), body)
        return await self.sender.post(ready, utc_now())

    async def next_line(self) -> str:
        """The next line that the receiver prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            return (await self.process.stdout.readline()).decode().strip()


Run = Callable[[str], AbstractAsyncContextManager[Receiver]]
"""Starts a receiver with a secret."""


@pytest.fixture(scope="session")
def python_receiver(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that runs the page's Python receiver."""
    [code] = code_blocks(GUIDE, "python")
    file = tmp_path_factory.mktemp("guide") / "receiver.py"
    file.write_text(code)
    return [sys.executable, str(file)]


@pytest.fixture(scope="session")
def node_receiver(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that runs the page's Node receiver, with its packages as they are locked."""
    try:
        node, npm = find_program("node"), find_program("npm")
    except NotInstalled as missing:
        pytest.fail(str(missing))
    [code] = code_blocks(GUIDE, "js")
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(PACKAGES, folder, dirs_exist_ok=True)
    subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=folder, check=True)
    (folder / "receiver.js").write_text(code)
    return [node, str(folder / "receiver.js")]


@pytest.fixture(
    params=["python_receiver", pytest.param("node_receiver", marks=pytest.mark.extended)]
)
def run(request: pytest.FixtureRequest, unused_tcp_port: int) -> Run:
    """Starts each receiver in turn."""
    command: list[str] = request.getfixturevalue(request.param)
    return lambda secret: _running(command, secret, unused_tcp_port)


@asynccontextmanager
async def _running(command: list[str], secret: str, port: int) -> AsyncIterator[Receiver]:
    environment = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    try:
        await eventually(lambda: _listens(port), ignoring=OSError)
        yield Receiver(process, sender, f"http://127.0.0.1:{port}/doorstep")
    finally:
        await sender.aclose()
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return True
