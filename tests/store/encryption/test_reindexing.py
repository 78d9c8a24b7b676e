"""A new index key: what was found is found again, by nobody who has the old one."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, select

from contracts.access.second_factor import CodeFate
from contracts.access.users import LinkKind
from contracts.errors import NotFound, StoreUnavailable
from contracts.payload.search_terms import read_search
from contracts.sms.bodies import OptOutCreate
from store.access.recovery_codes import make_recovery_codes, use_recovery_code
from store.access.removed_addresses import was_removed_from_ops
from store.access.sign_in_links import open_link
from store.access.users import user_by_email
from store.db.database import Database
from store.encryption.reindexing import (
    INDEXED,
    begin_reindexing,
    end_reindexing,
    reindex_batch,
    replace_link_key,
)
from store.encryption.sealing import (
    INDEX_KEY_NAME,
    NEXT_INDEX_KEY_NAME,
    email_index,
    phone_index,
    read_index_keys,
)
from store.events import acceptance
from store.events.erasure import erase_customer
from store.events.order_search import search_orders
from store.sms.opt_outs import add_opt_out, is_opted_out, link_token, linked
from store.tables import CustomerTermRow, EventRow, SealedKeyRow, SmsMessageRow, UserRow
from tests.support.encryption import KEYRING
from tests.support.instructions import NEW_PHONE, Counter, a_failed_delivery
from tests.support.shelf import NOW, Shelf, Text, an_event

PHONE, EMAIL = "+919876543210", "priya@chaipoint.example"


@dataclass
class Filled:
    """A database with a digest in every place, and what was handed in."""

    database: Database
    text: Text
    token: str
    invitation: str
    user_id: str
    recovery_code: str

    async def reindex(self, *, limit: int = 1) -> int:
        """All batches of a run."""
        done = 0
        for column in INDEXED:
            after = None
            while True:
                write = self.database.write
                batch = await write(reindex_batch, column, after=after, limit=limit)
                done, after = done + batch.done, batch.last
                if not batch.done:
                    break
        return done

    def reopened(self) -> Database:
        """The database as another process opens it, which has read no key yet."""
        return Database(self.database.url, KEYRING)


@pytest.fixture
async def filled(shelf: Shelf, database: Database) -> AsyncIterator[Filled]:
    """One event that was texted, one opt-out, one person, one link of each kind."""
    keys = await database.read(_keys)
    text = await shelf.text(an_event("delivered"))
    await text.refuse(await text.ready())
    await text.keep()
    await shelf.redirect(text.id, "+919845012345")
    asked = OptOutCreate.model_validate({"partner_id": "shop", "phone": PHONE})
    await database.write(add_opt_out, asked, NOW, actor="test")
    token = await database.write(link_token, "shop", PHONE, NOW)
    await shelf.accept(a_failed_delivery("ORD-9", order={"customer": None}))
    await Counter(shelf).give("reattempt", order_id="ORD-9", phone=NEW_PHONE)
    user, invitation = await shelf.invite(EMAIL)
    await shelf.change(UserRow, user.id, password_hash="one")
    await shelf.change(
        UserRow, user.id, removed_email_index=await database.read(email_index, EMAIL)
    )
    [code, *_] = await database.write(make_recovery_codes, user.id, NOW)
    yield Filled(database, text, token, invitation, user.id, code)
    await database.write(_put_back, keys)
    database.vault.read_anew()


class TestAfterwards:
    @pytest.fixture
    async def fresh(self, filled: Filled) -> AsyncIterator[Database]:
        """Another process, once all is done."""
        await filled.database.write(begin_reindexing)
        assert await filled.reindex() >= len(INDEXED)
        await filled.database.write(end_reindexing)
        database = filled.reopened()
        yield database
        database.close()

    async def test_everything_is_found_again(self, filled: Filled, fresh: Database) -> None:
        index = await fresh.read(phone_index, PHONE)
        assert await fresh.read(is_opted_out, "shop", index)
        assert await fresh.read(user_by_email, EMAIL) is not None
        assert await fresh.read(was_removed_from_ops, await fresh.read(email_index, EMAIL))
        for typed in (PHONE, PHONE[-4:], "asha"):
            search = await fresh.read(search_orders, read_search(typed), owner="shop", most=9)
            assert [one.order_id for one in search.orders] == ["ORD-1"], typed
        event = filled.text.event
        assert (await fresh.write(acceptance.accept, event, NOW)).event_id == event.event_id
        used = await fresh.write(use_recovery_code, filled.user_id, filled.recovery_code, NOW)
        assert used is CodeFate.RIGHT
        erased = await fresh.write(erase_customer, PHONE, NOW, limit=10)
        assert erased.events == 1
        instructed = await fresh.write(erase_customer, NEW_PHONE, NOW, limit=10)
        assert (instructed.events, instructed.instructions) == (1, 1)

    async def test_the_old_key_makes_nothing_that_is_stored(
        self, filled: Filled, fresh: Database
    ) -> None:
        old = await fresh.read(lambda session: read_index_keys(session).phones[0])
        known = hmac.new(old, PHONE.encode(), hashlib.sha256).hexdigest()
        event = await fresh.read(lambda s: s.get_one(EventRow, filled.text.event.event_id))
        [sms] = await filled.text.messages()
        assert known not in (event.customer_phone_index, sms.to_phone_index)
        assert event.customer_phone_index == await fresh.read(phone_index, PHONE)
        terms = await fresh.read(lambda s: s.exec(select(CustomerTermRow.term)).all())
        assert terms
        assert all(term.startswith("2:") for term in terms)
        assert isinstance(sms, SmsMessageRow)

    async def test_links_have_ended(self, filled: Filled, fresh: Database) -> None:
        assert await fresh.read(linked, filled.token) is None
        with pytest.raises(NotFound):
            await fresh.read(open_link, filled.invitation, LinkKind.INVITATION, NOW)
        assert await fresh.write(link_token, "shop", PHONE, NOW) != filled.token

    async def test_once_more(self, filled: Filled, fresh: Database) -> None:
        await filled.database.write(begin_reindexing)
        await filled.reindex()
        await filled.database.write(end_reindexing)
        again = filled.reopened()
        index = await again.read(phone_index, PHONE)
        assert await again.read(is_opted_out, "shop", index)
        again.close()


class TestMeanwhile:
    async def test_nothing_is_compared_with_half_of_it(self, filled: Filled) -> None:
        await filled.database.write(begin_reindexing)
        other = filled.reopened()
        with pytest.raises(StoreUnavailable, match="replace-index-key"):
            await other.read(phone_index, PHONE)
        other.close()

    async def test_one_that_was_stopped_is_gone_on_with(self, filled: Filled) -> None:
        await filled.database.write(begin_reindexing)
        first = await filled.database.write(reindex_batch, INDEXED[0], after=None, limit=1)
        await filled.database.write(begin_reindexing)
        rest = await filled.reindex()
        assert (first.done, await filled.reindex()) == (1, 0)
        assert rest >= len(INDEXED) - 1
        await filled.database.write(end_reindexing)

    async def test_it_does_not_end_with_a_digest_left(self, filled: Filled) -> None:
        await filled.database.write(begin_reindexing)
        with pytest.raises(StoreUnavailable):
            await filled.database.write(end_reindexing)


async def test_the_key_of_links_is_replaced_by_itself(filled: Filled) -> None:
    index = await filled.database.read(phone_index, PHONE)
    await filled.database.write(replace_link_key)
    fresh = filled.reopened()
    assert await fresh.read(linked, filled.token) is None
    assert await fresh.read(phone_index, PHONE) == index
    fresh.close()


def _keys(session: Session) -> dict[str, str]:
    return {row.name: row.sealed for row in session.exec(select(SealedKeyRow))}


def _put_back(session: Session, keys: dict[str, Any]) -> None:
    """The tests of the store share their keys."""
    left = session.get(SealedKeyRow, NEXT_INDEX_KEY_NAME)
    if left is not None:
        session.delete(left)
    for name, sealed in keys.items():
        session.get_one(SealedKeyRow, name).sealed = sealed
    assert INDEX_KEY_NAME in keys
