"""The API while Temporal is away: all that needs no workflow."""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from contracts.delivery.retry import RetrySchedule
from dispatch.gateway import Gateway
from store.db.database import Database
from tests.support.bare_app import app_with
from tests.support.parts import OPERATOR_KEY, make_parts
from tests.support.shelf import Shelf
from tests.support.stack import Stack

ClientFor = Callable[[FastAPI, str | None], httpx.AsyncClient]


@pytest.fixture
async def nowhere(unused_tcp_port: int) -> Client:
    """A client of a Temporal that nobody runs."""
    return await Client.connect(f"127.0.0.1:{unused_tcp_port}", lazy=True)


@pytest.fixture
def gateway(nowhere: Client) -> Gateway:
    """A gateway to that Temporal."""
    return Gateway(nowhere, RetrySchedule())


@pytest.fixture
def app(database: Database, gateway: Gateway) -> Iterator[FastAPI]:
    """The product's app on these parts."""
    with app_with(make_parts(database, gateway)) as app:
        yield app


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a key."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://doorstep.test"
    ) as client:
        yield client


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the operator's key."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {OPERATOR_KEY}"},
    ) as client:
        yield client


@pytest.fixture
async def lonely(
    nowhere: Client, database: Database, gateway: Gateway, api: httpx.AsyncClient
) -> Stack:
    """The stack's short ways, without Temporal; a partner called `shop` is there."""
    stack = Stack(nowhere, database, gateway, api, task_queue="none")
    await stack.add_partner()
    return stack


@pytest.fixture
def shelf(lonely: Stack) -> Shelf:
    """A look into the database, where the partner `shop` is."""
    return Shelf(lonely.database)
