"""`notify`: with the change or not at all, once, and with its secret sealed."""

import asyncio

import pytest
from sqlmodel import Session

from contracts.notifications.kinds import NotificationKind
from store.encryption.columns import NOTIFICATION_SECRET
from store.encryption.sealing import open_sealed
from store.notifications.notify import notify
from store.tables import NotificationRow
from tests.support.shelf import NOW, Shelf

KIND = NotificationKind.FAILED_DELIVERIES


def write(session: Session, once: str | None = None) -> str | None:
    return notify(session, KIND, NOW, partner_id="shop", about={"count": 3}, once=once)


async def test_what_is_told_and_of_whom(shelf: Shelf) -> None:
    await shelf.add_partner()
    notification_id = await shelf.database.write(write)
    assert notification_id is not None
    row = await shelf.one(NotificationRow, notification_id)
    assert (row.kind, row.partner_id, row.about, row.created_at) == (
        KIND,
        "shop",
        {"count": 3},
        NOW,
    )
    assert (row.fanned_out_at, row.why, row.secret) == (None, None, None)


async def test_once_is_once_however_many_write_it(shelf: Shelf) -> None:
    await shelf.add_partner()
    writes = [shelf.database.write(write, "failed/shop/2026-03-02") for _ in range(8)]
    written = [one for one in await asyncio.gather(*writes) if one is not None]
    assert len(written) == await shelf.count(NotificationRow) == 1


async def test_without_once_each_is_told(shelf: Shelf) -> None:
    await shelf.add_partner()
    assert {await shelf.database.write(write), await shelf.database.write(write)} != {None}
    assert await shelf.count(NotificationRow) == 2


async def test_a_change_that_fails_is_not_told_and_may_be_told_later(shelf: Shelf) -> None:
    await shelf.add_partner()

    def fails(session: Session) -> None:
        write(session, "once")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await shelf.database.write(fails)
    assert await shelf.count(NotificationRow) == 0
    assert await shelf.database.write(write, "once") is not None


async def test_a_secret_is_stored_sealed(shelf: Shelf) -> None:
    def with_secret(session: Session) -> str | None:
        return notify(session, NotificationKind.INVITATION, NOW, secret="lnk_1.token")

    notification_id = await shelf.database.write(with_secret)
    assert notification_id is not None
    stored = (await shelf.one(NotificationRow, notification_id)).secret or ""
    assert "token" not in stored
    opened = await shelf.database.read(open_sealed, NOTIFICATION_SECRET, stored, notification_id)
    assert opened == "lnk_1.token"
