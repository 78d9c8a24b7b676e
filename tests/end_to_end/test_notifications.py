"""An endpoint says 410: ops hears of it by a signed webhook, the partner by one text."""

import asyncio
import logging

import pytest

from contracts.ids import notification_workflow_id
from contracts.notifications.messages import MessageState
from contracts.notifications.webhooks import OpsWebhook
from contracts.payload.signature import new_secret
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from store.tables import NotificationMessageRow
from tests.support.factories import make_event
from tests.support.histories import everything_temporal_has
from tests.support.notifications import PHONE, messages_of, notifications_of, switched_off
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.twilio import texter_on
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

SECRET = new_secret()
PERSONAL = (PHONE, "9812345678", "Asha", "token=hook-secret", SECRET, "127.0.0.1")


async def settled(database: Database) -> list[NotificationMessageRow]:
    """The messages to ops and to the partner, once they have ended."""
    messages = await eventually(
        lambda: messages_of(Shelf(database)),
        lambda seen: len(seen) == 2 and all(one.settled_at for one in seen),
    )
    return sorted(messages, key=lambda one: one.channel)


class TestTold:
    async def test_ops_and_the_partner_hear_of_a_410_once(
        self, stack: Stack, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        async with (
            TwilioSandbox(callbacks=None) as twilio,
            Merchant(behaviour=Answer(410)) as merchant,
            Merchant(secret=SECRET, behaviour=[Answer(503), Answer(200)]) as ops,
        ):
            await stack.add_partner(contact_phone=PHONE, contact_phone_confirmed=True)
            endpoint = await stack.add_endpoint(f"{merchant.url}?token=hook-secret")
            webhook = OpsWebhook(ops.url, SECRET)
            async with stack.worker(texter=texter_on(twilio), ops=webhook):
                await stack.delivery(await stack.send(make_event()), "dead_lettered")
                messages = await settled(database)
                history = await self._histories(stack, messages)
        assert [one.state for one in messages] == [MessageState.SENT] * 2
        assert [one.verified for one in ops.received] == [True, True]
        [told] = await notifications_of(Shelf(database))
        assert {one.webhook_id for one in ops.received} == {told.id}
        said = ops.received[-1].payload
        assert said["type"] == "endpoint.disabled"
        assert said["data"] == {
            "partner_id": "shop",
            "endpoint_id": endpoint["id"],
            "reason": "the endpoint answered 410 Gone",
        }
        [message] = twilio.messages
        assert message.to == PHONE
        assert "127.0.0.1 is switched off" in message.body
        assert messages[0].id in history, "the search looks at the decoded payloads"
        ours = "\n".join(one.getMessage() for one in caplog.records if _is_ours(one))
        assert endpoint["id"] in ours
        assert [one for one in PERSONAL if one in history or one in ours] == []

    async def test_without_a_webhook_and_a_phone_nobody_is_told_and_the_row_says_why(
        self, stack: Stack, database: Database
    ) -> None:
        async with Merchant(behaviour=Answer(410)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                await stack.send(make_event())
                [text] = await eventually(lambda: messages_of(Shelf(database)), bool)
        assert (text.state, text.why) == (
            MessageState.SKIPPED,
            "the partner has no contact_phone",
        )

    async def _histories(self, stack: Stack, messages: list[NotificationMessageRow]) -> str:
        handles = [
            stack.client.get_workflow_handle(notification_workflow_id(one.id)) for one in messages
        ]
        for handle in handles:
            await handle.result()
        return "\n".join(await asyncio.gather(*map(everything_temporal_has, handles)))


class TestBetweenTheCommitAndTheStart:
    async def test_a_notice_that_no_worker_had_started_is_sent_by_the_next_one(
        self, stack: Stack, database: Database
    ) -> None:
        """As a kill -9 right after the commit leaves it: written, and nobody has asked."""
        async with Merchant(secret=SECRET) as ops:
            written = await switched_off(Shelf(database), phone=None)
            assert all(one.asked_at is None for one in written.values())
            for _ in range(2):
                async with stack.worker(ops=OpsWebhook(ops.url, SECRET)):
                    await settled(database)
        assert [one.verified for one in ops.received] == [True]


def _is_ours(record: logging.LogRecord) -> bool:
    """Not what libraries that the product keeps quiet say: the tests set no levels for them."""
    rooms = ("activities", "dispatch", "doorstep", "store", "worker", "workflows")
    return record.name.startswith(rooms)
