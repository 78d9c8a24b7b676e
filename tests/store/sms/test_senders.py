"""Senders that are registered for India, and their content templates."""

from typing import Any

import pytest

from contracts.access.audit import AuditAction
from contracts.errors import Invalid, NotFound
from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.sender_bodies import DltTemplatePut
from store.access import audit
from store.access.audit import AuditFilter
from store.db.database import Database
from store.sms import senders
from store.tables import AuditEntryRow, DltSenderRow, DltTemplateRow
from tests.support.shelf import NOW, Shelf, after

SENDER, ENTITY = "DRSTEP", "1101234567890123456"
CONTENT = "1107160000000000123"
CONFIRMED, EN = EventType.ORDER_CONFIRMED, Language.ENGLISH
TEXT = "{#alphanumeric#}: your order {#alphanumeric#} is confirmed."


@pytest.fixture
async def registered(database: Database) -> DltSenderRow:
    """A sender that is registered."""
    return await put(database)


async def put(database: Database, sender: str = SENDER, header: str = "DRSTEP") -> DltSenderRow:
    return await database.write(senders.put_sender, sender, ENTITY, header, NOW, actor="test")


async def put_text(
    database: Database, content_template_id: str = CONTENT, sender: str = SENDER, **fields: Any
) -> DltTemplateRow:
    known = {"event_type": CONFIRMED, "language": EN, "category": "service_implicit", "text": TEXT}
    asked = DltTemplatePut.model_validate({**known, **fields})
    return await database.write(
        senders.put_dlt_template, sender, content_template_id, asked, NOW, actor="test"
    )


async def texts_for(
    database: Database, event_type: EventType = CONFIRMED, language: Language = EN
) -> list[str] | None:
    rows = await database.read(senders.registered_texts, SENDER, event_type, language)
    return rows if rows is None else [row.content_template_id for row in rows]


async def entries(database: Database) -> list[AuditEntryRow]:
    """The audit log, the oldest entry first."""
    found = await database.read(audit.list_entries, AuditFilter(), after=None, limit=100)
    return list(reversed(found))


class TestSenders:
    async def test_one_is_written_down_and_changed(self, shelf: Shelf, database: Database) -> None:
        for header in ("DRSTEP", "DRSTEP", "CHAIPT"):
            row = await put(database, header=header)
            assert (row.sender, row.entity_id, row.header) == (SENDER, ENTITY, header)
        found = await database.read(senders.get_sender, SENDER)
        assert (found.header, found.created_at) == ("CHAIPT", NOW)
        assert await shelf.count(DltSenderRow) == 1
        first, second = await entries(database)
        assert first.action is second.action is AuditAction.SENDER_CHANGED
        assert (first.object_id, first.partner_id, first.actor) == (SENDER, None, "test")
        assert second.details == {"entity_id": ENTITY, "header": "CHAIPT"}

    async def test_they_are_listed_in_pages(self, database: Database) -> None:
        for sender in ("DRSTEP", "+15005550006", "CHAIPT"):
            await put(database, sender)

        async def listed(**asked: Any) -> list[str]:
            rows = await database.read(senders.list_senders, **{"limit": 9, **asked})
            return [row.sender for row in rows]

        everyone = await listed()
        assert sorted(everyone) == sorted(["+15005550006", "CHAIPT", "DRSTEP"])
        assert await listed(limit=2) == everyone[:2]
        assert await listed(after=everyone[1]) == everyone[2:]

    async def test_removing_one_takes_its_templates_along(
        self, shelf: Shelf, database: Database, registered: DltSenderRow
    ) -> None:
        await put(database, "OTHERS")
        await put_text(database)
        await put_text(database, sender="OTHERS")
        await database.write(senders.remove_sender, SENDER, after(1), actor="test")
        assert await texts_for(database) is None
        assert await shelf.count(DltSenderRow) == await shelf.count(DltTemplateRow) == 1
        last = (await entries(database))[-1]
        assert (last.action, last.object_id) == (AuditAction.SENDER_REMOVED, SENDER)

    async def test_one_that_is_not_there(self, database: Database) -> None:
        with pytest.raises(NotFound, match="no sender DRSTEP"):
            await database.read(senders.get_sender, SENDER)
        with pytest.raises(NotFound, match="no sender DRSTEP"):
            await database.read(senders.list_dlt_templates, SENDER, limit=9)
        with pytest.raises(NotFound, match="no sender DRSTEP"):
            await database.write(senders.remove_sender, SENDER, NOW, actor="test")
        with pytest.raises(NotFound, match="no sender DRSTEP"):
            await put_text(database)
        with pytest.raises(NotFound, match="no sender DRSTEP"):
            await database.write(senders.remove_dlt_template, SENDER, CONTENT, NOW, actor="test")


class TestTemplates:
    async def test_one_is_written_down_and_changed(
        self, shelf: Shelf, database: Database, registered: DltSenderRow
    ) -> None:
        longer = f"{TEXT} Thank you."
        for text in (TEXT, TEXT, longer):
            row = await put_text(database, text=text)
            assert (row.sender, row.content_template_id, row.text) == (SENDER, CONTENT, text)
        assert await shelf.count(DltTemplateRow) == 1
        [_, first, second] = await entries(database)
        assert first.details == second.details
        assert first.details["content_template_id"] == CONTENT

    async def test_one_that_nobody_registers_so(
        self, shelf: Shelf, database: Database, registered: DltSenderRow
    ) -> None:
        with pytest.raises(Invalid) as caught:
            await put_text(database, text="{#colour#} is confirmed")
        assert caught.value.field == "text"
        assert await shelf.count(DltTemplateRow) == 0

    async def test_they_are_listed_in_pages(
        self, database: Database, registered: DltSenderRow
    ) -> None:
        ids = [f"110716000000000012{number}" for number in range(3)]
        for content_id in reversed(ids):
            await put_text(database, content_id)

        async def listed(**asked: Any) -> list[str]:
            rows = await database.read(senders.list_dlt_templates, SENDER, **{"limit": 9, **asked})
            return [row.content_template_id for row in rows]

        assert await listed() == ids
        assert await listed(limit=2) == ids[:2]
        assert await listed(after=ids[1]) == ids[2:]

    async def test_removing_one(
        self, shelf: Shelf, database: Database, registered: DltSenderRow
    ) -> None:
        await put_text(database)
        await database.write(senders.remove_dlt_template, SENDER, CONTENT, NOW, actor="test")
        assert await shelf.count(DltTemplateRow) == 0
        last = (await entries(database))[-1]
        assert last.details == {"content_template_id": CONTENT, "removed": True}
        with pytest.raises(NotFound, match=CONTENT):
            await database.write(senders.remove_dlt_template, SENDER, CONTENT, NOW, actor="test")


class TestWhatATextMayReadLike:
    async def test_anything_from_a_sender_that_is_not_registered(self, database: Database) -> None:
        assert await texts_for(database) is None

    async def test_nothing_from_one_without_templates(
        self, database: Database, registered: DltSenderRow
    ) -> None:
        assert await texts_for(database) == []

    async def test_what_is_registered_for_its_type_and_language(
        self, database: Database, registered: DltSenderRow
    ) -> None:
        other = "1107160000000000456"
        await put_text(database)
        await put_text(database, other)
        await put_text(database, "1107160000000000789", language=Language.HINDI)
        await put_text(database, "1107160000000000790", event_type=EventType.DELIVERED)
        assert await texts_for(database) == [CONTENT, other]
        assert await texts_for(database, language=Language.TAMIL) == []
