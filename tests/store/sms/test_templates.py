"""Templates: a partner's own in versions, and which one is in force."""

import asyncio
from typing import Any

import pytest

from contracts.access.audit import AuditAction
from contracts.errors import Invalid, NotFound
from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.lint import LintFinding
from contracts.sms.rules import TextRules
from contracts.sms.templates import SHIPPED, SHIPPED_VERSION
from store.access import audit
from store.access.audit import AuditFilter
from store.db.database import Database
from store.sms import templates
from store.sms.templates import TemplateInForce, template_in_force
from store.tables import AuditEntryRow, SmsTemplateRow
from tests.support.shelf import NOW, Shelf, after

CONFIRMED, OUT = EventType.ORDER_CONFIRMED, EventType.OUT_FOR_DELIVERY
EN, HI, TA = Language.ENGLISH, Language.HINDI, Language.TAMIL
RULES = TextRules()
OURS = "{shop} has your order {order_id}."
OURS_HI = "{shop}: ऑर्डर {order_id} मिल गया।"


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """The partner `shop`, and `rival`."""
    for name in ("shop", "rival"):
        await shelf.add_partner(name)
    return shelf


async def put(
    database: Database, text: str, language: Language = EN, **how: Any
) -> tuple[SmsTemplateRow, list[LintFinding]]:
    asked = {"partner_id": "shop", "event_type": CONFIRMED, "actor": "test", **how}
    return await database.write(
        templates.put_template,
        asked.pop("partner_id"),
        asked.pop("event_type"),
        language,
        text,
        NOW,
        rules=RULES,
        **asked,
    )


async def remove(database: Database, language: Language = EN, **how: Any) -> SmsTemplateRow:
    asked = {"actor": "test", "rules": RULES, **how}
    return await database.write(
        templates.remove_template, "shop", CONFIRMED, language, after(1), **asked
    )


async def in_force(
    database: Database, language: Language = EN, event_type: EventType = CONFIRMED
) -> TemplateInForce:
    return await database.read(template_in_force, "shop", event_type, language)


async def entries(database: Database) -> list[AuditEntryRow]:
    """What was written about templates, the oldest first."""
    found = await database.read(audit.list_entries, AuditFilter(), after=None, limit=100)
    return [one for one in reversed(found) if one.object_kind == "template"]


def shipped(event_type: EventType, language: Language) -> TemplateInForce:
    text = SHIPPED[event_type][language]
    return TemplateInForce(event_type, language, text, f"shipped/{language}/{SHIPPED_VERSION}")


class TestInForce:
    async def test_without_own_texts_the_shipped_ones(
        self, shop: Shelf, database: Database
    ) -> None:
        for event_type, texts in SHIPPED.items():
            for language in texts:
                found = await in_force(database, language, event_type)
                assert found == shipped(event_type, language)
                assert (found.own, found.version) == (False, SHIPPED_VERSION)

    async def test_a_language_without_a_text_is_english(
        self, shop: Shelf, database: Database
    ) -> None:
        assert TA not in SHIPPED[CONFIRMED]
        assert await in_force(database, TA) == shipped(CONFIRMED, EN)

    async def test_the_partner_s_own_goes_first(self, shop: Shelf, database: Database) -> None:
        await put(database, OURS_HI, HI)
        found = await in_force(database, HI)
        assert found == TemplateInForce(CONFIRMED, HI, OURS_HI, "own/hi/1")
        assert (found.own, found.version) == (True, 1)
        assert await in_force(database) == shipped(CONFIRMED, EN)
        assert await in_force(database, HI, OUT) == shipped(OUT, HI)
        theirs = await database.read(template_in_force, "rival", CONFIRMED, HI)
        assert theirs == shipped(CONFIRMED, HI)

    async def test_own_english_stands_in_for_nothing_that_is_shipped(
        self, shop: Shelf, database: Database
    ) -> None:
        await put(database, OURS)
        assert (await in_force(database, HI)).label == f"shipped/hi/{SHIPPED_VERSION}"
        assert (await in_force(database, TA)).label == "own/en/1"


