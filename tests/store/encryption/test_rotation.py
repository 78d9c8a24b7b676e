"""Rotation: every sealed value comes under the current key."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from contracts.delivery.states import Channel
from contracts.endpoints.endpoints import RotateSecret
from contracts.errors import KeyMissing
from store.access.idempotency import Repeatable, once
from store.access.second_factors import enrol
from store.access.totp import code_at, new_secret
from store.db.database import Database
from store.encryption.columns import (
    ALL,
    ENDPOINT_SECRET,
    EVENT_BODY,
    INDEX_KEY,
    PAYLOAD_BODY,
    RESPONSE_EXCERPT,
    SMS_BODY,
    SMS_PHONE,
    SealedColumn,
)
from store.encryption.keyring import EncryptionKey, Keyring
from store.encryption.rotation import Resealed, count_stale, reseal_batch
from store.encryption.sealing import open_bytes, open_sealed, sealed_text
from store.sms.phone_checks import begin_phone_check
from store.tables import SmsMessageRow
from tests.support.encryption import KEY, KEYRING
from tests.support.instructions import Counter, a_failed_delivery
from tests.support.notifications import write_secrets
from tests.support.shelf import NOW, RULES, Shelf, Text, Webhook, an_event

NEW = EncryptionKey("k_2", bytes(32))  # with what LIKE would take for a wildcard
PHONE = "+919876543210"


@pytest.fixture
async def rotating(database: Database) -> AsyncIterator[Database]:
    """The same database with a newer key in front; it goes back under the old one afterwards."""
    newer = Database(database.url, Keyring([NEW, KEY]))
    yield newer
    newer.close()
    back = Database(database.url, Keyring([KEY, NEW]))
    await rotate(back, INDEX_KEY)
    back.close()


async def rotate(database: Database, column: SealedColumn, limit: int = 2) -> list[Resealed]:
    """Every batch of a column."""
    batches = [await database.write(reseal_batch, column, after=None, limit=limit)]
    while (after := batches[-1].last) is not None:
        batches.append(await database.write(reseal_batch, column, after=after, limit=limit))
    return batches


async def fill(shelf: Shelf) -> None:
    """Rows in every sealed column."""
    await shelf.add_partner(sms_enabled=True, contact_phone=PHONE)
    await shelf.add_endpoint(custom_headers={"x-api-key": "a secret of the shop"})
    user, _ = await shelf.invite()
    secret = new_secret()
    await shelf.database.write(enrol, user.id, secret, code_at(secret, NOW), NOW)
    await write_secrets(shelf)
    await shelf.database.write(
        begin_phone_check, "shop", "+919812345678", NOW, actor="test", rules=RULES
    )
    repeat = Repeatable("key", "request")
    await shelf.database.write(once, repeat, RotateSecret, lambda _: RotateSecret(), NOW)
    await shelf.accept(a_failed_delivery("ORD-9"))
    await Counter(shelf).give(order_id="ORD-9", comment="after six")
    for _ in range(3):
        event = an_event("out_for_delivery")
        for planned in (await shelf.plan(event)).deliveries:
            if planned.channel is Channel.SMS:
                text = Text(shelf, event, planned.delivery_id)
                await text.refuse(await text.ready())
                await text.keep()
                await shelf.redirect(text.id, "+919845012345")
            else:
                await Webhook(shelf, event, planned.delivery_id, "").attempt(503)


async def opened(database: Database, column: SealedColumn) -> list[Any]:
    """Every value of a column, opened."""
    table = SQLModel.metadata.tables[column.table]

    def work(session: Session) -> list[Any]:
        keys = [table.c[name] for name in column.row_key]
        rows = session.execute(select(table.c[column.column], *keys).order_by(*keys)).all()
        how: Any = open_bytes if column.binary else open_sealed
        return [how(session, column, stored, *key) for stored, *key in rows if stored is not None]

    return await database.read(work)


class TestRotation:
    @pytest.mark.parametrize("column", ALL, ids=lambda column: f"{column.table}.{column.column}")
    async def test_a_column_comes_under_the_new_key_and_stays_what_it_was(
        self, shelf: Shelf, database: Database, rotating: Database, column: SealedColumn
    ) -> None:
        await fill(shelf)
        before = await opened(database, column)
        assert await rotating.read(count_stale, column) == len(before) > 0
        batches = await rotate(rotating, column)
        assert sum(one.done for one in batches) == len(before)
        assert not any(one.broken for one in batches)
        assert await rotating.read(count_stale, column) == 0
        only_new = Database(database.url, Keyring([NEW]))
        assert await opened(only_new, column) == before
        only_new.close()
        with pytest.raises(KeyMissing):
            await opened(database, column)
        assert await rotate(rotating, column) == [Resealed(0, 0)]

    async def test_what_was_sealed_with_the_old_key_meanwhile_is_still_to_do(
        self, shelf: Shelf, rotating: Database
    ) -> None:
        await fill(shelf)
        await rotate(rotating, EVENT_BODY)
        await shelf.accept(an_event())
        assert await rotating.read(count_stale, EVENT_BODY) == 1
        await rotate(rotating, EVENT_BODY)
        assert await rotating.read(count_stale, EVENT_BODY) == 0

    async def test_a_value_that_does_not_open_is_named_and_stops_nobody(
        self, shelf: Shelf, rotating: Database
    ) -> None:
        await fill(shelf)
        texts = await rotating.read(lambda s: sorted(s.exec(select(SmsMessageRow.id))))
        other = sealed_text(KEYRING, SMS_BODY, "moved", texts[2])
        await shelf.change(SmsMessageRow, texts[0], body=other)
        await shelf.change(SmsMessageRow, texts[1], body="1:lost:AAAA")
        batches = await rotate(rotating, SMS_BODY)
        broken = {row: why for one in batches for row, why in one.broken.items()}
        assert set(broken) == set(texts[:2])
        assert "changed" in broken[texts[0]]
        assert "key lost" in broken[texts[1]]
        assert sum(one.done for one in batches) == 1


class TestWhatIsUnderAnotherKey:
    @pytest.mark.parametrize(
        "column", [EVENT_BODY, PAYLOAD_BODY, RESPONSE_EXCERPT, ENDPOINT_SECRET, SMS_PHONE, SMS_BODY]
    )
    async def test_there_are_none_to_begin_with(
        self, shelf: Shelf, database: Database, column: SealedColumn
    ) -> None:
        await fill(shelf)
        assert await database.read(count_stale, column) == 0
