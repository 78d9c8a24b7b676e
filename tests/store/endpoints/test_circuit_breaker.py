"""Breakers on endpoints' rows: opened and closed by attempts, one probe at a time, nothing lost."""

import asyncio
from datetime import timedelta

import pytest

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeliveryState, EndpointState, HoldReason
from contracts.endpoints.circuit_breaker import DISABLED_AFTER, PROBE_TIME
from contracts.endpoints.endpoints import EndpointChange
from contracts.errors import Conflict
from store.access.audit import AuditFilter, list_entries
from store.endpoints.changes import change_endpoint
from store.endpoints.health import read_health
from store.retries.manual import ask_for_retry
from store.tables import EndpointRow
from tests.support.shelf import Shelf, Webhook, after, an_event

HELD = SendResult(DeliveryState.HELD)


async def another(shelf: Shelf, endpoint_id: str) -> Webhook:
    """One more planned delivery to the same endpoint."""
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint_id)


async def failing(shelf: Shelf, every_s: float = 4.0) -> Webhook:
    """A delivery to an endpoint whose breaker has just opened (at 36 s)."""
    first = await shelf.webhook()
    for number in range(10):
        webhook = await another(shelf, first.endpoint_id)
        at = after(number * every_s)
        await webhook.finish(await webhook.ready(now=at), 503, now=at)
    return first


async def endpoint_of(webhook: Webhook) -> EndpointRow:
    return await webhook.shelf.one(EndpointRow, webhook.endpoint_id)


