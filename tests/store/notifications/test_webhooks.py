"""Operational webhooks: what they say to ops and to a partner's own receiver."""

import json
from typing import Any

import pytest
from pydantic import JsonValue

from contracts.delivery.verdicts import Answer
from contracts.notifications.kinds import RULES, NotificationKind
from contracts.notifications.messages import (
    NOTIFICATION_DELAYS_S,
    MessageChannel,
    MessageResult,
    MessageState,
)
from contracts.notifications.webhooks import WEBHOOK_TYPES, OpsWebhook, operational_webhook
from store.notifications.webhooks import (
    NO_OPS_WEBHOOK,
    NO_PARTNER_WEBHOOK,
    ReadyPost,
    ready_post,
    settle_post,
)
from store.tables import NotificationMessageRow, NotificationWebhookRow
from tests.support.notifications import (
    OPS_ONLY,
    fanned_out,
    messages_of,
    put_webhook,
    switched_off,
    tell,
)
from tests.support.shelf import NOW, Shelf, after

OPS = OpsWebhook("https://ops.example/in?token=1", "whsec_ops")
SENT, SKIPPED, WAITING = MessageState.SENT, MessageState.SKIPPED, MessageState.WAITING


async def ready(
    shelf: Shelf, message: NotificationMessageRow, ops: OpsWebhook | None = OPS
) -> ReadyPost | MessageResult:
    return await shelf.database.write(ready_post, message.id, NOW, ops)


async def to_the_partner(shelf: Shelf) -> NotificationMessageRow:
    """A message to the partner's own receiver."""
    await shelf.add_partner()
    await put_webhook(shelf, "https://shop.example/told", "whsec_shop")
    await tell(shelf, NotificationKind.FAILED_DELIVERIES)
    await fanned_out(shelf, OPS_ONLY)
    [message] = await messages_of(shelf, MessageChannel.PARTNER_WEBHOOK)
    return message


class TestWhatItSays:
    async def test_of_one_that_was_switched_off(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[MessageChannel.OPS_WEBHOOK]
        post = await ready(shelf, message)
        assert isinstance(post, ReadyPost)
        assert post.body.decode() == (
            f'{{"id":"{post.notification_id}","type":"endpoint.disabled",'
            f'"created_at":"2026-03-02T10:00:00Z",'
            f'"data":{{"partner_id":"shop","endpoint_id":"{post.endpoint_id}",'
            f'"reason":"the endpoint answered 410 Gone"}}}}'
        )
        assert "token=1" not in repr(post)

    @pytest.mark.parametrize("kind", [kind for kind, rule in RULES.items() if rule.webhooks])
    def test_each_kind_has_its_type_and_only_known_fields(self, kind: NotificationKind) -> None:
        about: dict[str, JsonValue] = {
            "reason": "r",
            "code": "http_503",
            "status": 503,
            "count": 3,
            "by": "Priya",
        }
        made = operational_webhook(kind, "ntc_1", NOW, about, partner_id=None, endpoint_id="ep_1")
        said = json.loads(made.to_bytes())
        assert said["type"] == WEBHOOK_TYPES[kind]
        assert said["data"]["reason"] == "r"
        assert said["data"]["partner_id"] is None
        assert "by" not in said["data"]

    async def test_the_partner_s_own_is_signed_with_its_own_secret(self, shelf: Shelf) -> None:
        post = await ready(shelf, await to_the_partner(shelf))
        assert isinstance(post, ReadyPost)
        assert post.receiver == OpsWebhook("https://shop.example/told", "whsec_shop")
        assert json.loads(post.body)["type"] == "deliveries.failed"


class TestKeptBack:
    async def test_where_ops_has_none_any_more(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[MessageChannel.OPS_WEBHOOK]
        assert await ready(shelf, message, None) == MessageResult(SKIPPED)
        assert (await shelf.one(NotificationMessageRow, message.id)).why == NO_OPS_WEBHOOK

    async def test_where_the_partner_has_taken_its_own_away(self, shelf: Shelf) -> None:
        message = await to_the_partner(shelf)
        await shelf.database.write(
            lambda session: session.delete(session.get_one(NotificationWebhookRow, "shop"))
        )
        assert await ready(shelf, message) == MessageResult(SKIPPED)
        assert (await shelf.one(NotificationMessageRow, message.id)).why == NO_PARTNER_WEBHOOK


class TestTheAnswer:
    async def settled(
        self, shelf: Shelf, message: NotificationMessageRow, status: int, **more: Any
    ) -> MessageResult:
        answer = Answer(f"http_{status}", status, **more)
        return await shelf.database.write(settle_post, message.id, answer, after(1))

    async def test_taken_it_is_sent_and_stays_so(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[MessageChannel.OPS_WEBHOOK]
        assert await self.settled(shelf, message, 204) == MessageResult(SENT, "http_204")
        assert await ready(shelf, message) == MessageResult(SENT)
        assert await self.settled(shelf, message, 500) == MessageResult(SENT)
        row = await shelf.one(NotificationMessageRow, message.id)
        assert (row.state, row.settled_at, row.attempts) == (SENT, after(1), 0)

    async def test_a_later_retry_after_is_the_delay(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[MessageChannel.OPS_WEBHOOK]
        result = await self.settled(shelf, message, 429, retry_after="300")
        assert result.again_in_s == 300

    async def test_not_taken_it_is_tried_again(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[MessageChannel.OPS_WEBHOOK]
        result = await self.settled(shelf, message, 410)
        assert result == MessageResult(WAITING, "http_410", NOTIFICATION_DELAYS_S[0])
