"""The API, served as `doorstep api` serves it, for proxies to stand in front of."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from temporalio.client import Client

from api.app import create_app
from commands.ports import LOOPBACK, free_ports, listen
from commands.serve_api import serve_app
from contracts.delivery.retry import RetrySchedule
from dispatch.gateway import Gateway
from settings import Network
from store.db.database import Database
from tests.support.encryption import KEYRING
from tests.support.parts import OPERATOR_KEY, make_parts

AUTHORIZATION = {"authorization": f"Bearer {OPERATOR_KEY}"}


@dataclass(frozen=True)
class Api:
    """Where it listens on this machine, and a client that is signed in as the operator."""

    port: int
    client: httpx.AsyncClient


@asynccontextmanager
async def served_api(temporal: Client, database_url: str) -> AsyncIterator[Api]:
    """Serve it until the context ends."""
    database = Database(database_url, KEYRING)
    parts = make_parts(database, Gateway(temporal, RetrySchedule()))
    try:
        async with (
            served_app(create_app(lambda: contextlib.nullcontext(parts))) as port,
            client_of(port) as client,
        ):
            yield Api(port, client)
    finally:
        await parts.keys.settle()
        database.close()


@asynccontextmanager
async def served_app(app: FastAPI, *, proxies: Sequence[Network] = ()) -> AsyncIterator[int]:
    """Serve any app that way; gives its port."""
    [port] = free_ports(1)
    stop = asyncio.Event()
    with listen(LOOPBACK, port, "DOORSTEP_API_PORT") as listening:
        serving = asyncio.create_task(serve_app(app, listening, stop, proxies=proxies))
        try:
            yield port
        finally:
            stop.set()
            await serving


def client_of(port: int) -> httpx.AsyncClient:
    """A client of the API, or of a proxy before it, that is signed in as the operator."""
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=AUTHORIZATION, timeout=60)