class TestPutting:
    async def test_each_change_is_a_version(self, shop: Shelf, database: Database) -> None:
        for number, text in enumerate([OURS, OURS + " Thank you.", OURS], start=1):
            row, findings = await put(database, text)
            assert (row.version, row.text, row.created_by) == (number, text, "test")
            assert findings == []
            assert (await in_force(database)).text == text
        rows = await database.read(templates.versions, "shop", CONFIRMED, EN)
        assert [row.version for row in rows] == [3, 2, 1]
        assert [entry.details for entry in await entries(database)] == [
            {"event_type": "order_confirmed", "language": "en", "version": number}
            for number in (1, 2, 3)
        ]
        [last] = (await entries(database))[-1:]
        assert (last.action, last.actor) == (AuditAction.TEMPLATE_CHANGED, "test")
        assert (last.object_id, last.partner_id) == (rows[0].id, "shop")

    async def test_the_same_text_is_none(self, shop: Shelf, database: Database) -> None:
        first, _ = await put(database, OURS)
        again, _ = await put(database, OURS)
        assert again.id == first.id
        assert await shop.count(SmsTemplateRow) == 1
        assert len(await entries(database)) == 1

    async def test_the_shipped_text_can_be_one_s_own(self, shop: Shelf, database: Database) -> None:
        row, _ = await put(database, SHIPPED[CONFIRMED][EN])
        assert row.version == 1
        assert (await in_force(database)).own

    async def test_many_at_once_get_a_version_each(self, shop: Shelf, database: Database) -> None:
        texts = [f"{OURS} Counter {number}." for number in range(8)]
        rows = await asyncio.gather(*[put(database, text) for text in texts])
        assert sorted(row.version for row, _ in rows) == list(range(1, 9))

    async def test_warnings_come_with_it(self, shop: Shelf, database: Database) -> None:
        row, findings = await put(database, "{shop}: order {order_id} is out.", event_type=OUT)
        assert row.version == 1
        assert any("OTP" in one.message for one in findings)

    async def test_errors_are_all_named_and_nothing_changes(
        self, shop: Shelf, database: Database
    ) -> None:
        with pytest.raises(Invalid) as caught:
            await put(database, "Order of {colour}: see bit.ly/x")
        assert caught.value.field == "text"
        assert "bit.ly" in str(caught.value)
        assert "colour" in str(caught.value)
        assert await shop.count(SmsTemplateRow) == 0
        assert await entries(database) == []

    @pytest.mark.parametrize(("named", "owner"), [("nobody", None), ("rival", "shop")])
    async def test_not_for_a_partner_that_is_not_there(
        self, shop: Shelf, database: Database, named: str, owner: str | None
    ) -> None:
        with pytest.raises(Invalid, match=f"no partner {named}") as caught:
            await put(database, OURS, partner_id=named, owner=owner)
        assert caught.value.field == "partner_id"
        assert await shop.count(SmsTemplateRow) == 0


class TestRemoving:
    async def test_puts_the_shipped_text_in_force(self, shop: Shelf, database: Database) -> None:
        await put(database, OURS)
        row = await remove(database)
        assert (row.version, row.text) == (2, None)
        assert await in_force(database) == shipped(CONFIRMED, EN)
        [_, entry] = await entries(database)
        assert entry.action is AuditAction.TEMPLATE_REMOVED
        assert entry.details["version"] == 2
        assert (await put(database, OURS))[0].version == 3
        assert (await in_force(database)).label == "own/en/3"

    async def test_where_there_is_none_of_its_own(self, shop: Shelf, database: Database) -> None:
        await put(database, OURS)
        await remove(database)
        for language in (EN, HI):
            with pytest.raises(NotFound):
                await remove(database, language)
        assert await shop.count(SmsTemplateRow) == 2

    async def test_not_another_partner_s(self, shop: Shelf, database: Database) -> None:
        await put(database, OURS)
        with pytest.raises(NotFound, match="no partner shop"):
            await remove(database, owner="rival")
        assert (await in_force(database)).own


class TestListing:
    async def test_every_type_in_every_language_that_has_a_text(
        self, shop: Shelf, database: Database
    ) -> None:
        def places(found: list[TemplateInForce]) -> list[tuple[EventType, Language]]:
            return [(one.event_type, one.language) for one in found]

        before = await database.read(templates.list_templates, "shop")
        known = [(kind, language) for kind in SHIPPED for language in SHIPPED[kind]]
        assert sorted(places(before)) == sorted(known)
        await put(database, OURS, TA)
        listed = await database.read(templates.list_templates, "shop", "shop")
        assert sorted(places(listed)) == sorted([*known, (CONFIRMED, TA)])
        assert [one.label for one in listed if one.own] == ["own/ta/1"]
        await remove(database, TA)
        assert await database.read(templates.list_templates, "shop") == before

    async def test_not_another_partner_s(self, shop: Shelf, database: Database) -> None:
        for read in (templates.list_templates, versions_of_confirmed):
            for named in ("rival", "nobody"):
                with pytest.raises(NotFound, match=f"no partner {named}"):
                    await database.read(read, named, "shop")

    async def test_versions_end_at_a_hundred(self, shop: Shelf, database: Database) -> None:
        def many(session: Any) -> None:
            for number in range(1, 121):
                asked = ("shop", CONFIRMED, EN, f"{OURS} {number}", NOW)
                templates.put_template(session, *asked, actor="test", rules=RULES)

        await database.write(many)
        rows = await database.read(templates.versions, "shop", CONFIRMED, EN)
        assert [row.version for row in rows] == list(range(120, 20, -1))


def versions_of_confirmed(session: Any, partner_id: str, owner: str) -> list[SmsTemplateRow]:
    return templates.versions(session, partner_id, CONFIRMED, EN, owner)
