"""The receivers of the documents, cut out of their pages and run as they stand."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer
from contracts.payload.events import EventType
from resolver import NameLookUps
from store.deliveries.attempts import ReadyAttempt
from tests.partner_guide.examples import RECEIVERS, Example, Programs
from tests.support.parts import LOOPBACK
from tests.support.waiting import eventually


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
        """The next line that the receiver prints of an event; frameworks greet before."""
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            while not (line := (await self.process.stdout.readline()).decode()).startswith(_TYPES):
                assert line, "the receiver has ended"
        return line.strip()


_TYPES = tuple(EventType)

Run = Callable[[str], AbstractAsyncContextManager[Receiver]]
"""Starts a receiver with a secret."""


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """What the receivers run with, installed where it is first asked for."""
    return Programs(tmp_path_factory.mktemp("programs"))


@pytest.fixture(
    params=[
        pytest.param(one, id=one.name, marks=() if one.quick else pytest.mark.extended)
        for one in RECEIVERS
    ]
)
def run(
    request: pytest.FixtureRequest, programs: Programs, tmp_path: Path, unused_tcp_port: int
) -> Run:
    """Starts each receiver in turn."""
    example: Example = request.param
    command = programs.command(example, unused_tcp_port)
    return lambda secret: _running(command, secret, unused_tcp_port, tmp_path)


@asynccontextmanager
async def _running(
    command: Sequence[str], secret: str, port: int, folder: Path
) -> AsyncIterator[Receiver]:
    own = {"WEBHOOK_SECRET": secret, "PORT": str(port), "TMPDIR": str(folder)}
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **own}, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    try:
        await eventually(lambda: listens(port), ignoring=OSError)
        yield Receiver(process, sender, f"http://127.0.0.1:{port}/doorstep")
    finally:
        await sender.aclose()
        process.terminate()
        await process.wait()


async def listens(port: int) -> bool:
    """Whether something takes connections there; OSError where it does not."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return True
