"""The product's app without Temporal, and a customer with a link."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from temporalio.client import Client

from contracts.delivery.retry import RetrySchedule
from contracts.sms.rules import TextRules
from dispatch.gateway import Gateway
from store.db.database import Database
from tests.support.bare_app import BARE_APP
from tests.support.customer import Customer
from tests.support.parts import make_parts
from tests.support.shelf import Shelf

ADDRESS = "http://doorstep.test"


@pytest.fixture
async def customer(
    database: Database, shelf: Shelf, unused_tcp_port: int
) -> AsyncIterator[Customer]:
    """A customer of the partner `shop`, which has tracking pages, before anything has happened."""
    await shelf.add_partner(tier="smb", brand_color="#0b6e4f")
    nowhere = await Client.connect(f"127.0.0.1:{unused_tcp_port}", lazy=True)
    transport = httpx.ASGITransport(BARE_APP, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
        customer = Customer(shelf, http, BARE_APP)
        parts = make_parts(database, Gateway(nowhere, RetrySchedule()), lambda: customer.now)
        BARE_APP.state.parts = replace(parts, text_rules=TextRules(public_url=ADDRESS))
        yield customer
