"""Places by key."""

import asyncio

from activities.keyed_limit import KeyedLimit


async def test_so_many_of_one_key_and_no_key_in_anothers_way() -> None:
    limit, inside, go_on = KeyedLimit(2), list[str](), asyncio.Event()

    async def hold(key: str | None) -> None:
        async with limit.place(key):
            inside.append(str(key))
            await go_on.wait()

    keys = ["a", "a", "a", "b", None, None, None]
    tasks = [asyncio.create_task(hold(key)) for key in keys]
    for _ in range(5):
        await asyncio.sleep(0)
    assert sorted(inside) == ["None", "None", "None", "a", "a", "b"]
    go_on.set()
    await asyncio.gather(*tasks)
    assert sorted(inside).count("a") == 3
    assert limit._places == {}


async def test_one_that_is_called_off_gives_its_place_back() -> None:
    limit = KeyedLimit(1)
    async with limit.place("a"):
        waiting = asyncio.create_task(limit.place("a").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with limit.place("a"):
        pass
    assert limit._places == {}
