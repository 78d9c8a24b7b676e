"""The store of a million events, made small: as the product itself would have left it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from benchmarks.log_fill import PER_ORDER, Filled, fill, partner
from benchmarks.log_pages import DEEP, FIRST, ORDER, PARTNER, queries
from benchmarks.plans import StatementPlan, explain
from benchmarks.search_fill import fill_search, phone_of, ref_of
from contracts.payload.search_terms import read_search
from store.db.database import Database
from store.encryption import sealing
from store.events import search
from store.events.filters import EventFilter
from store.events.order_search import search_orders
from tests.support.encryption import KEYRING

EVENTS = 5_000
FIRST_MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, KEYRING)
    yield database
    database.close()


@pytest.fixture
def filled(database: Database) -> Filled:
    return fill(database.engine, EVENTS)


class TestFilling:
    async def test_leaves_events_that_the_log_can_show(
        self, database: Database, filled: Filled
    ) -> None:
        page = await database.read(
            search.list_events, EventFilter(order_id="ORD-7"), after=None, limit=10
        )
        assert [event.sequence for event in page] == [*range(PER_ORDER, 0, -1)]
        assert len({event.event_type for event in page}) == PER_ORDER
        assert all(len(event.deliveries) == 1 for event in page)
        assert len({event.partner_id for event in page}) == 1

    async def test_makes_large_and_small_partners(self, database: Database, filled: Filled) -> None:
        def events_of(session: Session, number: int) -> int:
            wanted = EventFilter(partner_id=partner(number))
            return len(search.list_events(session, wanted, after=None, limit=EVENTS))

        large, small = [await database.read(events_of, number) for number in (0, 199)]
        assert large > 10 * small > 0

    async def test_gives_no_page_that_reads_a_whole_table(
        self, database: Database, filled: Filled
    ) -> None:
        def plans_of_page(session: Session, wanted: EventFilter) -> list[StatementPlan]:
            return explain(
                session,
                lambda inside: search.list_events(inside, wanted, after=None, limit=51),
            )

        for wanted in (EventFilter(), EventFilter(order_id="ORD-7")):
            plans = await database.read(plans_of_page, wanted)
            assert len(plans) == 3
            assert not any(plan.reads_a_whole_table for plan in plans)


def test_every_kind_of_page_is_asked_for() -> None:
    assert [*queries(Filled(EVENTS, FIRST_MOMENT, 1.0))] == [FIRST, PARTNER, DEEP, ORDER]


@pytest.mark.extended
async def test_a_search_finds_what_was_filled_though_keys_are_read_again(
    database: Database, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "KEYS_FRESH_S", 0)
    await database.write(fill_search, filled)
    for typed in (phone_of(7), ref_of(7), "ord-7"):
        found = await database.read(
            search_orders, read_search(typed), owner=filled.partner_of(7), most=5
        )
        assert "ORD-7" in [one.order_id for one in found.orders], typed
