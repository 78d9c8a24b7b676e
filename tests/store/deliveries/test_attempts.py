"""Attempts: opened before the POST, closed with its answer, charged here and nowhere else."""

from datetime import timedelta

import pytest

from contracts.delivery.messages import PostWebhook, RecordDeadLetter, SendResult
from contracts.delivery.retry import JITTER
from contracts.delivery.states import (
    AttemptState,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EndpointState,
    SkipReason,
    Trigger,
)
from contracts.delivery.verdicts import Answer
from contracts.errors import NotFound
from store.db.database import Database
from store.deliveries import attempt_endings, attempts
from store.deliveries.attempt_results import Settled
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.dead_lettering import record_dead_letter
from store.encryption.columns import RESPONSE_EXCERPT
from store.encryption.sealing import opened_text
from store.endpoints.secrets import rotate_secret
from store.events.payloads import sendable_bytes
from store.tables import (
    AttemptRow,
    DeliveryRow,
    EndpointRow,
    EndpointSpanRow,
    EventRow,
    NotificationRow,
    PartnerRow,
)
from tests.support.encryption import KEYRING
from tests.support.shelf import (
    DELAYS,
    NOW,
    REQUEST,
    SCHEDULE,
    URL,
    Shelf,
    Webhook,
    after,
    an_event,
)

DELIVERING, DELIVERED = DeliveryState.DELIVERING, DeliveryState.DELIVERED
HELD, SKIPPED = DeliveryState.HELD, DeliveryState.SKIPPED
EXHAUSTED, GONE = DeadLetterReason.EXHAUSTED, DeadLetterReason.GONE


async def exhaust(webhook: Webhook, *, in_round: int = 1) -> Settled:
    """Fail all four attempts of a round."""
    for _ in range(3):
        await webhook.attempt(503, in_round=in_round)
    return await webhook.attempt(503, in_round=in_round)


async def keep(webhook: Webhook, reason: DeadLetterReason = EXHAUSTED) -> DeliveryState:
    """Record the dead letter, as the workflow does after the last failure."""
    dead_letter = RecordDeadLetter(webhook.id, reason, "http_503")
    return await webhook.shelf.database.write(record_dead_letter, dead_letter, NOW)


