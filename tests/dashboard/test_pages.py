"""What pages are made of is read beside the taking of events, not in its way."""

import asyncio
import threading
from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_app
from dashboard import pages
from tests.support.factories import make_event
from tests.support.parts import OPERATOR_KEY
from tests.support.stack import Stack


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app whose first page is still to come, with the operator's key."""
    assert stack.app is not None
    app = create_app(lambda: pytest.fail("never opened"))
    app.state.parts = stack.app.state.parts
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {OPERATOR_KEY}"},
    ) as client:
        yield client


async def test_the_first_page_delays_no_event(
    client: httpx.AsyncClient, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stack.add_partner()
    begun, go_on, read = threading.Event(), threading.Event(), pages.read_all

    def read_slowly() -> None:
        begun.set()
        assert go_on.wait(20), "nothing else was done meanwhile"
        read()

    monkeypatch.setattr(pages, "read_all", read_slowly)
    first_page = asyncio.create_task(client.get("/dashboard/sign-in"))
    assert await asyncio.to_thread(begun.wait, 20)
    assert (await client.post("/v1/events", json=make_event())).status_code == 202
    go_on.set()
    assert (await first_page).status_code == 200
