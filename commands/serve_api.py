"""The API as a process. It ends in good order on TERM."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.app import create_app, open_parts
from api.metrics_app import create_metrics_app
from api.middleware.request_checks import MOST_HEAD_BYTES
from commands.operator_key import require_operator_key, with_operator_key
from commands.ports import LOOPBACK, listen
from commands.signals import stop_on_signals
from commands.traced import traced
from settings import Network, Settings
from tracking.pages import load_pages

_FINISH_WITHIN_S = 10
_HAND_OVER_WITHIN_S = 0.0005
"""How long a thread that stores a batch keeps the interpreter from the loop that answers everybody;
Python's own 5 ms are waited for each time that the loop wakes up."""
KEEP_ALIVE_S = 75
"""Longer than the proxies in front keep an idle connection (nginx's upstreams and AWS's load
balancers 60 s): whoever sends on one must be the first to give it up."""


async def serve_api(settings: Settings) -> None:
    """Answer HTTP until a signal, then finish what is being answered."""
    sys.setswitchinterval(_HAND_OVER_WITHIN_S)
    stop = stop_on_signals()
    require_operator_key(settings)
    async with contextlib.AsyncExitStack() as stack:
        listening = stack.enter_context(
            listen(settings.api_host, settings.api_port, "DOORSTEP_API_PORT")
        )
        metrics_listening = _listen_for_metrics(stack, settings)
        telemetry = stack.enter_context(traced("doorstep-api"))
        parts = await stack.enter_async_context(open_parts(with_operator_key(settings), telemetry))
        await asyncio.to_thread(load_pages)
        app = create_app(lambda: contextlib.nullcontext(parts))
        serving = [serve_app(app, listening, stop, proxies=settings.proxies)]
        if metrics_listening is not None:
            metrics_app = create_metrics_app(parts.metrics, parts.database, parts.clock)
            serving.append(serve_app(metrics_app, metrics_listening, stop))
        await asyncio.gather(*serving)


def _listen_for_metrics(
    stack: contextlib.AsyncExitStack, settings: Settings
) -> socket.socket | None:
    """The socket of the metrics' own port; None where no port is set."""
    port = settings.api_metrics_port
    if port is None:
        return None
    return stack.enter_context(listen(settings.api_host, port, "DOORSTEP_API_METRICS_PORT"))


async def serve_app(
    app: ASGIApp,
    listening: socket.socket,
    stop: asyncio.Event,
    *,
    proxies: Sequence[Network] = (),
    keep_alive_s: int = KEEP_ALIVE_S,
) -> None:
    """Answer HTTP for an app until `stop` is set, then finish what is being answered.

    A connection on which no whole head has come for `keep_alive_s` is closed.
    What a request says of the client that a proxy had is believed to this machine and to `proxies`.
    """
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=_Protocol,
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
            timeout_keep_alive=keep_alive_s,
            forwarded_allow_ips=[LOOPBACK, *map(str, proxies)],
            timeout_graceful_shutdown=_FINISH_WITHIN_S,
        )
    )
    stopping = asyncio.create_task(server.end_after(stop))
    await server.serve(sockets=[listening])
    stopping.cancel()


class _Protocol(H11Protocol):
    """uvicorn's own, which waits for a first head without end: here as long as for a later one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self.loop.call_later(self.timeout_keep_alive, self._close_without_a_head)

    def _close_without_a_head(self) -> None:
        if self.cycle is None:
            self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to the program around it, so that a stop is exit code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program around."""
        yield

    async def end_after(self, stop: asyncio.Event) -> None:
        """Finish in good order once `stop` is set."""
        await stop.wait()
        self.should_exit = True
