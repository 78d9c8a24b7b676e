"""The product's app behind a real HTTP server, on a port of this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from sandbox.tls import Certificate
from tests.support.waiting import eventually


@asynccontextmanager
async def serving(app: FastAPI, certificate: Certificate | None = None) -> AsyncIterator[str]:
    """Serve the app, whose parts are there already, over TLS where there is a certificate; gives
    its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_config=None, log_level="warning")
    if certificate is not None:
        config.load()
        config.ssl = certificate.server_context()
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listening]))

    async def started() -> bool:
        return server.started

    await eventually(started)
    try:
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
