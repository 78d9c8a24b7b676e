"""Encryption at rest, column by column: what the database holds, and what is found in it."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel
from contracts.endpoints.endpoints import RotateSecret
from contracts.errors import KeyMissing, StoreUnavailable
from store.access.idempotency import Repeatable, once
from store.access.second_factors import enrol
from store.access.totp import code_at, new_secret
from store.db.database import Database
from store.encryption.columns import ALL, INDEX_KEY
from store.encryption.keyring import Keyring, new_key
from store.encryption.sealing import INDEX_KEY_NAME, keyed_digest, phone_index, read_index_keys
from store.events import acceptance
from store.tables import EventRow, SealedKeyRow, SmsMessageRow
from tests.support.encryption import KEYRING
from tests.support.factories import make_groups
from tests.support.instructions import NEW_ADDRESS, Counter, a_failed_delivery
from tests.support.notifications import write_secrets
from tests.support.shelf import NOW, Shelf, Text, Webhook, an_event

PHONE = "+919876543210"
EMAIL = "priya@chaipoint.example"
SECRET = new_secret()
PERSONAL = (
    PHONE,
    EMAIL,
    SECRET,
    "9845012345",
    "Asha",
    "Imran",
    "Lakshmi Nivas",
    "483920",
    "Kulkarni",
    "whsec_",
    "lnk_1.token",
    "after six",
    "Tulsi Baug",
)


async def everything(database: Database) -> str:
    """Every value of every row of every table, as the database gives it."""

    def read(session: Session) -> str:
        names = session.connection().dialect.get_table_names(session.connection())
        found: list[Any] = []
        for name in names:
            rows = session.connection().execute(text(f'SELECT * FROM "{name}"')).all()
            found += [(name, *row) for row in rows]
        return repr(found)

    return await database.read(read)


async def fill(shelf: Shelf) -> None:
    """A row in every table that holds something personal or secret."""
    await shelf.add_partner(sms_enabled=True, contact_phone=PHONE)
    await shelf.add_endpoint()
    event = an_event("out_for_delivery")
    plan = await shelf.plan(event)
    by_channel = {one.channel: one.delivery_id for one in plan.deliveries}
    webhook = Webhook(shelf, event, by_channel[Channel.WEBHOOK], "")
    await webhook.attempt(503)
    text = Text(shelf, event, by_channel[Channel.SMS])
    await text.refuse(await text.ready())
    await text.keep()
    await shelf.redirect(text.id, "+919845012345")
    user, _ = await shelf.invite(EMAIL)
    await shelf.database.write(enrol, user.id, SECRET, code_at(SECRET, NOW), NOW)
    await write_secrets(shelf)
    await shelf.accept(a_failed_delivery("ORD-9"))
    counter = Counter(shelf)
    given = await counter.give(
        "change_address",
        order_id="ORD-9",
        phone="+919845012345",
        address=NEW_ADDRESS,
        comment="after six",
    )
    await counter.decide(given.id, reason="Asha is called at 9845012345")
    repeat = Repeatable("key", "request")
    await shelf.database.write(once, repeat, RotateSecret, lambda _: RotateSecret(), NOW)


class TestTheTables:
    async def test_nothing_personal_and_no_secret_is_in_clear(
        self, shelf: Shelf, database: Database
    ) -> None:
        await fill(shelf)
        stored = await everything(database)
        for value in PERSONAL:
            at = stored.find(value)
            assert at == -1, stored[max(at - 2000, 0) : at + 200]
        assert "said so" not in stored
        assert stored.count("'1:test:") + stored.count("b'1:test:") >= len(ALL)

    async def test_this_search_would_find_it(self, shelf: Shelf, database: Database) -> None:
        await fill(shelf)
        await shelf.change(SmsMessageRow, await self._sms_id(database), to_phone=f"0:{PHONE}")
        assert PHONE in await everything(database)

    async def _sms_id(self, database: Database) -> str:
        return await database.read(lambda s: s.exec(select(SmsMessageRow.id)).one())


class TestBodies:
    async def test_a_repeat_is_known_by_a_digest_that_nobody_can_guess(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        assert (await database.write(acceptance.accept, event, NOW)).duplicate
        plain = hashlib.sha256(acceptance.canonical(event).encode()).hexdigest()
        row = await shelf.one(EventRow, event.event_id)
        assert plain not in row.body_digest
        assert row.body_digest == await database.read(keyed_digest, plain)


class TestTheBlindIndex:
    async def test_a_customers_events_and_texts_are_found_by_phone(
        self, shelf: Shelf, database: Database
    ) -> None:
        text_delivery = await shelf.text()
        await text_delivery.ready()
        await shelf.accept(an_event(data=make_groups()))
        index = await database.read(phone_index, PHONE)
        found = await database.read(
            lambda s: len(
                s.exec(select(EventRow).where(col(EventRow.customer_phone_index) == index)).all()
            )
        )
        assert found == 2
        [sms] = await text_delivery.messages()
        assert sms.to_phone_index == index

    async def test_it_is_another_in_another_database_and_says_nothing(
        self, database: Database
    ) -> None:
        index = await database.read(phone_index, PHONE)
        assert PHONE[1:] not in index
        assert index != await database.read(phone_index, "+919876543211")


class TestTheIndexKey:
    async def test_with_another_keyring_the_database_does_not_open(
        self, database: Database
    ) -> None:
        other = Database(database.url, Keyring([new_key("other")]))
        with pytest.raises(KeyMissing, match="sealed with key test"):
            await other.read(read_index_keys)
        other.close()

    async def test_without_one_it_says_what_to_do(self, shelf: Shelf, database: Database) -> None:
        kept = await shelf.one(SealedKeyRow, INDEX_KEY_NAME)
        fresh = Database(database.url, KEYRING)
        await shelf.change(SealedKeyRow, INDEX_KEY_NAME, name="away")
        try:
            with pytest.raises(StoreUnavailable, match="doorstep migrate"):
                await fresh.read(read_index_keys)
        finally:
            await shelf.change(SealedKeyRow, "away", name=INDEX_KEY_NAME)
            fresh.close()
        assert kept.sealed.startswith("1:test:")
        assert INDEX_KEY in ALL
