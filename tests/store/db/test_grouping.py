"""Requests that share a transaction: each has its own result, and fails by itself."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.errors import Invalid, StoreUnavailable
from store.db.grouping import Grouping


class Runs:
    """What is run in groups: doubles numbers, slowly enough for others to gather."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.away = False
        self.side_by_side = self.most_side_by_side = 0

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(numbers))
        self.begun.set()
        self.side_by_side += 1
        self.most_side_by_side = max(self.most_side_by_side, self.side_by_side)
        await self.go_on.wait()
        self.side_by_side -= 1
        if self.away:
            raise StoreUnavailable("away")
        if 13 in numbers:
            raise Invalid("not this one", field="number")
        return [2 * one for one in numbers]


async def asked(run: Runs, *numbers: int, most: int = 100, at_once: int = 1) -> list[object]:
    """Ask for these while the first one runs; the results or errors."""
    grouping = Grouping(run, most=most, at_once=at_once, size=lambda number: max(number // 10, 1))
    tasks = [asyncio.create_task(grouping(one)) for one in numbers]
    await run.begun.wait()
    run.go_on.set()
    return list(await asyncio.gather(*tasks, return_exceptions=True))


async def test_one_that_is_alone_waits_for_nobody() -> None:
    run = Runs()
    assert await asked(run, 1) == [2]


async def test_what_comes_meanwhile_is_the_next_group() -> None:
    run = Runs()
    grouping = Grouping(run, most=100, at_once=1)
    first = asyncio.create_task(grouping(1))
    await run.begun.wait()
    others = [asyncio.create_task(grouping(one)) for one in (2, 3, 4)]
    await asyncio.sleep(0)
    run.go_on.set()
    assert [await first, *[await one for one in others]] == [2, 4, 6, 8]
    assert run.groups == [[1], [2, 3, 4]]


async def test_a_group_has_a_limit_and_the_rest_is_next() -> None:
    run = Runs()
    assert await asked(run, 10, 20, 30, 10, most=4) == [20, 40, 60, 20]
    assert run.groups == [[10, 20], [30, 10]]


async def test_so_many_groups_run_side_by_side() -> None:
    run = Runs()
    grouping = Grouping(run, most=1, at_once=3)
    tasks = []
    for number in range(6):
        tasks.append(asyncio.create_task(grouping(number)))
        await asyncio.sleep(0)  # it is alone in its group
    run.go_on.set()
    assert await asyncio.gather(*tasks) == [0, 2, 4, 6, 8, 10]
    assert run.most_side_by_side == 3


async def test_one_that_fails_fails_for_itself() -> None:
    run = Runs()
    first, mistaken, last = await asked(run, 1, 13, 3)
    assert (first, last) == (2, 6)
    assert isinstance(mistaken, Invalid)


async def test_a_database_that_is_away_is_away_for_all() -> None:
    run = Runs()
    run.away = True
    errors = await asked(run, 1, 2, 3)
    assert [type(one) for one in errors] == [StoreUnavailable] * 3
    assert len(run.groups) == 1


async def test_a_caller_that_has_gone_takes_nothing_from_the_others() -> None:
    run = Runs()
    grouping = Grouping(run, most=100, at_once=1)
    gone, other = (asyncio.create_task(grouping(one)) for one in (1, 2))
    await run.begun.wait()
    gone.cancel()
    run.go_on.set()
    assert await other == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