class TestOpen:
    async def test_everything_is_held_and_spends_no_attempt(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        assert (await endpoint_of(webhook)).opened_at == after(36)
        assert await webhook.begin(now=after(40)) == HELD
        row = await webhook.row()
        assert (row.hold_reason, row.attempts, row.charged) == (HoldReason.ENDPOINT_FAILING, 0, 0)

    async def test_another_endpoint_is_not_touched(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        other = await shelf.add_endpoint()
        event = an_event()
        plan = await shelf.plan(event)
        await webhook.begin(now=after(40))
        rows = [await shelf.one(EndpointRow, one) for one in (webhook.endpoint_id, other.id)]
        assert [one.opened_at is None for one in rows] == [False, True]
        assert len(plan.deliveries) == 2

    async def test_a_burst_that_fails_within_seconds_opens_nothing(self, shelf: Shelf) -> None:
        webhook = await failing(shelf, every_s=0.1)
        endpoint = await endpoint_of(webhook)
        assert (endpoint.opened_at, endpoint.failures_in_row) == (None, 10)

    async def test_a_late_failure_of_an_interrupted_try_counts_for_nothing(
        self, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        await webhook.interrupt(late)
        await webhook.finish(late, 503)
        assert (await endpoint_of(webhook)).failures_in_row == 0


class TestSideBySide:
    async def test_answers_of_one_endpoint_that_come_together_are_all_kept(
        self, shelf: Shelf
    ) -> None:
        """Each locks the delivery, writes it twice and locks the endpoint: what PostgreSQL checks
        by itself in between may not make two of them wait for each other."""
        first = await shelf.webhook()
        await first.attempt(503)  # so that a success has failures to forget
        webhooks = [await another(shelf, first.endpoint_id) for _ in range(30)]
        ready = [await one.ready() for one in webhooks]
        answers = [503 if number % 3 == 0 else 200 for number in range(30)]
        await asyncio.gather(
            *(one.finish(it, how) for one, it, how in zip(webhooks, ready, answers, strict=True))
        )
        states = [(await one.row()).state for one in webhooks]
        assert states.count(DeliveryState.DELIVERED) == 20
        health = await shelf.database.read(read_health, first.endpoint_id, after(1))
        assert (health.last_hour.attempts, health.last_hour.succeeded) == (31, 20)


class TestProbes:
    async def test_one_at_a_time(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        others = [await another(shelf, webhook.endpoint_id) for _ in range(2)]
        await webhook.ready(now=after(66))
        assert [await one.begin(now=after(66)) for one in others] == [HELD, HELD]

    async def test_one_whose_worker_died_makes_room_after_a_while(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        other = await another(shelf, webhook.endpoint_id)
        await webhook.ready(now=after(66))
        late = after(66) + PROBE_TIME
        assert await other.begin(now=late - timedelta(seconds=1)) == HELD
        await other.ready(in_round=2, now=late)

    async def test_one_that_succeeds_closes_it_and_asks_for_a_recovery(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        await webhook.finish(await webhook.ready(now=after(66)), 200, now=after(67))
        endpoint = await endpoint_of(webhook)
        assert (endpoint.opened_at, endpoint.failures_in_row) == (None, 0)
        assert endpoint.recover_since == after(0)

    async def test_not_where_the_switch_is_off(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        await shelf.change(EndpointRow, webhook.endpoint_id, auto_recover=False)
        await webhook.finish(await webhook.ready(now=after(66)), 200, now=after(67))
        assert (await endpoint_of(webhook)).recover_since is None

    async def test_one_that_fails_is_charged_and_the_next_waits_longer(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        await webhook.finish(await webhook.ready(now=after(66)), 503, now=after(67))
        endpoint = await endpoint_of(webhook)
        assert (endpoint.probes_failed, endpoint.probe_at) == (1, after(127))
        assert (await webhook.row()).charged == 1

    async def test_hanging_attempts_that_end_after_it_opened_put_the_probe_off_by_nothing(
        self, shelf: Shelf
    ) -> None:
        first = await shelf.webhook()
        hanging = [await another(shelf, first.endpoint_id) for _ in range(5)]
        ready = [await one.ready(now=after(30)) for one in hanging]
        for number in range(10):
            at = after(number * 4)
            webhook = await another(shelf, first.endpoint_id)
            await webhook.finish(await webhook.ready(now=at), 503, now=at)
        for one, it in zip(hanging, ready, strict=True):
            await one.finish(it, None, now=after(50))
        endpoint = await endpoint_of(first)
        assert (endpoint.probes_failed, endpoint.probe_at) == (0, after(66))

    async def test_a_retry_by_hand_is_the_probe_at_once(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        await webhook.begin(now=after(40))
        await shelf.database.write(
            ask_for_retry, webhook.id, after(41), resend=False, actor="key_1"
        )
        await webhook.ready(in_round=2, now=after(41))


class TestMended:
    @pytest.mark.parametrize("change", [{"state": "enabled"}, {"url": "https://new.example/in"}])
    async def test_whoever_mends_it_need_not_wait_for_a_probe(
        self, shelf: Shelf, change: dict[str, str]
    ) -> None:
        webhook = await failing(shelf)
        asked = EndpointChange.model_validate(change)
        await shelf.database.write(
            change_endpoint, webhook.endpoint_id, asked, after(40), actor="key_1"
        )
        endpoint = await endpoint_of(webhook)
        assert (endpoint.opened_at, endpoint.recover_since) == (None, after(0))
        await webhook.ready(now=after(41))

    @pytest.mark.parametrize(
        "change",
        [EndpointChange(url="https://new.example/hook"), EndpointChange(state="enabled")],
    )
    async def test_what_an_attempt_of_before_got_says_nothing_of_it(
        self, shelf: Shelf, change: EndpointChange
    ) -> None:
        webhook = await shelf.webhook()
        gone, failed = webhook, await another(shelf, webhook.endpoint_id)
        attempts = [(gone, await gone.ready(), 410), (failed, await failed.ready(), 503)]
        await shelf.database.write(
            change_endpoint, webhook.endpoint_id, change, after(5), actor="test"
        )
        for delivery, attempt_id, status in attempts:
            await delivery.finish(attempt_id, status, now=after(10))
        endpoint = await endpoint_of(webhook)
        assert (endpoint.state, endpoint.failures_in_row) == (EndpointState.ENABLED, 0)

    async def test_what_one_gets_afterwards_does(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        change = EndpointChange(state="enabled")
        await shelf.database.write(
            change_endpoint, webhook.endpoint_id, change, after(5), actor="test"
        )
        await webhook.finish(await webhook.ready(now=after(6)), 410, now=after(7))
        assert (await endpoint_of(webhook)).state is EndpointState.DISABLED


class TestFiveDays:
    async def test_two_failures_days_apart_do_not_disable_it(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        at = after(0) + DISABLED_AFTER + timedelta(days=1)
        await webhook.finish(await webhook.ready(now=at), 503, now=at)
        endpoint = await endpoint_of(webhook)
        assert (endpoint.state, endpoint.opened_at) == (EndpointState.ENABLED, at)
        assert endpoint.failing_since == after(0)  # what died since then is recovered yet

    async def test_a_dead_letter_and_one_more_failure_open_nothing(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for _ in range(4):
            await webhook.attempt(503)
        late = await another(shelf, webhook.endpoint_id)
        at = after(0) + DISABLED_AFTER
        await late.finish(await late.ready(now=at), 500, now=at)
        endpoint = await endpoint_of(webhook)
        assert (endpoint.state, endpoint.opened_at) == (EndpointState.ENABLED, None)

    async def test_it_is_disabled_and_what_comes_is_held(self, shelf: Shelf) -> None:
        webhook = await failing(shelf)
        at = after(36)
        for number in range(1, 11):
            at = after(36) + number * DISABLED_AFTER / 10
            probe = await another(shelf, webhook.endpoint_id)
            await probe.finish(await probe.ready(now=at), 503, now=at)
            is_on = (await endpoint_of(webhook)).state is EndpointState.ENABLED
            assert is_on is (number < 10)
        endpoint = await endpoint_of(webhook)
        assert endpoint.state is EndpointState.DISABLED
        assert endpoint.state_reason == "it has answered nothing well for five days"
        other = await another(shelf, webhook.endpoint_id)
        assert (await other.row()).hold_reason is HoldReason.ENDPOINT_OFF
        entries = await shelf.database.read(list_entries, AuditFilter(), after=None, limit=1)
        assert entries[0].action == "endpoint.disabled"
        with pytest.raises(Conflict, match="enable it first"):
            await shelf.database.write(ask_for_retry, webhook.id, at, resend=False, actor="k")
