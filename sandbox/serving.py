"""An ASGI application on uvicorn inside the running event loop, on 127.0.0.1.

No signal handlers are installed, and starting and stopping are awaited, not polled for.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"


class LocalServer:
    """Starts with `start`, and `stop` returns when nothing is left of it."""

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as commands/ports.py
        self._server = _Server(app)
        self._port = port
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._port}"

    async def start(self) -> None:
        """Listen; OSError when the port is taken."""
        try:
            self._socket.bind((HOST, self._port))
        except OSError:
            self._socket.close()
            raise
        self._port = self._socket.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Finish what is being answered and stop."""
        self._server.stopping.set()
        if self._serving:
            await self._serving

    def reset_connection(self, client: tuple[str, int]) -> None:
        """Tear the connection of one client down with a TCP RST."""
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == client:
                plain_socket = connection.transport.get_extra_info("socket")
                linger = struct.pack("ii", 1, 0)
                plain_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                connection.transport.abort()


class _Server(uvicorn.Server):
    """uvicorn that waits for events where it would poll, and leaves signals alone."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self.listening, self.stopping = asyncio.Event(), asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program around."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when it listens."""
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        """Run until told to stop."""
        await self.on_tick(0)
        await self.stopping.wait()
