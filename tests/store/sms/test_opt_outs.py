"""Opt-outs: one in force for each partner and phone, and links that nobody can make."""

import asyncio
from typing import Any

import pytest
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import CUSTOMER
from contracts.delivery.states import OptOutSource
from contracts.errors import Invalid, NotFound
from contracts.sms.bodies import OptOutCreate
from store.access import audit
from store.access.audit import AuditFilter
from store.db.database import Database
from store.encryption.sealing import phone_index, read_index_keys
from store.sms import opt_outs
from store.tables import AuditEntryRow, OptOutLinkRow, OptOutRow
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import NOW, Shelf, after

PHONE, MASKED = "+919876543210", "+91********10"
OTHER = "+919812345678"


@pytest.fixture
async def shops(shelf: Shelf) -> Shelf:
    """Two partners, `shop` and `rival`."""
    for name in ("shop", "rival"):
        await shelf.add_partner(name)
    return shelf


async def add(database: Database, phone: str = PHONE, **fields: Any) -> OptOutRow:
    asked = OptOutCreate.model_validate({"partner_id": "shop", "phone": phone, **fields})
    return await database.write(opt_outs.add_opt_out, asked, NOW, actor="test")


async def token_of(database: Database, phone: str = PHONE, partner_id: str = "shop") -> str:
    return await database.write(opt_outs.link_token, partner_id, phone, NOW)


async def is_out(database: Database, phone: str = PHONE, partner_id: str = "shop") -> bool:
    return await database.read(
        lambda session: opt_outs.is_opted_out(session, partner_id, phone_index(session, phone))
    )


async def entries(database: Database) -> list[AuditEntryRow]:
    """What was written about opt-outs, the oldest first."""
    found = await database.read(audit.list_entries, AuditFilter(), after=None, limit=100)
    return [one for one in reversed(found) if one.object_kind == "opt_out"]


class TestOptingOut:
    async def test_a_customer_is_texted_no_more_by_this_partner(
        self, shops: Shelf, database: Database
    ) -> None:
        assert not await is_out(database)
        row = await add(database, "098765 43210")
        assert (row.phone_masked, row.source, row.created_at) == (MASKED, OptOutSource.API, NOW)
        assert await is_out(database)
        assert not await is_out(database, OTHER)
        assert not await is_out(database, partner_id="rival")

    async def test_again_changes_nothing(self, shops: Shelf, database: Database) -> None:
        first = await add(database)
        assert (await add(database)).id == first.id
        assert await shops.count(OptOutRow) == 1
        assert len(await entries(database)) == 1

    async def test_two_at_once_are_one(self, shops: Shelf, database: Database) -> None:
        rows = await asyncio.gather(*[add(database) for _ in range(8)])
        assert len({row.id for row in rows}) == 1
        assert await shops.count(OptOutRow) == 1
        assert len(await entries(database)) == 1

    async def test_nothing_has_the_whole_phone(self, shops: Shelf, database: Database) -> None:
        row = await add(database)
        await token_of(database)
        [entry] = await entries(database)
        assert (entry.action, entry.actor) == (AuditAction.OPT_OUT_ADDED, "test")
        assert (entry.object_id, entry.partner_id) == (row.id, "shop")
        assert entry.details == {"source": "api"}
        [link] = await database.read(lambda session: list(session.exec(select(OptOutLinkRow))))
        for kept in (row, entry, link):
            assert "9876543210" not in str(kept.model_dump())

    @pytest.mark.parametrize("owner", [None, "shop"])
    async def test_of_a_partner_that_is_not_there(
        self, shops: Shelf, database: Database, owner: str | None
    ) -> None:
        asked = OptOutCreate(partner_id="rival" if owner else "nobody", phone=PHONE)
        with pytest.raises(Invalid, match=f"no partner {asked.partner_id}") as caught:
            await database.write(opt_outs.add_opt_out, asked, NOW, actor="x", owner=owner)
        assert caught.value.field == "partner_id"
        assert await shops.count(OptOutRow) == 0


class TestLifting:
    async def test_the_customer_is_texted_again(self, shops: Shelf, database: Database) -> None:
        row = await add(database)
        for seconds in (1, 2):
            await database.write(opt_outs.lift, row.id, after(seconds), actor="test")
        assert not await is_out(database)
        assert (await shops.one(OptOutRow, row.id)).lifted_at == after(1)
        assert [one.action for one in await entries(database)] == [
            AuditAction.OPT_OUT_ADDED,
            AuditAction.OPT_OUT_REMOVED,
        ]

    async def test_and_can_opt_out_once_more(self, shops: Shelf, database: Database) -> None:
        first = await add(database)
        await database.write(opt_outs.lift, first.id, NOW, actor="test")
        second = await add(database)
        assert second.id != first.id
        assert await is_out(database)

    async def test_not_another_partner_s(self, shops: Shelf, database: Database) -> None:
        theirs = await add(database, partner_id="rival")
        for opt_out_id in (theirs.id, "opt_none"):
            with pytest.raises(NotFound, match=opt_out_id):
                await database.write(opt_outs.lift, opt_out_id, NOW, actor="x", owner="shop")
        assert await is_out(database, partner_id="rival")


