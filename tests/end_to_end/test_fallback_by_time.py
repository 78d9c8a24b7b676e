"""Customers have their OTP by text when the schedule ends, whatever the webhook waits for; and the
webhook goes on."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowHistory

from activities.webhook_sender import WebhookSender
from resolver import NameLookUps
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from sandbox.twilio import TwilioSandbox
from store.tables import EndpointRow
from tests.end_to_end.test_endpoint_down import let_it_be_probed, open_breaker
from tests.support.factories import make_event, make_groups, make_order
from tests.support.parts import LOOPBACK
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.twilio import texter_on
from tests.support.waiting import eventually

CUSTOMERS = 32
SCHEDULE = timedelta(minutes=10, seconds=30)
OTHERS = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")


def in_words(trouble: "Trouble") -> str:
    """The name of a case."""
    return type(trouble).__name__.lower()


@dataclass
class Shop:
    """A partner with the fallback on, its one endpoint, and the events that were sent."""

    stack: Stack
    merchant: Merchant
    endpoint_id: str = ""
    events: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Create the partner and its endpoint."""
        await self.stack.add_partner(sms_fallback=True)
        self.endpoint_id = (await self.stack.add_endpoint(self.merchant.url))["id"]

    async def send(self, count: int) -> None:
        """Send an OTP to so many more customers."""
        for number in range(len(self.events), len(self.events) + count):
            customer = {"name": "Asha", "phone": f"+9198765432{number:02}"}
            order = make_order(order_id=f"ORD-{number}", customer=customer)
            event = make_event("out_for_delivery", data=make_groups(order=order))
            self.events.append(await self.stack.send(event))

    async def become(self, state: str) -> None:
        """Switch the endpoint."""
        address = f"/v1/endpoints/{self.endpoint_id}"
        answer = await self.stack.api.patch(address, json={"state": state})
        assert answer.status_code == 200, answer.text

    async def recover(self) -> None:
        """Switch the endpoint on and send what waits."""
        await self.become("enabled")
        answer = await self.stack.api.post(f"/v1/endpoints/{self.endpoint_id}/recoveries")
        assert answer.status_code == 202, answer.text


class Trouble:
    """What keeps the webhooks from arriving, and what ends it."""

    behaviour: Answer | Hang = Answer(200)
    request_time = 20.0

    @asynccontextmanager
    async def beside(self, stack: Stack) -> AsyncIterator[None]:
        """What else goes on meanwhile: nothing."""
        yield

    async def begin(self, shop: Shop) -> None:
        """Send to every customer while it lasts."""
        await shop.send(CUSTOMERS)

    async def end(self, shop: Shop) -> None:
        """The merchant is well again, and somebody says so."""
        shop.merchant.behave(Answer(200))
        await shop.recover()


class Failing(Trouble):
    """503 to everything: the first ones fail, the rest is held by the breaker."""

    behaviour = Answer(503)

    async def begin(self, shop: Shop) -> None:
        """Send some before the breaker opens and some after."""
        await shop.send(8)
        for event_id in shop.events:
            await shop.stack.deliveries(event_id, "dead_lettered", "delivered")
        await open_breaker(shop.stack.database, shop.endpoint_id)
        await shop.send(CUSTOMERS - 8)

    async def end(self, shop: Shop) -> None:
        """The next probe finds the merchant well."""
        shop.merchant.behave(Answer(200))
        await let_it_be_probed(shop.stack.database, shop.endpoint_id)


class Gone(Trouble):
    """410: the first one is a dead letter and switches the endpoint off."""

    behaviour = Answer(410)


class Paused(Trouble):
    """Its owner paused the endpoint."""

    async def begin(self, shop: Shop) -> None:
        """Pause it first."""
        await shop.become("paused")
        await shop.send(CUSTOMERS)


class Hanging(Trouble):
    """It hangs, and so do others: taken for our own network, at least for a while."""

    behaviour = Hang()
    request_time = 4.0

    @asynccontextmanager
    async def beside(self, stack: Stack) -> AsyncIterator[None]:
        """Merchants on other hosts, which hang as well."""
        async with AsyncExitStack() as merchants:
            for number, host in enumerate(OTHERS):
                partner, hanging = f"other-{number}", Merchant(host=host, behaviour=Hang())
                await merchants.enter_async_context(hanging)
                await stack.add_partner(partner)
                await stack.add_endpoint(hanging.url, partner)
                await stack.send(make_event(partner_id=partner))
            yield

    async def end(self, shop: Shop) -> None:
        """The merchant answers again; a probe finds out where the breaker opened meanwhile."""
        shop.merchant.behave(Answer(200))
        shelf = Shelf(shop.stack.database)
        if (await shelf.one(EndpointRow, shop.endpoint_id)).opened_at is not None:
            await let_it_be_probed(shop.stack.database, shop.endpoint_id)


async def when_texted(stack: Stack, event_id: str) -> timedelta:
    """How long after the start of its workflow the event's text was sent, in the server's time."""
    history = await eventually(
        stack.handle(event_id).fetch_history, lambda seen: _sent_at(seen) is not None
    )
    sent_at = _sent_at(history)
    assert sent_at is not None
    return sent_at - history.events[0].event_time.ToDatetime()


def _sent_at(history: WorkflowHistory) -> datetime | None:
    texts = set()
    for one in history.events:
        scheduled = one.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == "send_sms":
            texts.add(one.event_id)
        if one.activity_task_completed_event_attributes.scheduled_event_id in texts:
            return one.event_time.ToDatetime()
    return None


@pytest.mark.parametrize("trouble", [Failing(), Gone(), Paused(), Hanging()], ids=in_words)
@pytest.mark.extended
@pytest.mark.timeout(600)
async def test_each_customer_is_texted_once_in_time_and_each_webhook_arrives_once(
    stack: Stack, trouble: Trouble
) -> None:
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), request_time=trouble.request_time)
    async with (
        TwilioSandbox() as twilio,
        Merchant(behaviour=trouble.behaviour) as merchant,
        stack.worker(texter=texter_on(twilio), sender=sender),
        trouble.beside(stack),
    ):
        shop = Shop(stack, merchant)
        await shop.open()
        await trouble.begin(shop)
        await twilio.wait_for(CUSTOMERS, timeout=240)
        for event_id in shop.events:
            assert await when_texted(stack, event_id) <= SCHEDULE
        await trouble.end(shop)
        for event_id in shop.events:
            await stack.deliveries(event_id, "delivered", "delivered", timeout=60)
    assert Counter(one.to for one in twilio.messages) == Counter(
        f"+9198765432{number:02}" for number in range(CUSTOMERS)
    )
    taken = Counter(one.webhook_id for one in merchant.received if one.accepted)
    assert taken == Counter(shop.events)
