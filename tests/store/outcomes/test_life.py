"""Whatever happens, in whatever order and at whatever time: what was counted beside the events is
what a fresh count over them gives."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from contracts.errors import DoorstepError
from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.events.erasure import erase_events
from store.instructions.endings import end_what_is_over
from tests.support.delivery_life import Life, a_shop
from tests.support.delivery_machine import DeliveryLife
from tests.support.instructions import Counter, a_failed_delivery, what_follows
from tests.support.outcomes import Days
from tests.support.postgres import all_rows, empty, restore
from tests.support.shelf import NOW, Shelf

FEW = settings(
    max_examples=8,
    stateful_step_count=30,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


_LATEST = NOW + timedelta(days=6)
"""Then events of NOW are too old to be taken."""


async def agree(days: Days, now: datetime) -> None:
    """What was counted beside the events, once all that is due has been, is what they are."""
    await days.look(now)
    assert await days.rows() == await days.fresh(now)


class CountedLife(DeliveryLife):
    """Deliveries that live, while somebody counts now and then."""

    def __init__(self, life: Life, days: Days) -> None:
        super().__init__(life)
        self.days = days

    @rule(hours=st.sampled_from([0, 0, 1, 7, 60]))
    def it_is_counted(self, hours: int) -> None:
        self.life.now = min(self.life.now + timedelta(hours=hours), max(self.life.now, _LATEST))
        asyncio.run(self.days.look(self.life.now))

    def teardown(self) -> None:
        super().teardown()
        asyncio.run(agree(self.days, self.life.now + timedelta(days=1)))


async def test_lives_of_deliveries(database: Database) -> None:
    shop, days = await a_shop(database), Days(database)

    @seed(0)
    def machine() -> CountedLife:
        return CountedLife(Life(database, shop), days)

    await asyncio.to_thread(
        run_state_machine_as_test,
        machine,  # type: ignore[arg-type]
        settings=FEW,
    )


ORDERS = st.sampled_from(["ORD-1", "ORD-2"])
HAPPENS = st.sampled_from(["failed", "delivered", "out_for_delivery", "returned"])
STEPS = st.one_of(
    st.tuples(HAPPENS, ORDERS),
    st.tuples(HAPPENS, ORDERS),
    st.tuples(st.sampled_from(["hold", "return", "reattempt"]), ORDERS),
    st.tuples(st.sampled_from(["accept", "reject", "erase", "count"]), ORDERS),
    st.tuples(st.just("wait"), ORDERS),
)


class Story:
    """Two orders of one shop, over days; what happens may be told out of order."""

    def __init__(self, database: Database) -> None:
        self.shelf, self.days = Shelf(database), Days(database)
        self.now = NOW
        self.events: dict[str, list[str]] = {}
        self.instructions: dict[str, str] = {}

    async def step(self, what: str, order_id: str, seconds: int) -> None:
        """One thing happens, `seconds` after NOW by the OMS's clock; what is refused does not."""
        self.now += timedelta(minutes=1)
        with suppress(DoorstepError):
            await self._do(what, order_id, seconds)

    async def _do(self, what: str, order_id: str, seconds: int) -> None:
        if what == "wait":
            self.now += timedelta(hours=12 + seconds % 48)
            await self.days.look(self.now)
        elif what == "count":
            await self.days.look(self.now)
        elif what in ("hold", "return", "reattempt"):
            given = await Counter(self.shelf).give(what, order_id=order_id, now=self.now)
            self.instructions[order_id] = given.id
        elif what in ("accept", "reject") and order_id in self.instructions:
            instruction_id = self.instructions[order_id]
            await Counter(self.shelf).decide(instruction_id, f"{what}ed", now=self.now)
        elif what == "erase" and self.events.get(order_id):
            event_ids = [self.events[order_id].pop()]
            await self.shelf.database.write(erase_events, event_ids, self.now)
        elif event := _event(what, order_id, seconds):
            await self.shelf.plan(event, now=self.now)
            self.events.setdefault(order_id, []).append(event.event_id)
        await self.shelf.database.write(end_what_is_over, self.now, limit=10)


def _event(what: str, order_id: str, seconds: int) -> TrackingEvent | None:
    if what == "failed":
        at = NOW + timedelta(seconds=seconds)
        later = (NOW + timedelta(days=30)).isoformat()
        return a_failed_delivery(order_id, at, next_attempt_at=later)
    kinds = {
        "returned": "return_initiated",
        "delivered": "delivered",
        "out_for_delivery": "out_for_delivery",
    }
    return what_follows(kinds[what], seconds, order_id) if what in kinds else None


async def test_stories_of_orders(database: Database) -> None:
    await Shelf(database).add_partner()  # without an endpoint: nothing is open, days are quiet
    shop = all_rows(database)

    @seed(0)
    @FEW
    @given(st.lists(st.tuples(STEPS, st.integers(0, 300_000)), min_size=10, max_size=40))
    def tell(steps: list[tuple[tuple[str, str], int]]) -> None:
        empty(database)
        restore(database, shop)
        asyncio.run(_tell(Story(database), steps))

    await asyncio.to_thread(tell)


async def _tell(story: Story, steps: list[tuple[tuple[str, str], int]]) -> None:
    for (what, order_id), seconds in steps:
        await story.step(what, order_id, seconds)
    await agree(story.days, story.now + timedelta(days=1))