class TestOpening:
    async def test_the_row_is_there_before_the_post_leaves(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready(now=after(3))
        [attempt] = await webhook.attempts()
        assert (attempt.id, attempt.number, attempt.round) == (ready.attempt_id, 1, 1)
        assert attempt.state is AttemptState.IN_FLIGHT
        assert attempt.trigger is Trigger.SCHEDULED
        assert (attempt.started_at, attempt.finished_at, attempt.charged) == (after(3), None, False)
        row = await webhook.row()
        assert (row.state, row.attempts, row.charged, row.changed_at) == (
            DELIVERING,
            1,
            0,
            after(3),
        )

    async def test_it_has_everything_that_a_post_needs(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        _, newest = await database.write(rotate_secret, webhook.endpoint_id, NOW, actor="test")
        ready = await webhook.ready()
        assert (ready.event_id, ready.endpoint_id) == (webhook.event.event_id, webhook.endpoint_id)
        assert ready.url == URL
        assert len(ready.secrets) == 2
        assert newest in ready.secrets
        stored = await database.write(
            sendable_bytes, webhook.event.event_id, "1.0", NOW, timedelta()
        )
        assert ready.body == stored

    async def test_an_unknown_delivery(self, database: Database) -> None:
        task = PostWebhook("evt-1", "dlv_none", 1, DELAYS)
        with pytest.raises(NotFound, match="dlv_none"):
            await database.write(attempts.begin_attempt, task, NOW, REQUEST)

    async def test_a_delivery_that_is_no_webhook(self, shelf: Shelf, database: Database) -> None:
        text = await shelf.text()
        task = PostWebhook(text.event.event_id, text.id, 1, DELAYS)
        with pytest.raises(NotFound):
            await database.write(attempts.begin_attempt, task, NOW, REQUEST)


class TestASuccess:
    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    async def test_it_ends_the_delivery_and_costs_nothing(self, shelf: Shelf, status: int) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        settled = await webhook.finish(ready, status, now=after(1))
        assert settled == Settled(SendResult(DELIVERED, code=f"http_{status}"))
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.SUCCEEDED, False)
        assert (attempt.status_code, attempt.code) == (status, f"http_{status}")
        assert attempt.response_excerpt is not None
        excerpt = opened_text(KEYRING, RESPONSE_EXCERPT, attempt.response_excerpt, attempt.id)
        assert (excerpt, attempt.duration_ms) == ("said so", 12)
        assert attempt.finished_at == after(1)
        row = await webhook.row()
        assert (row.state, row.delivered_at, row.charged) == (DELIVERED, after(1), 0)

    async def test_afterwards_there_is_nothing_to_send(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        assert await webhook.begin() == SendResult(DELIVERED, code="http_200")
        assert len(await webhook.attempts()) == 1


class TestAFailure:
    async def test_each_one_is_charged_and_waits_as_the_schedule_says(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for number, delay in enumerate(DELAYS, start=1):
            settled = await webhook.attempt(503)
            assert (settled.result, settled.code) == (None, "http_503")
            assert delay <= settled.delay_s <= delay * (1 + JITTER)
            row = await webhook.row()
            assert (row.charged, row.state) == (number, DELIVERING)
            assert row.next_attempt_at == after(settled.delay_s)
        assert await webhook.attempt(500) == Settled(SendResult(DELIVERING, EXHAUSTED, "http_500"))
        assert (await webhook.row()).next_attempt_at is None
        assert [(one.number, one.charged) for one in await webhook.attempts()] == [
            (1, True),
            (2, True),
            (3, True),
            (4, True),
        ]

    async def test_the_next_attempt_clears_the_wait(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await webhook.ready(now=after(30))
        assert (await webhook.row()).next_attempt_at is None

    async def test_no_answer_at_all_is_charged_too(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        assert (await webhook.attempt(None)).code == "timeout"
        [attempt] = await webhook.attempts()
        assert (attempt.charged, attempt.status_code) == (True, None)

    async def test_a_retry_after_is_honoured_kept_and_capped(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        waits = []
        for wish in ("300", "999999"):
            settled = await webhook.finish(await webhook.ready(), 504, retry_after=wish)
            waits.append(settled.delay_s)
        assert 300 <= waits[0] <= 300 * (1 + JITTER)
        assert waits[1] == 3600
        assert (await webhook.row()).next_attempt_at == after(3600)
        assert [one.retry_after_s for one in await webhook.attempts()] == [300, 999_999]

    async def test_a_used_up_schedule_that_a_crash_kept_untold(self, shelf: Shelf) -> None:
        """The last failure was committed, the worker died before it said so."""
        webhook = await shelf.webhook()
        await exhaust(webhook)
        assert await webhook.begin() == SendResult(DELIVERING, EXHAUSTED, "http_503")
        assert len(await webhook.attempts()) == 4

    async def test_the_schedule_is_the_workflow_s_not_the_store_s(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        assert await webhook.begin(delays=[]) == SendResult(DELIVERING, EXHAUSTED, "http_503")


class TestGone:
    async def test_410_disables_the_endpoint_and_ends_it(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        assert await webhook.attempt(410) == Settled(SendResult(DELIVERING, GONE, "http_410"))
        endpoint = await shelf.one(EndpointRow, webhook.endpoint_id)
        assert endpoint.state is EndpointState.DISABLED
        assert "410" in (endpoint.state_reason or "")
        assert (await webhook.row()).charged == 1

    async def test_a_410_that_a_crash_kept_untold(self, shelf: Shelf) -> None:
        """The answer was committed, the worker died before it said so: still gone, not held."""
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await webhook.attempt(410)
        assert await webhook.begin() == SendResult(DELIVERING, GONE, "http_410")
        assert len(await webhook.attempts()) == 2

    async def test_after_it_was_switched_on_again_a_retry_sends(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(410)
        await keep(webhook, GONE)
        await shelf.change(EndpointRow, webhook.endpoint_id, state=EndpointState.ENABLED)
        settled = await webhook.attempt(200, in_round=2)
        assert settled.result == SendResult(DELIVERED, code="http_200")


class TestInterruptions:
    async def test_one_that_a_crash_left_open_is_closed_and_not_charged(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.ready()
        again = await webhook.ready(now=after(60))
        first, second = await webhook.attempts()
        assert first.state is AttemptState.INTERRUPTED
        assert (first.charged, first.code, first.finished_at) == (False, "interrupted", after(60))
        assert (second.id, second.number) == (again.attempt_id, 2)
        assert second.state is AttemptState.IN_FLIGHT
        assert (await webhook.row()).charged == 0

    async def test_one_that_we_ended_ourselves_is_not_charged(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        await webhook.interrupt(ready, after(2))
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.INTERRUPTED, False)
        assert attempt.finished_at == after(2)
        assert (await webhook.row()).charged == 0

    async def test_an_answered_one_cannot_be_interrupted_any_more(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        await webhook.finish(ready, 503)
        await webhook.interrupt(ready)
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.code) == (AttemptState.FAILED, "http_503")

    async def test_of_503_kill_503_kill_503_503_exactly_four_are_charged(
        self, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook()
        for status in (503, None, 503, None, 503):
            ready = await webhook.ready()
            if status is not None:
                await webhook.finish(ready, status)
        settled = await webhook.attempt(503)
        assert settled.result == SendResult(DELIVERING, EXHAUSTED, "http_503")
        charged = [one.charged for one in await webhook.attempts()]
        assert charged == [True, False, True, False, True, True]


class TestATestEvent:
    async def test_a_410_ends_it_and_leaves_the_endpoint_on(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook(an_event(is_test=True))
        assert await webhook.attempt(410) == Settled(SendResult(DELIVERING, GONE, "http_410"))
        endpoint = await shelf.one(EndpointRow, webhook.endpoint_id)
        assert (endpoint.state, endpoint.state_reason) == (EndpointState.ENABLED, None)
        assert await shelf.count(NotificationRow) == 0

    async def test_its_failures_count_neither_in_the_figures_nor_for_the_breaker(
        self, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook(an_event(is_test=True))
        await webhook.attempt(503)
        endpoint = await shelf.one(EndpointRow, webhook.endpoint_id)
        assert endpoint.failures_in_row == 0
        assert await shelf.count(EndpointSpanRow) == 0
        [attempt] = await webhook.attempts()
        assert attempt.charged

    async def test_one_that_was_sent_to_try_it_out_passes_an_open_breaker(
        self, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook(an_event(is_test=True))
        far_off = {"opened_at": NOW, "probe_at": after(600), "failures_in_row": 12}
        await shelf.change(EndpointRow, webhook.endpoint_id, **far_off)
        held = await webhook.begin()
        assert isinstance(held, SendResult)
        target = {"only_target": webhook.endpoint_id}
        await shelf.change(EventRow, webhook.event.event_id, **target)
        await webhook.finish(await webhook.ready(in_round=2, now=after(5)), 200, now=after(6))
        endpoint = await shelf.one(EndpointRow, webhook.endpoint_id)
        assert (endpoint.opened_at, endpoint.mended_at) == (None, after(5))

    @pytest.mark.parametrize("is_test", [True, False])
    async def test_in_a_rotation_it_is_signed_with_the_newest_secret_alone(
        self, shelf: Shelf, is_test: bool
    ) -> None:
        webhook = await shelf.webhook(an_event(is_test=is_test))
        _, new = await shelf.database.write(rotate_secret, webhook.endpoint_id, NOW, actor="test")
        ready = await webhook.ready(now=after(1))
        assert (ready.secrets[0], len(ready.secrets)) == (new, 1 if is_test else 2)


class TestALateAnswer:
    async def test_a_failure_charges_nothing_and_ends_nothing(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        await webhook.ready(now=after(60))
        assert await webhook.finish(late, 503) == Settled(None, delay_s=1.0)
        first, second = await webhook.attempts()
        assert (first.state, first.charged, first.code) == (
            AttemptState.INTERRUPTED,
            False,
            "interrupted",
        )
        assert second.state is AttemptState.IN_FLIGHT
        assert (await webhook.row()).charged == 0

    async def test_a_failure_waits_as_long_as_the_attempt_beside_it(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        beside = await webhook.attempt(503)
        waits = await webhook.finish(late, 503, now=after(10))
        assert waits.result is None
        assert waits.delay_s == pytest.approx(beside.delay_s - 10)
        assert (await webhook.row()).charged == 1

    async def test_a_failure_after_the_end_changes_nothing(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        await exhaust(webhook)
        await keep(webhook)
        assert await webhook.finish(late, 503) == Settled(SendResult(DeliveryState.DEAD_LETTERED))
        assert (await webhook.row()).charged == 4

    async def test_a_410_disables_nothing(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        await webhook.ready(now=after(60))
        await webhook.finish(late, 410)
        endpoint = await shelf.one(EndpointRow, webhook.endpoint_id)
        assert endpoint.state is EndpointState.ENABLED

    async def test_a_success_counts_for_the_partner_has_it(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        await webhook.ready(now=after(60))
        settled = await webhook.finish(late, 200, now=after(61))
        assert settled.result == SendResult(DELIVERED, code="http_200")
        assert (await webhook.attempts())[0].state is AttemptState.SUCCEEDED
        assert (await webhook.row()).delivered_at == after(61)
        assert await webhook.begin() == SendResult(DELIVERED, code="http_200")

    async def test_the_failure_of_the_attempt_beside_it_starts_no_wait(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        beside = await webhook.ready(now=after(60))
        await webhook.finish(late, 200)
        assert (await webhook.finish(beside, 503)).result == SendResult(DELIVERED, code="http_503")
        row = await webhook.row()
        assert (row.state, row.next_attempt_at) == (DELIVERED, None)

    async def test_a_success_after_the_dead_letter_closes_it(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        late = await webhook.ready()
        await exhaust(webhook)
        await keep(webhook)
        await webhook.finish(late, 200, now=after(900))
        assert (await webhook.row()).state is DELIVERED
        [dead_letter] = await webhook.dead_letters()
        assert (dead_letter.resolution, dead_letter.resolved_at) == (
            DeadLetterResolution.DELIVERED,
            after(900),
        )


class TestAnAnswerWrittenTwice:
    """The first commit was made, the database was gone before it could say so."""

    async def test_a_failure_is_charged_once(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        settled = await webhook.finish(ready, 503)
        assert settled.code == "http_503"
        assert await webhook.finish(ready, 503) == Settled(None, settled.delay_s)
        assert (await webhook.row()).charged == 1

    async def test_the_last_failure_ends_it_at_the_next_look(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for _ in range(3):
            await webhook.attempt(503)
        ready = await webhook.ready()
        await webhook.finish(ready, 503)
        assert await webhook.finish(ready, 503) == Settled(None, 1.0)
        assert await webhook.begin() == SendResult(DELIVERING, EXHAUSTED, "http_503")

    async def test_a_success_stays_one(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        told = [await webhook.finish(ready, 200, now=after(n)) for n in (1, 2)]
        assert told == [Settled(SendResult(DELIVERED, code="http_200"))] * 2
        assert (await webhook.row()).delivered_at == after(1)


class TestHeldAndSkipped:
    @pytest.mark.parametrize("state", [EndpointState.PAUSED, EndpointState.DISABLED])
    async def test_an_endpoint_that_is_off_holds_it_at_no_cost(
        self, shelf: Shelf, state: EndpointState
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await shelf.change(EndpointRow, webhook.endpoint_id, state=state)
        assert await webhook.begin() == SendResult(HELD)
        row = await webhook.row()
        assert (row.state, row.next_attempt_at, row.charged) == (HELD, None, 1)
        assert len(await webhook.attempts()) == 1

    async def test_switched_on_again_it_goes_on(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await shelf.change(EndpointRow, webhook.endpoint_id, state=EndpointState.PAUSED)
        await webhook.begin()
        await shelf.change(EndpointRow, webhook.endpoint_id, state=EndpointState.ENABLED)
        assert (await webhook.attempt(200)).result == SendResult(DELIVERED, code="http_200")

    async def test_a_paused_partner_holds_it_at_no_cost(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        assert await webhook.begin() == SendResult(HELD)
        assert ((await webhook.row()).state, len(await webhook.attempts())) == (HELD, 1)
        await shelf.change(PartnerRow, "shop", paused_at=None)
        assert (await webhook.attempt(200)).result == SendResult(DELIVERED, code="http_200")

    async def test_a_removed_endpoint_skips_it_with_the_reason(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await shelf.change(EndpointRow, webhook.endpoint_id, removed_at=NOW)
        assert await webhook.begin() == SendResult(SKIPPED)
        row = await webhook.row()
        assert (row.state, row.skip_reason) == (SKIPPED, SkipReason.ENDPOINT_REMOVED)
        assert row.next_attempt_at is None
        assert await webhook.begin() == SendResult(SKIPPED, code="http_503")

    async def test_the_secret_that_ran_out_signs_no_more(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        old = (await webhook.ready()).secrets
        _, new = await database.write(rotate_secret, webhook.endpoint_id, NOW, actor="test")
        day = timedelta(hours=24)
        both = (await webhook.ready(now=NOW + day - timedelta(seconds=1))).secrets
        assert sorted(both) == sorted([*old, new])
        assert (await webhook.ready(now=NOW + day)).secrets == [new]


class TestRounds:
    async def test_a_retry_by_hand_runs_the_whole_schedule_again(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await exhaust(webhook)
        await keep(webhook)
        settled = await exhaust(webhook, in_round=2)
        assert settled.result == SendResult(DELIVERING, EXHAUSTED, "http_503")
        attempts = await webhook.attempts()
        assert [one.number for one in attempts] == list(range(1, 9))
        assert [one.round for one in attempts] == [1] * 4 + [2] * 4
        assert [one.trigger for one in attempts] == [
            *[Trigger.SCHEDULED] * 4,
            Trigger.MANUAL,
            *[Trigger.SCHEDULED] * 3,
        ]
        assert (await webhook.row()).charged == 4

    async def test_it_resolves_the_dead_letter(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await exhaust(webhook)
        await keep(webhook)
        await webhook.ready(in_round=2, now=after(1000))
        [dead_letter] = await webhook.dead_letters()
        assert dead_letter.resolution is DeadLetterResolution.RETRIED
        assert dead_letter.resolved_at == after(1000)
        assert (await webhook.row()).state is DELIVERING

    async def test_an_older_round_is_not_sent_any_more(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503, in_round=2)
        assert await webhook.begin(in_round=1) == SendResult(DELIVERING, code="http_503")
        assert len(await webhook.attempts()) == 1

    async def test_the_attempt_that_a_crash_left_open_in_the_round_before_is_closed(
        self, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.ready()
        await webhook.ready(in_round=2)
        states = [one.state for one in await webhook.attempts()]
        assert states == [AttemptState.INTERRUPTED, AttemptState.IN_FLIGHT]

    async def test_a_delivered_one_can_be_sent_once_more(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        delivered_at = (await webhook.row()).delivered_at
        await webhook.attempt(200, in_round=2, resend=True)
        row = await webhook.row()
        assert (row.state, row.round, row.delivered_at) == (DELIVERED, 2, delivered_at)


class TestTogether:
    async def test_two_endpoints_of_one_event_are_counted_apart(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        await shelf.add_endpoint()
        event = await shelf.accept()
        plan = await shelf.plan(event)
        ready = []
        for planned in plan.deliveries:
            task = PostWebhook(event.event_id, planned.delivery_id, 1, DELAYS)
            ready.append(await database.write(attempts.begin_attempt, task, NOW, REQUEST))
        for begun, status in zip(ready, (503, 200), strict=True):
            assert isinstance(begun, ReadyAttempt)
            answer = Answer(f"http_{status}", status)
            await database.write(
                attempt_endings.finish_attempt,
                attempt_endings.EndedAttempt(begun.attempt_id, answer, SCHEDULE),
                NOW,
            )
        rows = [await shelf.one(DeliveryRow, one.delivery_id) for one in plan.deliveries]
        assert [(row.state, row.charged) for row in rows] == [(DELIVERING, 1), (DELIVERED, 0)]

    async def test_every_attempt_has_its_own_number(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for _ in range(3):
            await webhook.ready()
        rows = await shelf.all_of(AttemptRow, webhook.id)
        assert sorted(row.number for row in rows) == [1, 2, 3]
