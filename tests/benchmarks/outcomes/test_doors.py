"""What is put between two events of a partner is between them, and keeps nobody else."""

import asyncio
from collections.abc import Collection

from benchmarks.outcomes.doors import Doors


class Line:
    """Posts by name, and notes what happened in which order.

    Until `answers` is set no post gets its answer, until `mended` is set nothing that is put
    between is done, until `settled` is set something is under way.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.answers, self.mended, self.settled = (asyncio.Event() for _ in range(3))
        self.doors = Doors(self._settle)
        self._tasks: list[asyncio.Task[None]] = []

    def post(self, partner_id: str, name: str) -> None:
        """Post an event behind the door as it is now."""
        task = asyncio.create_task(self._post(self.doors.door(partner_id), name))
        self.doors.goes_through(partner_id, task)
        self._tasks.append(task)

    def put_between(self, partner_id: str, name: str) -> None:
        """Put something between the events so far and those that follow."""

        mended = self.mended

        async def act() -> None:
            await mended.wait()
            self.seen.append(name)

        self._tasks.append(asyncio.create_task(self.doors.between([partner_id], act)))

    async def after(self, *happened: asyncio.Event) -> list[str]:
        """What has happened once these have, and everything that can go on has gone on."""
        for one in happened:
            one.set()
        for _ in range(20):
            await asyncio.sleep(0)
        return self.seen

    async def end(self) -> list[str]:
        """What has happened in the end."""
        await self.after(self.answers, self.mended, self.settled)
        await asyncio.gather(*self._tasks)
        return self.seen

    async def _post(self, door: asyncio.Event, name: str) -> None:
        await door.wait()
        await self.answers.wait()
        self.seen.append(name)

    async def _settle(self, _partner_ids: Collection[str]) -> None:
        await self.settled.wait()


async def test_it_comes_after_all_before_and_before_all_after() -> None:
    line = Line()
    line.post("shop", "first")
    line.put_between("shop", "run out")
    line.post("shop", "second")
    line.put_between("shop", "renewed")
    line.post("shop", "third")
    assert await line.end() == ["first", "run out", "second", "renewed", "third"]


async def test_it_waits_for_what_is_being_posted() -> None:
    line = Line()
    line.post("shop", "first")
    line.put_between("shop", "repaired")
    assert await line.after(line.settled, line.mended) == []
    assert await line.end() == ["first", "repaired"]


async def test_it_waits_for_what_is_under_way() -> None:
    line = Line()
    line.post("shop", "first")
    line.put_between("shop", "repaired")
    assert await line.after(line.answers, line.mended) == ["first"]
    assert await line.end() == ["first", "repaired"]


async def test_two_things_are_done_one_after_the_other() -> None:
    line = Line()
    line.put_between("shop", "run out")
    mended, line.mended = line.mended, asyncio.Event()
    line.mended.set()
    line.put_between("shop", "renewed")
    assert await line.after(line.answers, line.settled) == []
    assert await line.after(mended) == ["run out", "renewed"]


async def test_other_partners_go_on() -> None:
    line = Line()
    line.put_between("shop", "repaired")
    line.post("shop", "waits")
    line.post("other", "goes on")
    assert await line.after(line.answers) == ["goes on"]
    assert await line.end() == ["goes on", "repaired", "waits"]
