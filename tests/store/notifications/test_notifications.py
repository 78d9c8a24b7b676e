"""Notifications: written once with what they tell of, asked for until Temporal has them, and
settled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from contracts.delivery.verdicts import Answer
from contracts.endpoints.circuit_breaker import DISABLED_AFTER
from contracts.endpoints.endpoints import EndpointChange
from contracts.endpoints.notifications import (
    NOTIFICATION_DELAYS_S,
    NotificationChannel,
    NotificationResult,
    NotificationState,
)
from store.endpoints.changes import change_endpoint
from store.endpoints.circuit_breaker import GIVEN_UP, GONE_FOR_GOOD, disable
from store.notifications.notifications import (
    NO_PHONE,
    STILL_AFTER,
    ReadyNotification,
    mark_asked,
    notifications_to_start,
    ready_notification,
    settle_post,
    skip_waiting,
)
from store.tables import EndpointNotificationRow, EndpointRow
from tests.support.notifications import (
    delivery_to,
    notifications_of,
    shop_with_a_phone,
    switched_off,
)
from tests.support.shelf import NOW, Shelf, after

OPS, TEXT = NotificationChannel.OPS_WEBHOOK, NotificationChannel.CONTACT_TEXT
WAITING, SKIPPED = NotificationState.WAITING, NotificationState.SKIPPED


async def enable(shelf: Shelf, endpoint_id: str) -> None:
    """Somebody has mended it."""
    asked = EndpointChange.model_validate({"state": "enabled"})
    await shelf.database.write(change_endpoint, endpoint_id, asked, after(60), actor="key_1")


class TestWritten:
    async def test_a_410_writes_one_for_ops_and_one_for_the_partner(self, shelf: Shelf) -> None:
        endpoint = await shop_with_a_phone(shelf)
        await (await delivery_to(shelf, endpoint.id)).attempt(410)
        notifications = await notifications_of(shelf)
        assert [(one.channel, one.state) for one in notifications] == [
            (OPS, WAITING),
            (TEXT, WAITING),
        ]
        assert {(one.kind, one.endpoint_id, one.partner_id) for one in notifications} == {
            ("endpoint_disabled", endpoint.id, "shop")
        }
        assert {(one.reason, one.created_at, one.why) for one in notifications} == {
            (GONE_FOR_GOOD, NOW, None)
        }

    async def test_five_days_of_failure_write_them_once(self, shelf: Shelf) -> None:
        endpoint = await shop_with_a_phone(shelf)
        for seconds in range(0, 40, 4):
            at = after(seconds)
            webhook = await delivery_to(shelf, endpoint.id)
            await webhook.finish(await webhook.ready(now=at), 503, now=at)
        assert await notifications_of(shelf) == []
        webhooks = [await delivery_to(shelf, endpoint.id) for _ in range(2)]
        late = after(36) + DISABLED_AFTER
        await shelf.change(EndpointRow, endpoint.id, last_failed_at=late - timedelta(minutes=10))
        first = await webhooks[0].ready(now=late)
        second = await webhooks[1].ready(now=late + timedelta(minutes=1))
        await webhooks[0].finish(first, 503, now=late)
        await webhooks[1].finish(second, 503, now=late + timedelta(minutes=1))
        notifications = await notifications_of(shelf)
        assert [(one.channel, one.reason) for one in notifications] == [
            (OPS, GIVEN_UP),
            (TEXT, GIVEN_UP),
        ]

    async def test_several_410s_at_once_write_them_once(self, shelf: Shelf) -> None:
        endpoint = await shop_with_a_phone(shelf)
        webhooks = [await delivery_to(shelf, endpoint.id) for _ in range(8)]
        ready = [await one.ready() for one in webhooks]
        await asyncio.gather(
            *(one.finish(it, 410) for one, it in zip(webhooks, ready, strict=True))
        )
        assert len(await notifications_of(shelf)) == 2

    async def test_one_that_is_off_already_is_not_told_of_again(self, shelf: Shelf) -> None:
        endpoint = await shop_with_a_phone(shelf)
        webhook, late = [await delivery_to(shelf, endpoint.id) for _ in range(2)]
        ready = await late.ready()
        await webhook.attempt(410)
        await late.finish(ready, 410)
        assert len(await notifications_of(shelf)) == 2

    async def test_switched_off_again_after_it_was_mended_it_is_told_again(
        self, shelf: Shelf
    ) -> None:
        endpoint = await shop_with_a_phone(shelf)
        await (await delivery_to(shelf, endpoint.id)).attempt(410)
        await enable(shelf, endpoint.id)
        assert [one.state for one in await notifications_of(shelf)] == [WAITING, WAITING]
        later = await delivery_to(shelf, endpoint.id)
        await later.finish(await later.ready(now=after(120)), 410, now=after(121))
        assert [one.channel for one in await notifications_of(shelf)] == [OPS, OPS, TEXT, TEXT]

    async def test_without_a_contact_phone_the_text_is_skipped_with_the_reason(
        self, shelf: Shelf
    ) -> None:
        notifications = await switched_off(shelf, phone=None)
        assert (notifications[OPS].state, notifications[OPS].why) == (WAITING, None)
        text = notifications[TEXT]
        assert (text.state, text.why, text.settled_at) == (SKIPPED, NO_PHONE, NOW)

    async def test_a_transaction_that_fails_writes_none(self, shelf: Shelf) -> None:
        endpoint = await shop_with_a_phone(shelf)

        def fails(session: Session) -> None:
            disable(session, session.get_one(EndpointRow, endpoint.id), "why", NOW)
            session.flush()
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await shelf.database.write(fails)
        assert await notifications_of(shelf) == []

    async def test_a_person_s_own_switch_tells_nobody(self, shelf: Shelf) -> None:
        endpoint = await shop_with_a_phone(shelf)
        asked = EndpointChange.model_validate({"state": "disabled"})
        await shelf.database.write(change_endpoint, endpoint.id, asked, NOW, actor="key_1")
        assert await notifications_of(shelf) == []


class TestAskedFor:
    async def test_each_that_waits_until_it_is_marked(self, shelf: Shelf) -> None:
        notifications = await switched_off(shelf)
        found = await shelf.database.read(notifications_to_start, NOW)
        assert {(one.notification_id, one.channel) for one in found} == {
            (notifications[OPS].id, OPS),
            (notifications[TEXT].id, TEXT),
        }
        await shelf.database.write(mark_asked, notifications[OPS].id, NOW)
        await shelf.database.write(skip_waiting, notifications[TEXT].id, "no need", NOW)
        assert await shelf.database.read(notifications_to_start, NOW) == []

    async def test_one_that_still_waits_is_asked_for_again_after_a_while(
        self, shelf: Shelf
    ) -> None:
        notifications = await switched_off(shelf, phone=None)
        await shelf.database.write(mark_asked, notifications[OPS].id, NOW)
        assert await shelf.database.read(notifications_to_start, NOW + STILL_AFTER) == []
        late = NOW + STILL_AFTER + timedelta(seconds=1)
        assert len(await shelf.database.read(notifications_to_start, late)) == 1


class TestThePost:
    async def settled(
        self, shelf: Shelf, notification: EndpointNotificationRow, status: int, **more: Any
    ) -> NotificationResult:
        answer = Answer(f"http_{status}", status, **more)
        return await shelf.database.write(settle_post, notification.id, answer, after(1))

    async def test_what_it_says(self, shelf: Shelf) -> None:
        notification = (await switched_off(shelf))[OPS]
        ready = await shelf.database.read(ready_notification, notification.id)
        assert isinstance(ready, ReadyNotification)
        assert ready.body.decode() == (
            f'{{"id":"{notification.id}","type":"endpoint.disabled","created_at":"2026-03-02T10:00:00Z",'
            f'"data":{{"partner_id":"shop","endpoint_id":"{notification.endpoint_id}",'
            f'"reason":"the endpoint answered 410 Gone"}}}}'
        )

    async def test_taken_it_is_sent_and_stays_so(self, shelf: Shelf) -> None:
        notification = (await switched_off(shelf))[OPS]
        assert await self.settled(shelf, notification, 204) == NotificationResult(
            NotificationState.SENT, "http_204"
        )
        assert await shelf.database.read(ready_notification, notification.id) == NotificationResult(
            NotificationState.SENT
        )
        assert await self.settled(shelf, notification, 500) == NotificationResult(
            NotificationState.SENT
        )
        row = await shelf.one(EndpointNotificationRow, notification.id)
        assert (row.state, row.settled_at, row.attempts) == (NotificationState.SENT, after(1), 0)

    async def test_not_taken_it_is_tried_by_its_schedule_and_given_up(
        self, shelf: Shelf, caplog: pytest.LogCaptureFixture
    ) -> None:
        notification = (await switched_off(shelf))[OPS]
        for delay in NOTIFICATION_DELAYS_S:
            assert await self.settled(shelf, notification, 410) == NotificationResult(
                WAITING, "http_410", delay
            )
        caplog.clear()
        assert await self.settled(shelf, notification, 503) == NotificationResult(
            NotificationState.FAILED, "http_503"
        )
        row = await shelf.one(EndpointNotificationRow, notification.id)
        assert row.why == "6 attempts failed, the last one with http_503"
        [record] = [one for one in caplog.records if one.levelname == "ERROR"]
        assert notification.id in record.getMessage()
        assert notification.endpoint_id in record.getMessage()

    async def test_a_later_retry_after_is_the_delay(self, shelf: Shelf) -> None:
        notification = (await switched_off(shelf))[OPS]
        told = await self.settled(shelf, notification, 429, retry_after="300")
        assert told.again_in_s == 300
