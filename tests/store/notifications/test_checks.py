"""Whose turn it is to look for something to tell, and when each check last went through."""

import asyncio
from datetime import timedelta

from contracts.notifications.checks import CHECKED_KINDS
from contracts.notifications.kinds import NotificationKind
from store.notifications.checks import EVERY, begin_check, last_checks, note_check
from tests.support.shelf import NOW, Shelf, after

KIND = NotificationKind.FAILED_DELIVERIES


async def test_of_several_that_look_at_once_one_begins(shelf: Shelf) -> None:
    for now in (NOW, NOW + EVERY):
        begun = await asyncio.gather(
            *(shelf.database.write(begin_check, KIND, now) for _ in range(5))
        )
        assert sorted(begun) == [False] * 4 + [True]


async def test_not_before_its_time_each_kind_by_itself(shelf: Shelf) -> None:
    assert await shelf.database.write(begin_check, KIND, NOW)
    early = NOW + EVERY - timedelta(seconds=1)
    assert not await shelf.database.write(begin_check, KIND, early)
    for other in set(CHECKED_KINDS) - {KIND}:
        assert await shelf.database.write(begin_check, other, early)


async def test_one_that_did_not_go_through_has_not_succeeded(shelf: Shelf) -> None:
    await shelf.database.write(begin_check, KIND, NOW)
    assert await shelf.database.read(last_checks) == {}
    await shelf.database.write(note_check, KIND, after(3))
    await shelf.database.write(begin_check, KIND, NOW + EVERY)
    assert await shelf.database.read(last_checks) == {KIND: after(3)}
