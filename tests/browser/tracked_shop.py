"""A shop that texts and has tracking pages, its orders, and how their pages are looked at."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client

from contracts.instructions.posts import OmsWebhook
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from tests.browser.axe import serious_faults, sticks_out
from tests.browser.seat import DESK_WIDTH, Seat
from tests.support.factories import make_event, make_groups, make_order
from tests.support.pictures import a_png
from tests.support.stack import Stack, open_stack
from tests.support.twilio import texter_on

SMALL = {"width": 360, "height": 740}


@asynccontextmanager
async def a_shop(
    client: Client, database: Database, oms: OmsWebhook | None = None
) -> AsyncIterator[tuple[Stack, str, TwilioSandbox]]:
    """The running system with a shop that texts and has tracking pages, and its Twilio."""
    async with AsyncExitStack() as everything:
        enter = everything.enter_async_context
        stack, twilio = await enter(open_stack(client, database)), await enter(TwilioSandbox())
        address = await enter(stack.called_by_twilio())
        await stack.add_partner(tier="smb", brand_color="#ffb300")
        logo = await stack.api.put("/v1/partners/shop/logo", content=a_png(64, 64))
        assert logo.status_code == 200
        await enter(stack.worker(texter=texter_on(twilio), oms=oms))
        yield stack, address, twilio


def happening(kind: str, order_id: str) -> dict[str, Any]:
    """An event of now, of an order that is paid on delivery and expected soon."""
    soon = datetime.now(UTC) + timedelta(minutes=40)
    order = make_order(
        order_id=order_id,
        payment_mode="cod",
        cod_amount={"amount": "1499.00"},
        estimated_delivery_at=soon.isoformat(),
    )
    rider = {
        **make_groups()["rider"],
        "vehicle_type": "two_wheeler",
        "vehicle_number": "KA05MJ1234",
    }
    return make_event(kind, data=make_groups(order=order, rider=rider))


async def link_of(stack: Stack, order_id: str) -> str:
    answer = await stack.api.post(
        f"/v1/orders/{order_id}/tracking-link", json={"partner_id": "shop"}
    )
    url: str = answer.json()["url"]
    return url


async def faults_of(seat: Seat, place: str) -> list[str]:
    """What is wrong with a page on a wide screen and on a small phone."""
    await seat.page.set_viewport_size(DESK_WIDTH)  # type: ignore[arg-type]
    await seat.page.goto(place)
    found = await serious_faults(seat.page)
    found += ["sticks out on a wide screen"] if await sticks_out(seat.page) else []
    await seat.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    return [*found, *(["sticks out on a phone"] if await sticks_out(seat.page) else [])]