class TestListing:
    async def test_in_pages_of_all_or_of_one(self, shops: Shelf, database: Database) -> None:
        first, second = await add(database), await add(database, OTHER)
        rival = await add(database, partner_id="rival")
        made = sorted([first.id, second.id, rival.id])

        async def listed(**asked: Any) -> list[str]:
            rows = await database.read(opt_outs.list_opt_outs, **{"limit": 100, **asked})
            return [row.id for row in rows]

        assert await listed() == made
        assert await listed(limit=2) == made[:2]
        assert await listed(after=made[1]) == made[2:]
        assert await listed(newest_first=True, limit=2) == made[:0:-1]
        assert await listed(newest_first=True, after=made[1]) == made[:1]
        assert await listed(partner_id="rival") == [rival.id]
        assert await listed(owner="shop") == sorted([first.id, second.id])
        assert await listed(owner="shop", partner_id="rival") == []
        await database.write(opt_outs.lift, first.id, NOW, actor="test")
        assert await listed(owner="shop") == [second.id]

    @pytest.mark.parametrize("newest_first", [True, False])
    async def test_a_partners_are_found_in_order_by_an_index(
        self, shops: Shelf, database: Database, newest_first: bool
    ) -> None:
        def run(session: Session) -> object:
            return opt_outs.list_opt_outs(
                session, owner="shop", after="opt_5", limit=10, newest_first=newest_first
            )

        [plan] = await database.read(plans_of, run, "sms_opt_outs")
        assert is_served_by_an_index(plan, "sms_opt_outs"), plan


class TestLinks:
    async def test_one_customer_always_has_the_same(self, shops: Shelf, database: Database) -> None:
        tokens = await asyncio.gather(*[token_of(database) for _ in range(8)])
        [token] = set(tokens)
        assert len(token) == 12
        assert token.replace("-", "a").replace("_", "a").isalnum()
        assert await shops.count(OptOutLinkRow) == 1
        others = {await token_of(database, OTHER), await token_of(database, partner_id="rival")}
        assert len(others | {token}) == 3

    async def test_looking_changes_nothing(self, shops: Shelf, database: Database) -> None:
        token = await token_of(database)
        link = await database.read(opt_outs.linked, token)
        assert link is not None
        assert (link.partner_id, link.phone_masked) == ("shop", MASKED)
        assert not await is_out(database)
        assert await entries(database) == []

    async def test_using_it_opts_out_as_often_as_one_likes(
        self, shops: Shelf, database: Database
    ) -> None:
        token = await token_of(database)
        for _ in range(2):
            assert await database.write(opt_outs.opt_out_by_link, token, NOW) is not None
        assert await is_out(database)
        [row] = await database.read(opt_outs.list_opt_outs, limit=9)
        assert (row.source, row.phone_masked) == (OptOutSource.LINK, MASKED)
        [entry] = await entries(database)
        assert (entry.actor, entry.details) == (CUSTOMER, {"source": "link"})

    @pytest.mark.parametrize("token", ["", "a" * 12, "a\x00b", "ä" * 12, "x" * 500])
    async def test_one_that_nobody_was_given(
        self, shops: Shelf, database: Database, token: str
    ) -> None:
        await token_of(database)
        assert await database.read(opt_outs.linked, token) is None
        assert await database.write(opt_outs.opt_out_by_link, token, NOW) is None
        assert await shops.count(OptOutRow) == 0

    async def test_one_that_somebody_put_into_the_table(
        self, shops: Shelf, database: Database
    ) -> None:
        real = await shops.one(OptOutLinkRow, await token_of(database))
        forged = {**real.model_dump(), "token": "forgedforged"}
        moved = {**real.model_dump(), "token": await token_of(database, OTHER)}
        await database.write(lambda session: session.add(OptOutLinkRow(**forged)))
        await shops.change(OptOutLinkRow, moved["token"], phone_index=real.phone_index)
        for token in (forged["token"], moved["token"]):
            assert await database.read(opt_outs.linked, token) is None
            assert await database.write(opt_outs.opt_out_by_link, token, NOW) is None
        assert not await is_out(database)


class TestTheKey:
    async def test_links_have_one_of_their_own(self, database: Database) -> None:
        keys = await database.read(read_index_keys)
        assert len({keys.phones, keys.bodies, keys.links}) == 3


async def test_a_phone_has_one_opt_out_in_force(shops: Shelf, database: Database) -> None:
    for _ in range(3):
        row = await add(database)
        await database.write(opt_outs.lift, row.id, NOW, actor="test")
    await add(database)
    in_force = select(OptOutRow).where(col(OptOutRow.lifted_at).is_(None))
    assert len(await database.read(lambda session: session.exec(in_force).all())) == 1
