"""API keys in the store: made, found, listed, revoked; never kept in clear."""

from datetime import timedelta

import pytest
from sqlmodel import select

from contracts.access.api_keys import KeyCreate, new_token
from contracts.access.audit import AuditAction
from contracts.access.callers import Caller, Scope
from contracts.errors import Invalid, NotFound
from contracts.tiers import Tier
from store.access import api_keys, audit
from store.access.api_keys import known_key
from store.access.audit import AuditFilter
from store.db.database import Database
from store.tables import ApiKeyRow, AuditEntryRow
from tests.support.keys import make_key
from tests.support.shelf import NOW, Shelf, after

HOUR = timedelta(hours=1)


async def entries(database: Database, object_id: str) -> list[AuditEntryRow]:
    wanted = AuditFilter(object_id=object_id)
    return await database.read(audit.list_entries, wanted, after=None, limit=100)


class TestMaking:
    async def test_it_is_kept_as_its_digest_only(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        key_id, token = await make_key(database, Scope.PARTNER, "shop", now=NOW)
        row = await shelf.one(ApiKeyRow, key_id)
        secret = token.rpartition("_")[2]
        assert secret not in str(row.model_dump())
        assert token.startswith(row.prefix)
        assert (row.scope, row.partner_id, row.created_by) == (Scope.PARTNER, "shop", "test")
        assert (row.created_at, row.last_used_at, row.revoked_at) == (NOW, None, None)
        [entry] = await entries(database, key_id)
        assert (entry.action, entry.actor) == (AuditAction.KEY_CREATED, "test")
        assert (entry.partner_id, entry.at) == ("shop", NOW)
        assert entry.details == {"scope": "partner", "prefix": row.prefix}

    @pytest.mark.parametrize(
        ("asked", "owner", "field"),
        [
            ({"scope": "partner"}, None, "partner_id"),
            ({"scope": "oms", "partner_id": "shop"}, None, "partner_id"),
            ({"scope": "partner", "partner_id": "nobody"}, None, "partner_id"),
            ({"scope": "partner", "partner_id": "rival"}, "shop", "partner_id"),
            ({"scope": "ops"}, "shop", "scope"),
            ({"scope": "oms"}, "shop", "scope"),
            ({"scope": "oms", "expires_at": NOW}, None, "expires_at"),
        ],
    )
    async def test_what_cannot_be_is_named(
        self,
        shelf: Shelf,
        database: Database,
        asked: dict[str, object],
        owner: str | None,
        field: str,
    ) -> None:
        await shelf.add_partner()
        await shelf.add_partner("rival")
        wish = KeyCreate.model_validate({"label": "x", **asked})
        with pytest.raises(Invalid) as caught:
            await database.write(api_keys.create_key, wish, NOW, actor="test", owner=owner)
        assert caught.value.field == field
        assert await shelf.count(ApiKeyRow) == 0


class TestFinding:
    async def test_by_the_key_itself(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        key_id, token = await make_key(database, Scope.PARTNER, "shop", now=NOW)
        found = await database.read(known_key, token, NOW)
        assert found is not None
        assert found.caller == Caller(key_id, frozenset({Scope.PARTNER}), "shop", Tier.GROWTH)

    async def test_not_by_its_shown_part_with_another_secret(self, database: Database) -> None:
        _, token = await make_key(database, now=NOW)
        shown = token.rpartition("_")[0]
        forged = f"{shown}_{new_token(Scope.OPS).rpartition('_')[2]}"
        assert await database.read(known_key, forged, NOW) is None

    @pytest.mark.parametrize("token", ["", "dsk_ops_abcdefgh", "dsk_ops_abcdefgh_" + "a" * 52])
    async def test_not_by_anything_else(self, database: Database, token: str) -> None:
        await make_key(database, now=NOW)
        assert await database.read(known_key, token, NOW) is None

    async def test_until_it_expires(self, database: Database) -> None:
        _, token = await make_key(database, now=NOW, expires_at=NOW + HOUR)
        assert await database.read(known_key, token, after(3599)) is not None
        assert await database.read(known_key, token, NOW + HOUR) is None

    async def test_until_it_is_revoked(self, database: Database) -> None:
        key_id, token = await make_key(database, now=NOW)
        await database.write(api_keys.revoke_key, key_id, after(1), actor="test")
        assert await database.read(known_key, token, after(1)) is None


class TestRevoking:
    async def test_a_second_time_changes_nothing(self, shelf: Shelf, database: Database) -> None:
        key_id, _ = await make_key(database, now=NOW)
        for seconds in (1, 2):
            await database.write(api_keys.revoke_key, key_id, after(seconds), actor="test")
        assert (await shelf.one(ApiKeyRow, key_id)).revoked_at == after(1)
        actions = [entry.action for entry in await entries(database, key_id)]
        assert actions == [AuditAction.KEY_REVOKED, AuditAction.KEY_CREATED]

    async def test_not_another_partner_s(self, shelf: Shelf, database: Database) -> None:
        for name in ("shop", "rival"):
            await shelf.add_partner(name)
        theirs, _ = await make_key(database, Scope.PARTNER, "rival", now=NOW)
        ours, _ = await make_key(database, now=NOW)
        for key_id in (theirs, ours, "key_none"):
            with pytest.raises(NotFound, match=key_id):
                await database.write(api_keys.revoke_key, key_id, NOW, actor="x", owner="shop")
        assert (await shelf.one(ApiKeyRow, theirs)).revoked_at is None


class TestListing:
    async def test_in_pages_of_all_or_of_one(self, shelf: Shelf, database: Database) -> None:
        for name in ("shop", "rival"):
            await shelf.add_partner(name)
        made = [
            (await make_key(database, scope, partner, now=NOW))[0]
            for scope, partner in [
                (Scope.OMS, None),
                (Scope.PARTNER, "shop"),
                (Scope.PARTNER, "rival"),
                (Scope.PARTNER, "shop"),
            ]
        ]

        async def listed(**asked: object) -> list[str]:
            rows = await database.read(api_keys.list_keys, **{"limit": 100, **asked})  # type: ignore[arg-type]
            return [row.id for row in rows]

        assert await listed() == sorted(made)
        assert await listed(limit=2) == sorted(made)[:2]
        assert await listed(after=sorted(made)[1]) == sorted(made)[2:]
        assert await listed(newest_first=True, limit=3) == sorted(made)[:0:-1]
        assert await listed(newest_first=True, after=sorted(made)[1]) == sorted(made)[:1]
        assert await listed(partner_id="rival") == [made[2]]
        assert await listed(owner="shop") == sorted([made[1], made[3]])
        assert await listed(owner="shop", partner_id="rival") == []


class TestUse:
    @pytest.mark.parametrize(("seconds", "noted"), [(0, 0), (59, 0), (60, 60), (600, 600)])
    async def test_it_is_noted_once_a_minute(
        self, shelf: Shelf, database: Database, seconds: int, noted: int
    ) -> None:
        key_id, _ = await make_key(database, now=NOW)
        await database.write(api_keys.note_use, key_id, NOW)
        await database.write(api_keys.note_use, key_id, after(seconds))
        assert (await shelf.one(ApiKeyRow, key_id)).last_used_at == after(noted)


async def test_no_two_keys_share_a_shown_part(database: Database) -> None:
    for _ in range(20):
        await make_key(database, now=NOW)
    rows = await database.read(lambda session: list(session.exec(select(ApiKeyRow))))
    assert len({row.prefix for row in rows}) == 20
