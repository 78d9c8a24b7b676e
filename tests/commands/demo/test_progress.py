"""What the demo counts: columns, the moment when all is over, and the time to the first byte."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from commands.demo.progress import (
    Column,
    Progress,
    Stopwatch,
    accepted_since,
    percentile,
    read_progress,
)
from contracts.delivery.states import DeliveryState, HoldReason
from contracts.endpoints.endpoints import EndpointCreate
from contracts.partners import PartnerCreate
from contracts.payload.events import TrackingEvent
from contracts.tiers import Tier
from sandbox.merchant import Merchant
from sandbox.received import Received
from store.db.database import Database
from store.deliveries.fallback import plan_fallback
from store.deliveries.planning import plan_event
from store.endpoints.endpoints import create_endpoint
from store.events import acceptance
from store.partners import partners
from store.tables import DeliveryRow
from tests.support.factories import make_event

NOW = datetime.now(UTC)


@pytest.fixture
async def endpoint_id(database: Database) -> str:
    """The endpoint of a shop that texts its customers after a dead letter."""

    def open_shop(session: Session) -> str:
        asked = PartnerCreate(id="shop", name="Chai & Co", tier=Tier.GROWTH, sms_fallback=True)
        partners.create_partner(session, asked, NOW, actor="test")
        session.flush()
        url = EndpointCreate(partner_id="shop", url="https://chai.example/hook")
        return create_endpoint(session, url, NOW, actor="test")[0].id

    return await database.write(open_shop)


async def accept(database: Database, event_id: str = "e1") -> str:
    made = make_event("delivery_failed", event_id=event_id, occurred_at=NOW.isoformat())
    event = TrackingEvent.model_validate(made)
    await database.write(acceptance.accept, event, NOW)
    return event_id


async def plan(
    database: Database,
    event_id: str,
    state: DeliveryState,
    charged: int = 0,
    reason: HoldReason | None = None,
) -> None:
    """Plan an event and put its webhook into a state."""

    def move(session: Session) -> None:
        plan_event(session, event_id, NOW)
        row = session.exec(select(DeliveryRow).where(col(DeliveryRow.event_id) == event_id)).one()
        row.state, row.charged, row.hold_reason = state, charged, reason
        session.add(row)

    await database.write(move)


class TestColumns:
    @pytest.mark.parametrize(
        ("state", "charged", "column"),
        [
            (DeliveryState.PENDING, 0, Column.OPEN),
            (DeliveryState.DELIVERING, 0, Column.OPEN),
            (DeliveryState.DELIVERING, 2, Column.RETRYING),
            (DeliveryState.DELIVERED, 2, Column.DELIVERED),
            (DeliveryState.HELD, 0, Column.HELD),
            (DeliveryState.DEAD_LETTERED, 4, Column.DEAD_LETTERED),
            (DeliveryState.SKIPPED, 0, Column.OTHER),
        ],
    )
    async def test_every_state_has_one(
        self,
        database: Database,
        endpoint_id: str,
        state: DeliveryState,
        charged: int,
        column: Column,
    ) -> None:
        await plan(database, await accept(database), state, charged)
        progress = await database.read(read_progress)
        assert progress.by_target == {("shop", endpoint_id): Counter({column: 1})}
        assert progress.count(column, texts=False) == 1
        assert progress.count(column, texts=True) == 0


@pytest.mark.usefixtures("endpoint_id")
class TestSettled:
    async def look(self, database: Database) -> Progress:
        return await database.read(read_progress)

    async def test_not_while_an_event_is_not_planned(self, database: Database) -> None:
        await accept(database)
        assert not (await self.look(database)).settled

    async def test_not_while_a_delivery_is_open(self, database: Database) -> None:
        await plan(database, await accept(database), DeliveryState.DELIVERING, charged=1)
        assert not (await self.look(database)).settled

    async def test_not_between_a_dead_letter_and_its_text(self, database: Database) -> None:
        await plan(database, await accept(database), DeliveryState.DEAD_LETTERED)
        seen = await self.look(database)
        assert (seen.texts_to_come, seen.settled) == (1, False)

    async def test_once_the_text_has_been_sent_too(self, database: Database) -> None:
        await plan(database, await accept(database), DeliveryState.DEAD_LETTERED)
        await database.write(plan_fallback, "e1", NOW)
        assert not (await self.look(database)).settled

        def deliver(session: Session) -> None:
            query = select(DeliveryRow).where(col(DeliveryRow.target) == "sms")
            session.exec(query).one().state = DeliveryState.DELIVERED

        await database.write(deliver)
        assert (await self.look(database)).settled

    @pytest.mark.parametrize(
        ("reason", "settled"),
        [
            (HoldReason.ENDPOINT_OFF, True),
            (HoldReason.PARTNER_PAUSED, True),
            (HoldReason.ENDPOINT_FAILING, False),
            (HoldReason.ENDPOINT_BUSY, False),
        ],
    )
    async def test_held_is_while_it_waits_for_a_person(
        self, database: Database, reason: HoldReason, settled: bool
    ) -> None:
        event_id = await accept(database)
        await plan(database, event_id, DeliveryState.HELD, reason=reason)
        assert (await self.look(database)).settled is settled


class TestStopwatch:
    def received(self, event_id: str, at: datetime) -> Received:
        return Received(event_id, at, at.timestamp(), "/hook", {}, b"{}", (0,), 200)

    async def test_times_the_first_attempt_of_each_event(
        self, database: Database, endpoint_id: str
    ) -> None:
        await accept(database, "e1")
        merchant = Merchant()
        for late_s in (0.25, 3.0):
            merchant.inbox.record(self.received("e1", NOW + timedelta(seconds=late_s)))
        stopwatch = Stopwatch([merchant])
        assert stopwatch.times_s() == []
        stopwatch.learn(await database.read(accepted_since, stopwatch.known_since))
        assert stopwatch.times_s() == [pytest.approx(0.25, abs=0.01)]
        later = await database.read(accepted_since, NOW + timedelta(seconds=1))
        assert later == []

    @pytest.mark.parametrize(
        ("values", "percent", "expected"),
        [
            ([], 50, None),
            ([7.0], 95, 7.0),
            ([1.0, 2.0, 3.0, 4.0], 50, 2.0),
            ([1.0, 2.0, 3.0, 4.0], 95, 4.0),
        ],
    )
    def test_percentiles(self, values: list[float], percent: float, expected: float | None) -> None:
        assert percentile(values, percent) == expected
