"""API and worker processes of several versions on one database, and an OMS that posts to them all
the time, as through a balancer: to those that are ready, and to none that is about to leave."""

import asyncio
import itertools
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from temporalio.client import Client

from commands.ports import LOOPBACK, free_ports
from commands.system import is_ready
from commands.temporal_server import pollers
from tests.commands.running import clean_environment
from tests.support.factories import make_event, make_groups, make_order
from tests.support.next_version import Version
from tests.support.parts import OPERATOR_KEY
from tests.support.waiting import eventually

_RATE = 20.0
"""Events a second."""

_STARTS_WITHIN_S = 90.0
_AUTHORIZATION = {"authorization": f"Bearer {OPERATOR_KEY}"}


@dataclass
class Fleet:
    """What runs. `apis` are those that the balancer gives posts to."""

    temporal: Client
    settings: Mapping[str, str]
    folder: Path
    client: httpx.AsyncClient
    apis: dict[str, Process] = field(default_factory=dict)
    workers: list[Process] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _started: list[Process] = field(default_factory=list)

    async def run(self, version: Version, *arguments: str, **settings: str) -> Process:
        """Start a command of a version; what it logs is in `<command>-<number>.log`."""
        log = self.folder / f"{arguments[0]}-{len(self._started)}.log"
        with log.open("wb") as to:
            process = await asyncio.create_subprocess_exec(
                *version.command(*arguments),
                cwd=self.folder,
                env=clean_environment(**self.settings, **settings),
                stdout=to,
                stderr=to,
            )
        self._started.append(process)
        return process

    def logged(self, process: Process) -> str:
        """What a process has said."""
        number = self._started.index(process)
        [log] = self.folder.glob(f"*-{number}.log")
        return log.read_text()

    async def add(self, version: Version) -> None:
        """Start an API and a worker beside those that run; returns once both are ready."""
        [port] = free_ports(1)
        url = f"http://{LOOPBACK}:{port}"
        api = await self.run(version, "api", DOORSTEP_API_PORT=str(port))
        worker = await self.run(version, "worker")
        await eventually(lambda: is_ready(url), timeout=_STARTS_WITHIN_S)
        await eventually(
            lambda: pollers(self.temporal),
            lambda seen: any(one.startswith(f"{worker.pid}@") for one in seen),
            timeout=_STARTS_WITHIN_S,
        )
        self.apis[url] = api
        self.workers.append(worker)

    async def retire_the_oldest(self) -> None:
        """End an API, which gets no posts from now on, and a worker, in good order."""
        url = next(iter(self.apis))
        leaving = [self.apis.pop(url), self.workers.pop(0)]
        for process in leaving:
            process.terminate()
        assert [await process.wait() for process in leaving] == [0, 0]

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Post events at a steady rate, whatever becomes of those before."""
        stop = asyncio.Event()
        posting = asyncio.create_task(self._post_until(stop))
        try:
            yield
        finally:
            stop.set()
            await posting

    async def more_are_taken(self, count: int = 40) -> None:
        """Return once so many more events were taken."""
        wanted = len(self.taken) + count

        async def taken() -> int:
            return len(self.taken)

        await eventually(taken, lambda seen: seen >= wanted)

    async def end(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _post_until(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as posts:
            for number in itertools.count():
                urls = list(self.apis)
                posts.create_task(self._post(urls[number % len(urls)], number))
                try:
                    await asyncio.wait_for(stop.wait(), 1 / _RATE)
                except TimeoutError:
                    continue
                return

    async def _post(self, url: str, number: int) -> None:
        order = make_order(order_id=f"ORD-{number}")
        event = make_event(data=make_groups(order=order))
        try:
            answer = await self.client.post(f"{url}/v1/events", json=event)
            said = str(answer.status_code)
        except httpx.HTTPError as error:
            said = repr(error)
        self.answers[said] += 1
        if said == "202":
            self.taken.append(event["event_id"])


@asynccontextmanager
async def open_fleet(
    temporal: Client, settings: Mapping[str, str], folder: Path
) -> AsyncIterator[Fleet]:
    """A fleet without a process yet; none is left at the end."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(headers=_AUTHORIZATION, timeout=30)
        )
        fleet = Fleet(temporal, settings, folder, client)
        stack.push_async_callback(fleet.end)
        yield fleet
