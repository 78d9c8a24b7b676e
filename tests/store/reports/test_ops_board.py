"""All partners at a glance: what is counted of each, and who comes first."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    Channel,
    DeadLetterReason,
    DeliveryState,
    EndpointState,
    HoldReason,
)
from contracts.endpoints.health import HealthState
from store.db.database import Database
from store.dead_letters.ages import (
    dead_letters_by_channel,
    dead_letters_by_partner,
    dead_letters_by_reason,
)
from store.dead_letters.queue import depth
from store.dead_letters.record import KEPT_FOR
from store.deliveries.dead_lettering import record_dead_letter
from store.endpoints.circuit_breaker import GIVEN_UP, disable
from store.endpoints.switched_off import lately_switched_off
from store.reports.held import held_groups
from store.reports.ops_board import Outcome, PartnerLine, Standing, read_board
from store.reports.partner_actions import affected_partners
from store.reports.waiting import Waiting, read_waiting
from store.reports.worst_endpoints import troubles_of_worst, worst_endpoints
from store.tables import DeliveryRow, EndpointRow, EventRow, PartnerRow
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

DAY = NOW - timedelta(hours=10)


async def board(database: Database) -> list[PartnerLine]:
    return await database.read(read_board, after(60), DAY)


async def webhook(shelf: Shelf, partner_id: str) -> Webhook:
    """A delivery to an endpoint of its own of the partner, which is made where it is missing."""
    if partner_id not in [one.id for one in await board(shelf.database)]:
        await shelf.add_partner(partner_id)
    endpoint = await shelf.add_endpoint(partner_id)
    event = an_event(partner_id=partner_id)
    planned = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned[-1].delivery_id, endpoint.id)


async def die(one: Webhook, seconds: float = 0) -> None:
    dead_letter = RecordDeadLetter(one.id, DeadLetterReason.EXHAUSTED)
    await one.shelf.database.write(record_dead_letter, dead_letter, after(seconds))


async def failed_and_held_tests(shelf: Shelf) -> None:
    """A shop of which an event was delivered, and tests failed, and are on hold."""
    await (await webhook(shelf, "shop")).attempt(200)
    for _ in range(2):
        failed = await webhook(shelf, "shop")
        await shelf.change(EventRow, failed.event.event_id, is_test=True)
        await failed.attempt(503)
        await die(failed)
    [planned, *_] = (await shelf.plan(event := an_event())).deliveries
    await shelf.change(EventRow, event.event_id, is_test=True)
    await shelf.change(
        DeliveryRow,
        planned.delivery_id,
        state=DeliveryState.HELD,
        hold_reason=HoldReason.PARTNER_PAUSED,
    )


class TestTests:
    async def test_they_wait_for_nobody(self, shelf: Shelf, database: Database) -> None:
        """Neither beside the menu, nor in the lists of ops, nor in what the metrics tell."""
        await failed_and_held_tests(shelf)
        assert await database.read(read_waiting, None) == Waiting()
        assert await database.read(held_groups) == []
        assert await database.read(dead_letters_by_partner) == []
        assert await database.read(dead_letters_by_reason) == {}
        assert (await database.read(depth)).counts == {}
        [affected] = await database.read(affected_partners, ["shop"], after(60))
        assert affected.failed == 0


class TestALine:
    async def test_what_is_counted(self, shelf: Shelf, database: Database) -> None:
        first = await webhook(shelf, "shop")
        await first.attempt(200)
        for state, at in (
            (DeliveryState.HELD, NOW),
            (DeliveryState.EXPIRED, NOW),
            (DeliveryState.DELIVERED, NOW - timedelta(hours=25)),
        ):
            [planned] = (await shelf.plan(an_event())).deliveries
            await shelf.change(DeliveryRow, planned.delivery_id, state=state, created_at=at)
        [line] = await board(database)
        assert (line.events_today, line.held, line.dead_letters) == (4, 1, 0)
        assert line.lately == Outcome(delivered=1, not_delivered=1)
        assert line.worst is not None
        assert (line.worst.id, line.worst.state) == (first.endpoint_id, HealthState.HEALTHY)

    async def test_tests_are_none_of_it(self, shelf: Shelf, database: Database) -> None:
        """Somebody who tries what happens when nothing arrives needs no help."""
        await failed_and_held_tests(shelf)
        [line] = await board(database)
        assert (line.lately, line.standing) == (Outcome(delivered=1), Standing.WELL)
        assert (line.events_today, line.dead_letters, line.held) == (1, 0, 0)

    async def test_a_partner_without_anything(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        [line] = await board(database)
        assert (line.worst, line.lately.rate, line.standing) == (None, None, Standing.WELL)


class TestWhoComesFirst:
    async def test_whose_endpoint_fails_then_what_waits_then_the_rest(
        self, shelf: Shelf, database: Database
    ) -> None:
        await webhook(shelf, "a-calm")
        await shelf.add_partner("b-paused")
        await shelf.change(PartnerRow, "b-paused", paused_at=NOW)
        await die(await webhook(shelf, "c-dead"))
        failing = await webhook(shelf, "d-failing")
        await shelf.change(EndpointRow, failing.endpoint_id, opened_at=NOW, failures_in_row=10)
        lines = await board(database)
        assert [(one.id, one.standing) for one in lines] == [
            ("c-dead", Standing.HELP),  # nothing of it arrived
            ("d-failing", Standing.HELP),
            ("b-paused", Standing.LOOK),
            ("a-calm", Standing.WELL),
        ]

    async def test_an_endpoint_that_was_given_up_needs_help_and_one_paused_by_hand_does_not(
        self, shelf: Shelf, database: Database
    ) -> None:
        given_up, paused = await webhook(shelf, "left"), await webhook(shelf, "away")
        await shelf.change(EndpointRow, paused.endpoint_id, state=EndpointState.PAUSED)
        await database.write(
            lambda session: disable(
                session, session.get_one(EndpointRow, given_up.endpoint_id), GIVEN_UP, NOW
            )
        )
        lines = {one.id: one.standing for one in await board(database)}
        assert lines == {"left": Standing.HELP, "away": Standing.WELL}
        [told] = await database.read(lately_switched_off, limit=5)
        assert (told.partner_id, told.endpoint_id) == ("left", given_up.endpoint_id)
        assert (told.reason, told.at) == (GIVEN_UP, NOW)


class TestTheWorstEndpoint:
    async def test_it_is_told_in_words(self, shelf: Shelf, database: Database) -> None:
        await webhook(shelf, "shop")
        ill = await webhook(shelf, "shop")
        for number in range(2):
            await ill.attempt(503, in_round=number + 1)
        worst = (await database.read(worst_endpoints))["shop"]
        assert (worst.id, worst.state) == (ill.endpoint_id, HealthState.DEGRADED)
        troubles = await database.read(troubles_of_worst, [worst], after(60))
        trouble = troubles[ill.endpoint_id]
        assert trouble.health.state is HealthState.DEGRADED
        assert (trouble.host, trouble.code) == ("hooks.shop.example", "http_503")

    async def test_only_its_last_twenty_attempts_count(
        self, shelf: Shelf, database: Database
    ) -> None:
        one = await webhook(shelf, "shop")
        await one.attempt(503)
        for number in range(20):
            planned = (await shelf.plan(an_event())).deliveries[-1]
            later = Webhook(shelf, one.event, planned.delivery_id, one.endpoint_id)
            ready = await Webhook(
                shelf, an_event(event_id=planned.delivery_id), later.id, one.endpoint_id
            ).ready(now=after(number + 1))
            await later.finish(ready, 200, now=after(number + 1))
        worst = (await database.read(worst_endpoints))["shop"]
        assert worst.state is HealthState.HEALTHY

    async def test_what_was_before_it_was_moved_does_not_count(
        self, shelf: Shelf, database: Database
    ) -> None:
        one = await webhook(shelf, "shop")
        await one.attempt(503)
        await shelf.change(EndpointRow, one.endpoint_id, mended_at=after(1), failures_in_row=0)
        worst = (await database.read(worst_endpoints))["shop"]
        assert worst.state is HealthState.HEALTHY

    async def test_a_removed_one_is_no_longer_told_of(
        self, shelf: Shelf, database: Database
    ) -> None:
        one = await webhook(shelf, "shop")
        await shelf.change(EndpointRow, one.endpoint_id, removed_at=NOW)
        assert await database.read(worst_endpoints) == {}


class TestLettersByPartner:
    async def test_the_oldest_comes_first(self, shelf: Shelf, database: Database) -> None:
        await die(await webhook(shelf, "north"), 30)
        await die(await webhook(shelf, "south"), 20)
        await die(await webhook(shelf, "north"), 40)
        await shelf.add_partner("west")
        found = await database.read(dead_letters_by_partner)
        assert [(one.partner_id, one.count, one.oldest_at) for one in found] == [
            ("south", 1, after(20)),
            ("north", 2, after(30)),
        ]
        assert found[0].oldest_expires_at == after(20) + KEPT_FOR
        assert await database.read(dead_letters_by_reason) == {DeadLetterReason.EXHAUSTED: 3}
        by_channel = await database.read(dead_letters_by_channel, ["north", "west"])
        assert by_channel == {"north": {Channel.WEBHOOK: 2}}
        assert await database.read(dead_letters_by_channel, []) == {}


@pytest.mark.parametrize("table", ["deliveries", "events", "dead_letters", "attempts"])
async def test_no_table_is_read_whole(shelf: Shelf, database: Database, table: str) -> None:
    await die(await webhook(shelf, "shop"))

    def read(session: Session) -> object:
        worst = list(worst_endpoints(session).values())
        troubles_of_worst(session, worst, NOW)
        return (
            read_board(session, NOW, DAY),
            dead_letters_by_partner(session),
            dead_letters_by_reason(session),
            dead_letters_by_channel(session, ["shop"]),
            held_groups(session),
            affected_partners(session, ["shop"], NOW),
        )

    plans = await database.read(plans_of, read, table)
    for plan in plans:
        assert f"seq scan on {table}" not in plan.lower(), plan
        assert f"scan {table}\n" not in f"{plan.lower()}\n", plan
