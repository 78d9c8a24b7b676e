"""The worker's metrics over HTTP, on a thread of their own: a busy loop still shows them."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server

from commands.ports import require_free

_VARIABLE = "DOORSTEP_WORKER_METRICS_PORT"


@contextmanager
def served_metrics(registry: CollectorRegistry, host: str, port: int | None) -> Iterator[None]:
    """Serve a registry at `/metrics` for as long as the context lasts; nowhere without a port.

    ConfigurationError names the variable to change when the port cannot be listened on.
    """
    if port is None:
        yield
        return
    require_free(host, port, _VARIABLE)
    server, thread = start_http_server(port, host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
