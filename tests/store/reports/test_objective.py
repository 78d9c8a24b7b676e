"""Webhooks whose 90 s are over: those that arrived in time, and every way to miss it."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason
from contracts.outcomes.objective import DueState
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.reports.objective import webhooks_due
from store.tables import DeliveryRow
from tests.support.encryption import KEYRING
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event, of_its_own_order


async def due(shelf: Shelf, seconds: float = 100) -> dict[DueState, int]:
    return await shelf.database.read(webhooks_due, after(seconds))


async def arrived(shelf: Shelf, seconds: float) -> Webhook:
    """A webhook whose event was accepted NOW, and that arrived after so long."""
    webhook = await shelf.webhook()
    await webhook.finish(await webhook.ready(now=after(seconds)), 200, now=after(seconds))
    return webhook


class TestWhatIsDue:
    @pytest.mark.parametrize(("seconds", "count"), [(89.9, 0), (90, 1), (149.9, 1), (150, 0)])
    async def test_it_is_due_for_a_minute(self, shelf: Shelf, seconds: float, count: int) -> None:
        await arrived(shelf, 1)
        assert await due(shelf, seconds) == ({DueState.IN_TIME: 1} if count else {})

    async def test_what_was_not_to_be_sent_is_none(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        await shelf.accept(of_its_own_order(an_event(notify=False)))
        await shelf.accept(of_its_own_order(an_event(is_test=True)))
        [planned] = (await shelf.plan(of_its_own_order(an_event()))).deliveries
        await shelf.change(DeliveryRow, planned.delivery_id, state=DeliveryState.SKIPPED)
        assert await due(shelf) == {}

    async def test_texts_are_none(self, shelf: Shelf) -> None:
        await shelf.texts(1)
        assert await due(shelf) == {}


class TestHowItStands:
    @pytest.mark.parametrize(("seconds", "state"), [(90, DueState.IN_TIME), (90.1, DueState.LATE)])
    async def test_arrived(self, shelf: Shelf, seconds: float, state: DueState) -> None:
        await arrived(shelf, seconds)
        assert await due(shelf) == {state: 1}

    async def test_a_resend_changes_nothing(self, shelf: Shelf) -> None:
        webhook = await arrived(shelf, 1)
        await webhook.attempt(503, in_round=2, resend=True)
        assert await due(shelf) == {DueState.IN_TIME: 1}

    async def test_held_and_under_way(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        assert await due(shelf) == {DueState.UNDER_WAY: 1}
        held = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_OFF}
        await shelf.change(DeliveryRow, webhook.id, **held)
        assert await due(shelf) == {DueState.HELD: 1}

    @pytest.mark.parametrize("state", [None, DeliveryState.DISCARDED, DeliveryState.EXPIRED])
    async def test_a_dead_letter(self, shelf: Shelf, state: DeliveryState | None) -> None:
        webhook = await shelf.webhook()
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
        await shelf.database.write(record_dead_letter, dead_letter, after(1))
        if state is not None:
            await shelf.change(DeliveryRow, webhook.id, state=state)
        assert await due(shelf) == {DueState.DEAD_LETTERED: 1}

    async def test_an_event_that_nobody_plans_is_one_where_webhooks_are_on(
        self, shelf: Shelf
    ) -> None:
        await shelf.add_partner()
        await shelf.add_partner("quiet", webhook_enabled=False)
        for partner_id in ("shop", "quiet"):
            await shelf.accept(of_its_own_order(an_event(partner_id=partner_id)))
        assert await due(shelf) == {DueState.NOT_PLANNED: 1}


@pytest.fixture
def untouched(own_database_url: str) -> Iterator[Database]:
    """A database of which no statistics were made: what other tests left is in no plan."""
    database = Database(own_database_url, KEYRING)
    yield database
    database.close()


async def test_no_table_is_read_as_a_whole(untouched: Database) -> None:
    def read(session: Session) -> object:
        return webhooks_due(session, NOW)

    [plan] = await untouched.read(lambda session: plans_of(session, read, "events"))
    for table in ("events", "deliveries"):
        assert f"Seq Scan on {table}" not in plan, plan
    for index in ("ix_events_log on events", "uq_deliveries_event_target"):
        assert index in plan, (index, plan)
