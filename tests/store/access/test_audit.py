"""The audit log: written with the change, read in pages by those it concerns."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.errors import Conflict
from contracts.partners import PartnerCreate
from contracts.tiers import Tier
from store.access import audit
from store.access.audit import AuditFilter, list_entries, record
from store.db.database import Database
from store.db.keyset import Position
from store.partners import partners
from store.tables import AuditEntryRow
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import NOW, Shelf, after


async def write(database: Database, **fields: Any) -> None:
    """One entry; a test names what matters."""
    entry = {
        "actor": "key_1",
        "action": AuditAction.ENDPOINT_CHANGED,
        "object_id": "ep_1",
        "partner_id": "shop",
        "now": NOW,
        **fields,
    }
    await database.write(record, **entry)


@pytest.fixture
async def log(database: Database) -> Database:
    """Twelve entries, one a second: half of each partner; two endpoints, taking turns in pairs."""
    for number in range(12):
        partner_id = "shop" if number % 2 else "rival"
        object_id = f"ep_{number // 2 % 2}"
        await write(database, partner_id=partner_id, object_id=object_id, now=after(number))
    return database


class TestWriting:
    async def test_an_entry_is_as_it_was_told(self, database: Database) -> None:
        await write(database, details={"state": "paused", "types": ["delivered"]})
        [entry] = await database.read(list_entries, AuditFilter(), after=None, limit=9)
        assert entry.id.startswith("aud_")
        assert (entry.actor, entry.action) == ("key_1", AuditAction.ENDPOINT_CHANGED)
        assert (entry.object_kind, entry.object_id) == ("endpoint", "ep_1")
        assert (entry.partner_id, entry.at) == ("shop", NOW)
        assert entry.details == {"state": "paused", "types": ["delivered"]}

    async def test_without_its_change_there_is_no_entry(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        asked = PartnerCreate(id="shop", name="Another", tier=Tier.SMB)
        with pytest.raises(Conflict):
            await database.write(partners.create_partner, asked, NOW, actor="test")
        assert await shelf.count(AuditEntryRow) == 1

    async def test_without_its_entry_there_is_no_change(self, database: Database) -> None:
        def create_and_fail(session: Session) -> None:
            asked = PartnerCreate(id="shop", name="Chai", tier=Tier.SMB)
            partners.create_partner(session, asked, NOW, actor="test")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await database.write(create_and_fail)
        assert await database.read(partners.list_partners, after=None, limit=1) == []
        assert await database.read(list_entries, AuditFilter(), after=None, limit=1) == []


class TestReading:
    async def test_the_newest_first_in_pages(self, log: Database) -> None:
        seen: list[AuditEntryRow] = []
        position = None
        while page := await log.read(list_entries, AuditFilter(), after=position, limit=5):
            seen += page
            position = Position(page[-1].at, page[-1].id)
        assert [entry.at for entry in seen] == [after(number) for number in reversed(range(12))]

    @pytest.mark.parametrize(
        ("wanted", "owner", "count"),
        [
            (AuditFilter(), None, 12),
            (AuditFilter(), "shop", 6),
            (AuditFilter(partner_id="rival"), None, 6),
            (AuditFilter(partner_id="rival"), "shop", 0),
            (AuditFilter(object_id="ep_0"), None, 6),
            (AuditFilter(object_id="ep_0"), "shop", 3),
            (AuditFilter(object_kind="endpoint"), "shop", 6),
            (AuditFilter(object_kind="key"), "shop", 0),
            (AuditFilter(since=after(8)), None, 4),
            (AuditFilter(until=after(8)), None, 8),
            (AuditFilter(since=after(3), until=after(5)), None, 2),
            (AuditFilter(since=NOW + timedelta(days=1)), None, 0),
        ],
    )
    async def test_filters(
        self, log: Database, wanted: AuditFilter, owner: str | None, count: int
    ) -> None:
        found = await log.read(list_entries, wanted, owner=owner, after=None, limit=100)
        assert len(found) == count

    @pytest.mark.parametrize(
        ("wanted", "owner"),
        [
            (AuditFilter(), None),
            (AuditFilter(), "shop"),
            (AuditFilter(object_id="ep_0"), None),
            (AuditFilter(object_kind="endpoint"), "shop"),
            (AuditFilter(since=NOW), None),
        ],
    )
    async def test_each_is_served_by_an_index(
        self, log: Database, wanted: AuditFilter, owner: str | None
    ) -> None:
        position = Position(after(6), "aud_none")

        def run(session: Session) -> object:
            return audit.list_entries(session, wanted, owner=owner, after=position, limit=10)

        [plan] = await log.read(plans_of, run, "audit_entries")
        assert is_served_by_an_index(plan, "audit_entries"), plan
