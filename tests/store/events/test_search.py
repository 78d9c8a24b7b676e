"""The event log: newest first, complete over its pages, each filter served by an index."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from benchmarks.plans import StatementPlan
from contracts.clock import utc_now
from contracts.delivery.states import DeliveryState, EventState
from contracts.errors import Invalid
from contracts.partners import PartnerCreate
from contracts.payload.events import EventType, TrackingEvent
from contracts.tiers import Tier
from store.db.database import Database
from store.db.keyset import Position
from store.events import acceptance
from store.events.filters import EventFilter
from store.events.search import list_events, named_by
from store.partners.partners import create_partner
from store.tables import DeliveryRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.postgres import Rows, all_rows, empty, restore
from tests.support.query_plans import is_served_by_an_index, plans_of

START = utc_now()


@pytest.fixture(scope="module")
async def sixty_events(shared_database: Database) -> Rows:
    """Sixty events, a second apart: three orders, all types, two partners; made once."""
    for partner_id in ("north", "south"):
        asked = PartnerCreate(id=partner_id, name=partner_id, tier=Tier.SMB)
        await shared_database.write(create_partner, asked, START, actor="test")
    for number in range(60):
        made = make_event(
            list(EventType)[number % 5],
            event_id=f"log-{number:02}",
            partner_id=("north", "south")[number % 2],
            occurred_at=START.isoformat(),
            data=make_groups(
                order=make_order(order_id=f"ORD-{number % 3}", awb_number=f"AWB-{number % 4}")
            ),
        )
        parsed = TrackingEvent.model_validate(made)
        accepted_at = START + timedelta(seconds=number)
        await shared_database.write(acceptance.accept, parsed, accepted_at)
    rows = all_rows(shared_database)
    empty(shared_database)
    return rows


@pytest.fixture
def log(sixty_events: Rows, database: Database) -> Database:
    """The database with the sixty events."""
    restore(database, sixty_events)
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
        await log.write(acceptance.accept_all, twins, START + timedelta(hours=1))
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
            (EventFilter(event_type=EventType.DELIVERED), 12),
            (EventFilter(state=EventState.ACCEPTED), 60),
            (EventFilter(state=EventState.FAILED), 0),
            (EventFilter(partner_id="south", order_id="ORD-0"), 10),
            (EventFilter(since=START + timedelta(seconds=50)), 10),
            (EventFilter(until=START + timedelta(seconds=50)), 50),
            (EventFilter(awb_number="AWB-1"), 15),
            (EventFilter(awb_number="AWB-1", order_id="ORD-0"), 5),
            (EventFilter(event_id="log-07"), 1),
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
            EventFilter(event_type=EventType.DELIVERED),
            EventFilter(state=EventState.ACCEPTED),
            EventFilter(since=START),
            EventFilter(awb_number="AWB-1"),
        ],
    )
    async def test_each_is_served_by_an_index(self, log: Database, wanted: EventFilter) -> None:
        after = _position(START)
        plans = await log.read(
            plans_of, lambda session: list_events(session, wanted, after=after, limit=10), "events"
        )
        assert plans
        assert is_served_by_an_index(plans[0], "events"), plans[0]
        assert not any(reads_it_all(plan) for plan in plans), plans


class TestByDeliveryState:
    """Twenty events of `north`, each with a webhook and a text, made five minutes later."""

    @pytest.fixture
    async def planned(self, log: Database) -> Database:
        """Every third webhook is delivered, and every other text of those; the rest is pending."""

        def plan(session: Session) -> None:
            for number in range(0, 40, 2):
                delivered = number % 3 == 0
                session.add(_delivery(number, "ep-1", 300, delivered=delivered))
                text = delivered and number % 4 == 0
                session.add(_delivery(number, "sms", 300 + number % 7, delivered=text))

        await log.write(plan)
        return log

    async def test_each_event_comes_once_over_the_pages_the_newest_first(
        self, planned: Database
    ) -> None:
        wanted = EventFilter(delivery_state=DeliveryState.DELIVERED)
        seen: list[str] = []
        after: Position | None = None
        while page := await planned.read(list_events, wanted, owner="north", after=after, limit=3):
            seen += [one.event_id for one in page]
            after = page[-1].place
        assert sorted(seen) == [f"log-{number:02}" for number in range(0, 40, 6)]

    async def test_it_holds_together_with_every_other_filter(self, planned: Database) -> None:
        state = DeliveryState.DELIVERED
        for wanted, numbers in (
            (EventFilter(delivery_state=state, order_id="ORD-0"), [36, 30, 24, 18, 12, 6, 0]),
            (EventFilter(delivery_state=state, order_id="ORD-1"), []),
            (EventFilter(delivery_state=state, awb_number="AWB-2"), [30, 18, 6]),
            (EventFilter(delivery_state=state, event_id="log-06"), [6]),
            (EventFilter(delivery_state=state, event_type=EventType.ORDER_CONFIRMED), [30, 0]),
            (EventFilter(delivery_state=state, state=EventState.FAILED), []),
            (EventFilter(delivery_state=state, partner_id="south"), []),
            (EventFilter(delivery_state=DeliveryState.SKIPPED), []),
        ):
            page = await planned.read(list_events, wanted, owner="north", after=None, limit=50)
            found = sorted((one.event_id for one in page), reverse=True)
            assert found == [f"log-{number:02}" for number in numbers], wanted

    async def test_the_times_are_those_of_the_deliveries(self, planned: Database) -> None:
        made = EventFilter(
            delivery_state=DeliveryState.PENDING,
            since=START + timedelta(seconds=300 + 34),
            until=START + timedelta(seconds=300 + 38),
        )
        page = await planned.read(list_events, made, owner="north", after=None, limit=50)
        assert [one.event_id for one in page] == ["log-32", "log-34"]

    async def test_over_all_partners_it_is_refused(self, planned: Database) -> None:
        wanted = EventFilter(delivery_state=DeliveryState.DELIVERED)
        with pytest.raises(Invalid, match="name a partner"):
            await planned.read(list_events, wanted, after=None, limit=5)
        of_order = EventFilter(delivery_state=DeliveryState.DELIVERED, order_id="ORD-0")
        assert len(await planned.read(list_events, of_order, after=None, limit=50)) == 7

    @pytest.mark.parametrize(
        "wanted",
        [
            EventFilter(delivery_state=DeliveryState.DELIVERED, since=START),
            EventFilter(delivery_state=DeliveryState.DELIVERED, event_type=EventType.DELIVERED),
        ],
    )
    async def test_it_is_served_by_the_index_of_the_deliveries(
        self, planned: Database, wanted: EventFilter
    ) -> None:
        after = Position(START + timedelta(seconds=330), "dlv-30")
        [plan, *_] = await planned.read(
            plans_of,
            lambda session: list_events(session, wanted, owner="north", after=after, limit=10),
            "deliveries",
        )
        assert "ix_deliveries_partner_state" in plan
        assert not reads_it_all(plan), plan

    @pytest.mark.parametrize("state", [None, DeliveryState.DELIVERED])
    async def test_what_few_events_have_is_looked_up_by_that(
        self, planned: Database, state: DeliveryState | None
    ) -> None:
        wanted = EventFilter(delivery_state=state, order_id="ORD-0", event_type=EventType.DELIVERED)
        [plan, *_] = await planned.read(
            plans_of,
            lambda session: list_events(session, wanted, owner="north", after=None, limit=10),
            "deliveries" if state else "events",
        )
        assert not reads_it_all(plan), plan


class TestWhatSomebodyTypes:
    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("log-08", EventFilter(event_id="log-08")),
            ("ORD-2", EventFilter(order_id="ORD-2")),
            ("AWB-2", EventFilter(awb_number="AWB-2")),
            ("log-09", EventFilter(order_id="log-09")),
            ("nothing", EventFilter(order_id="nothing")),
        ],
    )
    async def test_it_is_an_event_an_order_or_an_awb_number_of_the_owner(
        self, log: Database, said: str, meant: EventFilter
    ) -> None:
        """`log-09` is another partner's."""
        assert await log.read(named_by, said, owner="north") == meant


def reads_it_all(plan: str) -> bool:
    """Whether a plan reads a whole table."""
    return StatementPlan(plan).reads_a_whole_table


def _delivery(number: int, target: str, later_s: int, *, delivered: bool) -> DeliveryRow:
    made = START + timedelta(seconds=number + later_s)
    return DeliveryRow(
        id=f"dlv-{number:02}-{target}",
        event_id=f"log-{number:02}",
        partner_id="north",
        target=target,
        state=DeliveryState.DELIVERED if delivered else DeliveryState.PENDING,
        created_at=made,
        changed_at=made,
    )


def _position(moment: datetime) -> Position:
    return Position(moment + timedelta(seconds=30), "log-30")
