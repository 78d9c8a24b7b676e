"""What somebody is not told, by their own choice."""

import pytest

from contracts.errors import Invalid
from contracts.notifications.kinds import NotificationKind
from store.notifications.choices import choose, switched_off
from tests.support.messages import add_owner
from tests.support.shelf import NOW, Shelf

KIND = NotificationKind.WEEKLY_OUTCOMES


async def test_a_kind_is_switched_off_and_on_again_for_one_person(shelf: Shelf) -> None:
    await shelf.add_partner()
    priya = await add_owner(shelf.database)
    other = await add_owner(shelf.database, "arjun@chaipoint.example")
    for _ in range(2):
        await shelf.database.write(choose, priya.id, KIND, NOW, wanted=False)
    assert await shelf.database.read(switched_off, priya.id) == {KIND}
    assert await shelf.database.read(switched_off, other.id) == set()
    for _ in range(2):
        await shelf.database.write(choose, priya.id, KIND, NOW, wanted=True)
    assert await shelf.database.read(switched_off, priya.id) == set()


async def test_what_concerns_an_account_cannot_be_switched_off(shelf: Shelf) -> None:
    await shelf.add_partner()
    priya = await add_owner(shelf.database)
    kind = NotificationKind.PASSWORD_CHANGED
    with pytest.raises(Invalid, match="cannot be switched off"):
        await shelf.database.write(choose, priya.id, kind, NOW, wanted=False)
