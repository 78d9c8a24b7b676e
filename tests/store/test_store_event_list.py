"""The event log: newest first, complete over its pages, each filter served by an index."""

from datetime import datetime, timedelta

import pytest

from contracts.clock import utc_now
from contracts.events import EventType, TrackingEvent
from contracts.partners import PartnerCreate, Tier
from contracts.states import EventState
from store import outbox
from store.database import Database
from store.event_list import EventFilter, list_events
from store.partners import create_partner
from store.positions import Position
from tests.support.factories import make_event, make_groups, make_order
from tests.support.query_plans import is_served_by_an_index, plans_of

START = utc_now()


@pytest.fixture
async def log(database: Database) -> Database:
    """Sixty events, a second apart: three orders, all types, two partners."""
    for partner_id in ("north", "south"):
        asked = PartnerCreate(id=partner_id, name=partner_id, tier=Tier.SMB)
        await database.write(create_partner, asked, START, actor="test")
    for number in range(60):
        made = make_event(
            list(EventType)[number % 5],
            event_id=f"log-{number:02}",
            partner_id=("north", "south")[number % 2],
            occurred_at=START.isoformat(),
            data=make_groups(order=make_order(order_id=f"ORD-{number % 3}")),
        )
        parsed = TrackingEvent.model_validate(made)
        await database.write(outbox.accept, parsed, START + timedelta(seconds=number))
    return database


class TestPages:
    async def test_they_hold_every_event_once_newest_first(self, log: Database) -> None:
        seen: list[str] = []
        after: Position | None = None
        while page := await log.read(list_events, EventFilter(), after=after, limit=7):
            seen += [one.event_id for one in page]
            after = Position(page[-1].accepted_at, page[-1].event_id)
        assert seen == [f"log-{number:02}" for number in reversed(range(60))]

    async def test_events_of_the_same_moment_are_not_lost_between_pages(
        self, log: Database
    ) -> None:
        twins = [
            TrackingEvent.model_validate(
                make_event(partner_id="north", occurred_at=START.isoformat())
            )
            for _ in range(5)
        ]
        await log.write(outbox.accept_all, twins, START + timedelta(hours=1))
        first = await log.read(list_events, EventFilter(), after=None, limit=3)
        after = Position(first[-1].accepted_at, first[-1].event_id)
        second = await log.read(list_events, EventFilter(), after=after, limit=2)
        assert {one.event_id for one in (*first, *second)} == {one.event_id for one in twins}


class TestFilters:
    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            (EventFilter(partner_id="north"), 30),
            (EventFilter(order_id="ORD-1"), 20),
            (EventFilter(type=EventType.DELIVERED), 12),
            (EventFilter(state=EventState.ACCEPTED), 60),
            (EventFilter(state=EventState.FAILED), 0),
            (EventFilter(partner_id="south", order_id="ORD-0"), 10),
            (EventFilter(since=START + timedelta(seconds=50)), 10),
            (EventFilter(until=START + timedelta(seconds=50)), 50),
        ],
    )
    async def test_each_one(self, log: Database, wanted: EventFilter, count: int) -> None:
        assert len(await log.read(list_events, wanted, after=None, limit=100)) == count

    @pytest.mark.parametrize(
        "wanted",
        [
            EventFilter(),
            EventFilter(partner_id="north"),
            EventFilter(order_id="ORD-1"),
            EventFilter(type=EventType.DELIVERED),
            EventFilter(state=EventState.ACCEPTED),
            EventFilter(since=START),
        ],
    )
    async def test_each_is_served_by_an_index(self, log: Database, wanted: EventFilter) -> None:
        after = _position(START)
        plans = await log.read(
            plans_of, lambda session: list_events(session, wanted, after=after, limit=10), "events"
        )
        assert plans
        for plan in plans:
            assert is_served_by_an_index(plan, "events"), plan


def _position(moment: datetime) -> Position:
    return Position(moment + timedelta(seconds=30), "log-30")
