"""The worker's own HTTP, on threads of its own: a busy event loop is still measured, and a frozen
one found out.

| path | is |
| --- | --- |
| `/metrics` | what it counts |
| `/healthz` | 200 while its event loop turns, else 503 within seconds |
| `/readyz` | 200 while it polls Temporal and the database answers, else 503 |
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from background.health import WorkerHealth
from commands.ports import address_family, require_free

_VARIABLE = "DOORSTEP_WORKER_METRICS_PORT"
_LOOKS_EVERY_S = 0.05
"""Whether it is to end: a stop waits for it."""

_OK, _UNAVAILABLE, _NOT_FOUND = "200 OK", "503 Service Unavailable", "404 Not Found"

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


@contextmanager
def served_worker(
    registry: CollectorRegistry, health: WorkerHealth, host: str, port: int | None
) -> Iterator[None]:
    """Serve for as long as the context lasts; nowhere without a port.

    ConfigurationError names the variable to change when the port cannot be listened on.
    """
    if port is None:
        yield
        return
    require_free(host, port, _VARIABLE)
    kind = type("_Server", (ThreadingWSGIServer,), {"address_family": address_family(host)})
    server: WSGIServer = make_server(host, port, application(registry, health), kind, _Silent)
    with server:
        thread = threading.Thread(
            target=server.serve_forever, args=(_LOOKS_EVERY_S,), name="worker-http", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def application(registry: CollectorRegistry, health: WorkerHealth) -> Application:
    """What is served, as WSGI."""
    metrics: Application = make_wsgi_app(registry)

    def answer(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/metrics":
                return metrics(environ, start)
            case "/healthz":
                alive = health.is_alive()
                said = {"status": "ok" if alive else "its event loop does not turn"}
                return _json(start, _OK if alive else _UNAVAILABLE, said)
            case "/readyz":
                parts = health.readiness()
                ready = all(said == "ok" for said in parts.values())
                return _json(start, _OK if ready else _UNAVAILABLE, {"ready": ready, **parts})
        return _json(start, _NOT_FOUND, {"status": "not found"})

    return answer


def _json(start: StartResponse, status: str, document: Mapping[str, object]) -> list[bytes]:
    body = json.dumps(document).encode()
    length = str(len(body))
    start(status, [("content-type", "application/json"), ("content-length", length)])
    return [body]


class _Silent(WSGIRequestHandler):
    """Whoever asks every ten seconds need not be in the log."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""
