"""An address that a mail server has refused: mailed again once somebody says that it is right, or
whose it is signs in."""

import pytest
from sqlmodel import col, select

from contracts.access.audit import AuditAction
from contracts.errors import NotFound
from store.access.refused_addresses import mail_again
from store.access.sessions import begin_for
from store.tables import AuditEntryRow, UserRow
from tests.support.messages import add_owner
from tests.support.shelf import NOW, Shelf, after


@pytest.fixture
async def priya(shelf: Shelf) -> UserRow:
    """An owner whose address was refused."""
    await shelf.add_partner()
    user = await add_owner(shelf.database)
    refused = {"email_refused_at": NOW, "email_refused_code": "smtp_550"}
    await shelf.change(UserRow, user.id, **refused)
    return user


async def is_refused(shelf: Shelf, user_id: str) -> bool:
    row = await shelf.one(UserRow, user_id)
    return (row.email_refused_at, row.email_refused_code) != (None, None)


async def test_somebody_says_that_it_is_right(shelf: Shelf, priya: UserRow) -> None:
    for _ in range(2):
        again = shelf.database.write(mail_again, priya.id, after(60), actor="test", owner="shop")
        user, address = await again
        assert (user.id, address) == (priya.id, "priya@chaipoint.example")
    assert not await is_refused(shelf, priya.id)
    query = select(AuditEntryRow).order_by(col(AuditEntryRow.id))
    entries = await shelf.database.read(lambda session: list(session.exec(query)))
    told = [one for one in entries if one.action is AuditAction.USER_MAILED_AGAIN]
    assert [(one.object_id, one.details) for one in told] == [(priya.id, {"code": "smtp_550"})]


async def test_another_partner_says_nothing(shelf: Shelf, priya: UserRow) -> None:
    with pytest.raises(NotFound):
        await shelf.database.write(mail_again, priya.id, NOW, actor="test", owner="rival")
    assert await is_refused(shelf, priya.id)


async def test_whoever_signs_in_is_mailed_again(shelf: Shelf, priya: UserRow) -> None:
    await shelf.database.write(begin_for, priya.id, after(60))
    assert not await is_refused(shelf, priya.id)
