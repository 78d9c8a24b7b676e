"""`/v1/notifications`, and where a partner's own programs are told: its secret shown once."""

import httpx
import pytest

from contracts.access.callers import Scope
from contracts.notifications.messages import MessageChannel, MessageState
from store.encryption.columns import NOTIFICATION_WEBHOOK_SECRET
from store.encryption.sealing import open_sealed
from store.tables import NotificationWebhookRow
from tests.support.keys import make_key
from tests.support.messages import HOST, MessageDraft, add_message, add_owner
from tests.support.shelf import Shelf, after

PLACE = "/v1/partners/shop/notification-webhook"
URL = "https://93.184.215.14/told?token=hook-secret"  # an address: no name is looked up


class TestTheList:
    async def test_a_message_says_who_what_and_how_it_ended(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        priya = await add_owner(shelf.database)
        told = MessageDraft(
            user_id=priya.id, state=MessageState.REFUSED, code="smtp_550", why="no such"
        )
        message_id = await add_message(shelf.database, told)
        answer = await api.get("/v1/notifications")
        assert answer.status_code == 200, answer.text
        [shown] = answer.json()["items"]
        assert shown["id"] == message_id
        assert (shown["state"], shown["code"], shown["why"]) == ("refused", "smtp_550", "no such")
        assert shown["recipient"] == {
            "user_id": priya.id,
            "name": "Priya Nair",
            "address": "p…@chaipoint.example",
        }
        [carried] = shown["notifications"]
        assert (carried["kind"], carried["about"]["host"]) == ("endpoint_failing", HOST)
        assert shown["notification_count"] == 1
        assert "priya@" not in answer.text

    async def test_it_has_filters_and_pages(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        failed = MessageDraft(state=MessageState.FAILED, channel=MessageChannel.SMS)
        bad = await add_message(shelf.database, failed)
        later = [await add_message(shelf.database, MessageDraft(at=after(one))) for one in (1, 2)]
        first = (await api.get("/v1/notifications", params={"limit": 2})).json()
        rest = {"limit": 2, "cursor": first["next_cursor"]}
        second = (await api.get("/v1/notifications", params=rest)).json()
        found = [one["id"] for page in (first, second) for one in page["items"]]
        assert found == [*reversed(later), bad]
        assert second["next_cursor"] is None
        for asked in ({"state": "failed"}, {"channel": "sms"}):
            shown = (await api.get("/v1/notifications", params=asked)).json()["items"]
            assert [one["id"] for one in shown] == [bad]

    async def test_a_partner_s_key_sees_its_own(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        await shelf.add_partner("rival")
        own = await add_message(shelf.database)
        await add_message(shelf.database, MessageDraft(partner_id="rival"))
        await add_message(shelf.database, MessageDraft(partner_id=None))
        _, token = await make_key(shelf.database, Scope.PARTNER, "shop")
        key = {"authorization": f"Bearer {token}"}
        shown = (await api.get("/v1/notifications", headers=key)).json()["items"]
        assert [one["id"] for one in shown] == [own]


class TestTheWebhook:
    async def test_it_is_set_read_and_removed(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        assert (await api.get(PLACE)).status_code == 404
        made = await api.put(PLACE, json={"url": URL})
        assert made.status_code == 200, made.text
        secret = made.json()["secret"]
        assert secret.startswith("whsec_")
        shown = await api.get(PLACE)
        assert (shown.json()["url"], "secret" in shown.json()) == (URL, False)
        assert (await api.delete(PLACE)).status_code == 204
        assert (await api.get(PLACE)).status_code == 404
        assert (await api.delete(PLACE)).status_code == 404
        audit = (await api.get("/v1/audit", params={"object_id": "shop"})).text
        assert "notification_webhook.set" in audit
        assert "notification_webhook.removed" in audit
        assert "hook-secret" not in audit
        assert secret not in audit

    async def test_its_secret_is_kept_sealed_and_replaced_each_time(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        first, second = [(await api.put(PLACE, json={"url": URL})).json() for _ in range(2)]
        assert first["secret"] != second["secret"]
        [row] = await shelf.database.read(
            lambda session: [session.get_one(NotificationWebhookRow, "shop")]
        )
        assert row.secret != second["secret"]
        column = NOTIFICATION_WEBHOOK_SECRET
        kept = await shelf.database.read(open_sealed, column, row.secret, "shop")
        assert kept == second["secret"]

    async def test_a_repeat_has_the_same_answer(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        key = {"idempotency-key": "once"}
        first, second = [await api.put(PLACE, json={"url": URL}, headers=key) for _ in range(2)]
        assert first.json() == second.json()
        other = await api.put(PLACE, json={"url": f"{URL}2"}, headers=key)
        assert other.status_code == 409

    @pytest.mark.parametrize("url", ["http://93.184.215.14/x", "https://10.0.0.1/x", "ftp://x"])
    async def test_it_leads_only_where_webhooks_may_go(
        self, api: httpx.AsyncClient, shelf: Shelf, url: str
    ) -> None:
        answer = await api.put(PLACE, json={"url": url})
        assert answer.status_code == 422
        assert (await api.get(PLACE)).status_code == 404
