"""Partners, endpoints and secrets: defaults, limits, pages and rotation."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.access.audit import AuditAction
from contracts.delivery.states import EndpointState
from contracts.endpoints.endpoints import EndpointChange, EndpointCreate
from contracts.errors import Conflict, Invalid, NotFound
from contracts.partners import PartnerChange, PartnerCreate
from contracts.sms.languages import Language
from contracts.tiers import Tier
from store.access.audit import AuditFilter, list_entries
from store.db.database import Database
from store.endpoints import changes
from store.endpoints.endpoints import create_endpoint, get_endpoint, list_endpoints
from store.endpoints.secrets import rotate_secret, secrets_in_force
from store.partners import partners
from store.tables import AuditEntryRow, EndpointRow, PartnerRow
from tests.support.shelf import NOW, URL, Shelf, after

DAY = timedelta(hours=24)


class TestPartners:
    @pytest.mark.parametrize(
        ("tier", "toggles"),
        [
            ("smb", (False, False, True, False)),
            ("growth", (True, False, False, False)),
            ("enterprise", (True, False, False, False)),
        ],
    )
    async def test_the_tier_sets_the_defaults_and_texts_wait_for_a_yes(
        self, shelf: Shelf, tier: str, toggles: tuple[bool, bool, bool, bool]
    ) -> None:
        await shelf.add_partner(tier=tier, sms_enabled=None)
        row = await shelf.one(PartnerRow, "shop")
        texts = (row.sms_enabled, row.sms_awaits_owner)
        assert (row.webhook_enabled, *texts, row.sms_fallback) == toggles
        assert (row.name, row.tier, row.created_at) == ("Chai Point", tier, NOW)

    async def test_what_is_asked_for_wins(self, shelf: Shelf) -> None:
        await shelf.add_partner(
            tier="smb", webhook_enabled=True, sms_enabled=False, sms_fallback=True
        )
        row = await shelf.one(PartnerRow, "shop")
        assert (row.webhook_enabled, row.sms_enabled, row.sms_fallback) == (True, False, True)

    @pytest.mark.parametrize("said", [True, False])
    async def test_whoever_says_whether_customers_are_texted_ends_the_wait(
        self, shelf: Shelf, database: Database, said: bool
    ) -> None:
        await shelf.add_partner("asked", "smb", sms_enabled=said)
        await shelf.add_partner("shop", "smb", sms_enabled=None)
        change = (PartnerChange(sms_language=Language.HINDI), PartnerChange(sms_enabled=said))
        await database.write(partners.change_partner, "shop", change[0], NOW, actor="test")
        assert (await shelf.one(PartnerRow, "shop")).sms_awaits_owner
        await database.write(partners.change_partner, "shop", change[1], NOW, actor="test")
        for partner_id in ("asked", "shop"):
            row = await shelf.one(PartnerRow, partner_id)
            assert (row.sms_enabled, row.sms_awaits_owner) == (said, False)

    async def test_without_an_id_it_gets_one(self, database: Database) -> None:
        asked = PartnerCreate.model_validate({"name": "Chai Point", "tier": "smb"})
        row = await database.write(partners.create_partner, asked, NOW, actor="test")
        assert row.id.startswith("ptn_")

    async def test_a_taken_id_is_a_conflict_that_changes_nothing(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        with pytest.raises(Conflict, match="partner shop exists already"):
            await shelf.add_partner(tier="enterprise")
        assert (await shelf.one(PartnerRow, "shop")).tier == "smb"

    async def test_an_unknown_one(self, database: Database) -> None:
        with pytest.raises(NotFound, match="no partner nobody"):
            await database.read(partners.get_partner, "nobody")

    async def test_pages_are_in_the_order_of_ids(self, shelf: Shelf, database: Database) -> None:
        for name in ("c", "a", "d", "b"):
            await shelf.add_partner(name)
        first = await database.read(partners.list_partners, after=None, limit=3)
        rest = await database.read(partners.list_partners, after="c", limit=3)
        assert ([row.id for row in first], [row.id for row in rest]) == (["a", "b", "c"], ["d"])


class TestEndpoints:
    async def test_it_gets_a_secret_of_its_own(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        asked = EndpointCreate.model_validate(
            {
                "partner_id": "shop",
                "url": URL,
                "description": "the shop's ERP",
                "event_types": ["delivered"],
            }
        )
        row, secret = await database.write(create_endpoint, asked, NOW, actor="test")
        stored = await shelf.one(EndpointRow, row.id)
        assert (stored.url, stored.description) == (URL, "the shop's ERP")
        assert (stored.event_types, stored.state) == (["delivered"], EndpointState.ENABLED)
        assert stored.schema_version == "1.0"
        assert await database.read(secrets_in_force, row.id, NOW) == [secret]

    async def test_an_unknown_partner_is_named(self, shelf: Shelf) -> None:
        with pytest.raises(Invalid, match="no partner nobody") as caught:
            await shelf.add_endpoint("nobody")
        assert caught.value.field == "partner_id"
        assert await shelf.count(EndpointRow) == 0

    @pytest.mark.parametrize(("tier", "most"), [("smb", 1), ("growth", 3), ("enterprise", 10)])
    async def test_the_tier_sets_how_many(self, shelf: Shelf, tier: str, most: int) -> None:
        await shelf.add_partner(tier=tier)
        for _ in range(most):
            last = await shelf.add_endpoint()
        with pytest.raises(Conflict, match=f"has its {most} endpoints"):
            await shelf.add_endpoint()
        await shelf.change(EndpointRow, last.id, removed_at=NOW)
        await shelf.add_endpoint()

    @pytest.mark.parametrize("removed", [False, True])
    async def test_an_unknown_or_removed_one(
        self, shelf: Shelf, database: Database, removed: bool
    ) -> None:
        endpoint_id = "ep_none"
        if removed:
            await shelf.add_partner()
            endpoint_id = (await shelf.add_endpoint()).id
            await shelf.change(EndpointRow, endpoint_id, removed_at=NOW)
        with pytest.raises(NotFound, match=endpoint_id):
            await database.read(get_endpoint, endpoint_id)
        with pytest.raises(NotFound):
            await database.write(rotate_secret, endpoint_id, NOW, actor="test")
        assert await database.read(list_endpoints, partner_id=None, after=None, limit=9) == []

    async def test_pages_of_one_partner_or_of_all(self, shelf: Shelf, database: Database) -> None:
        for name in ("a", "b"):
            await shelf.add_partner(name)
        ids = [(await shelf.add_endpoint(name)).id for name in ("a", "b", "a")]
        listed = [
            [row.id for row in await database.read(list_endpoints, **asked)]
            for asked in (
                {"partner_id": "a", "after": None, "limit": 9},
                {"partner_id": None, "after": None, "limit": 2},
                {"partner_id": None, "after": sorted(ids)[1], "limit": 2},
            )
        ]
        assert listed == [sorted([ids[0], ids[2]]), sorted(ids)[:2], sorted(ids)[2:]]

    async def test_switching_says_who_did_it_and_forgets_it_again(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        change = changes.change_endpoint
        paused, enabled = EndpointChange(state="paused"), EndpointChange(state="enabled")
        off = await database.write(change, endpoint.id, paused, NOW, actor="test")
        assert (off.state, off.state_reason) == (EndpointState.PAUSED, "switched off by hand")
        on = await database.write(change, endpoint.id, enabled, NOW, actor="test")
        assert (on.state, on.state_reason) == (EndpointState.ENABLED, None)


class TestChangingAPartner:
    async def change(self, database: Database, **fields: Any) -> PartnerRow:
        asked = PartnerChange.model_validate(fields)
        return await database.write(
            partners.change_partner, "shop", asked, after(60), actor="key_ops"
        )

    async def test_what_is_named_changes_and_the_rest_stays(
        self, shelf: Shelf, database: Database
    ) -> None:
        before = (await shelf.add_partner()).model_dump()
        await self.change(database, tier="enterprise", sms_enabled=True)
        assert (await shelf.one(PartnerRow, "shop")).model_dump() == {
            **before,
            "tier": Tier.ENTERPRISE,
            "sms_enabled": True,
        }

    async def test_it_is_in_the_audit_log_with_before_and_after(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await self.change(
            database, name="Chai Point", tier="smb", sms_event_types=["delivered"], paused=True
        )
        [entry, _] = await database.read(list_entries, AuditFilter(), after=None, limit=9)
        assert (entry.action, entry.actor) == (AuditAction.PARTNER_CHANGED, "key_ops")
        assert (entry.object_id, entry.partner_id, entry.at) == ("shop", "shop", after(60))
        assert entry.details == {
            "tier": ["growth", "smb"],
            "sms_event_types": [None, ["delivered"]],
            "paused": [False, True],
        }

    async def test_nothing_new_leaves_no_entry(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        for fields in ({}, {"tier": "growth", "paused": False, "sms_event_types": None}):
            await self.change(database, **fields)
        assert await shelf.count(AuditEntryRow) == 1

    async def test_paused_and_resumed(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        assert (await self.change(database, paused=True)).paused_at == after(60)
        assert (await self.change(database, paused=False)).paused_at is None

    async def test_every_type_again(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(sms_event_types=["delivered"])
        await self.change(database, sms_event_types=None)
        assert (await shelf.one(PartnerRow, "shop")).sms_event_types is None

    async def test_an_unknown_partner(self, database: Database) -> None:
        with pytest.raises(NotFound, match="no partner shop"):
            await self.change(database, paused=True)


class TestRotation:
    async def in_force(self, database: Database, endpoint_id: str, seconds: float) -> list[str]:
        return await database.read(secrets_in_force, endpoint_id, after(seconds))

    async def test_both_are_in_force_for_24_hours(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        [old] = await self.in_force(database, endpoint.id, 0)
        _, new = await database.write(rotate_secret, endpoint.id, NOW, actor="test")
        day = DAY.total_seconds()
        assert sorted(await self.in_force(database, endpoint.id, day - 1)) == sorted([new, old])
        assert await self.in_force(database, endpoint.id, day) == [new]

    async def test_a_second_one_waits_until_the_first_is_over(
        self, shelf: Shelf, database: Database
    ) -> None:
        """Never more than two secrets, and so signatures; and none ends unasked."""
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        [first] = await self.in_force(database, endpoint.id, 0)
        rotate = rotate_secret
        _, second = await database.write(rotate, endpoint.id, NOW, actor="test")
        for hours in (0, 12):
            late = NOW + timedelta(hours=hours)
            with pytest.raises(Conflict, match="immediate"):
                await database.write(rotate, endpoint.id, late, actor="test")
        assert sorted(await self.in_force(database, endpoint.id, 60)) == sorted([first, second])
        _, third = await database.write(rotate, endpoint.id, NOW + DAY, actor="test")
        day = DAY.total_seconds()
        assert sorted(await self.in_force(database, endpoint.id, day)) == sorted([second, third])

    async def test_one_that_leaked_ends_at_once_also_in_the_overlap(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        rotate = rotate_secret
        await database.write(rotate, endpoint.id, NOW, actor="test")
        _, new = await database.write(rotate, endpoint.id, NOW, actor="test", immediate=True)
        assert await self.in_force(database, endpoint.id, 0) == [new]
