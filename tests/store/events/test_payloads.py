"""The stored bytes of a payload, and the one change they ever see."""

import json
from datetime import datetime, timedelta

import pytest

from store.db.database import Database
from store.events.payloads import sendable_bytes
from store.tables import PayloadRow
from tests.support.shelf import NOW, Shelf, after, an_event

ENDS = 1800
REQUEST = timedelta(seconds=20)


class TestSendableBytes:
    async def sent(self, database: Database, event_id: str, now: datetime) -> bytes:
        return await database.write(sendable_bytes, event_id, "1.0", now, REQUEST)

    async def stored(self, shelf: Shelf, event_type: str = "out_for_delivery") -> tuple[str, bytes]:
        await shelf.add_partner()
        await shelf.add_endpoint()
        event = an_event(event_type)
        await shelf.plan(event)
        return event.event_id, await shelf.payload_bytes(event.event_id)

    @pytest.mark.parametrize("seconds", [0, ENDS - 20.000001])
    async def test_they_are_the_same_while_the_otp_lasts(
        self, shelf: Shelf, database: Database, seconds: float
    ) -> None:
        event_id, body = await self.stored(shelf)
        assert await self.sent(database, event_id, after(seconds)) == body

    @pytest.mark.parametrize("seconds", [ENDS - 20, ENDS, ENDS + 86_400])
    async def test_an_otp_that_would_end_on_the_way_is_nulled_and_only_that(
        self, shelf: Shelf, database: Database, seconds: float
    ) -> None:
        event_id, body = await self.stored(shelf)
        sent = await self.sent(database, event_id, after(seconds))
        assert sent == body.replace(b'"code":"483920"', b'"code":null')
        assert sent != body
        row = await shelf.one(PayloadRow, (event_id, "1.0"))
        assert (await shelf.payload_bytes(event_id), row.otp_valid_until) == (sent, None)

    async def test_once_nulled_it_stays_nulled(self, shelf: Shelf, database: Database) -> None:
        event_id, _ = await self.stored(shelf)
        nulled = await self.sent(database, event_id, after(ENDS))
        assert await self.sent(database, event_id, NOW) == nulled
        assert json.loads(nulled)["data"]["otp"]["code"] is None
        assert json.loads(nulled)["data"]["otp"]["valid_until"] == "2026-03-02T10:30:00Z"

    async def test_a_payload_without_an_otp_never_changes(
        self, shelf: Shelf, database: Database
    ) -> None:
        event_id, body = await self.stored(shelf, "delivered")
        assert await self.sent(database, event_id, after(86_400)) == body

    async def test_an_attempt_sends_the_nulled_bytes(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook(an_event("out_for_delivery"))
        first = await webhook.ready()
        await webhook.finish(first, 503)
        late = await webhook.ready(now=after(ENDS))
        assert b"483920" in first.body
        assert b"483920" not in late.body
