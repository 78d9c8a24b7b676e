"""First attempts that are opened with the plan, and plain successes: they write what the plain path
writes, and keep its rules."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session
from temporalio.testing import ActivityEnvironment

from activities.payload import PayloadActivities
from contracts.delivery.messages import Plan, PlanEvent, PlannedDelivery
from contracts.delivery.states import AttemptState, DeliveryState, EndpointState
from contracts.delivery.verdicts import Answer
from contracts.payload.events import TrackingEvent
from store.deliveries.attempt_endings import EndedAttempt, finish_attempt
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.first_attempts import AtOnce
from store.deliveries.plan_reads import endpoints_to_plan
from store.deliveries.planning import plan_events
from store.events.acceptance import accept
from store.events.outbox import take_out
from store.retries.attempt_reports import AttemptReport, finish_plain, finish_webhook
from store.tables import (
    AttemptRow,
    DeliveryRow,
    EndpointRow,
    EndpointSpanRow,
    EventRow,
    PartnerRow,
)
from tests.support.factories import make_groups, make_order
from tests.support.locks import locked, somebody_waits
from tests.support.shelf import DELAYS, NOW, REQUEST, SCHEDULE, Shelf, Webhook, after, an_event
from tests.support.shelf import of_its_own_order as alone

ANSWER = Answer("http_200", 200, None, "thank you", 84)
_OF_EACH_ITS_OWN = {"id", "event_id", "delivery_id", "response_excerpt"}


def at_once(room: int = 100, of_one: int = 100, texts: int = 0) -> AtOnce:
    return AtOnce(lambda _: of_one, room, texts, REQUEST)


async def opened(
    shelf: Shelf, count: int = 1, rules: AtOnce | None = None, **event: Any
) -> tuple[list[PlannedDelivery], dict[str, ReadyAttempt]]:
    """Plan so many events in one transaction: their deliveries, and what was opened."""
    events = [await shelf.accept(alone(an_event(**event))) for _ in range(count)]
    ids = [one.event_id for one in events]
    for one in ids:
        await shelf.take_out(one)
    planned = await shelf.database.write(plan_events, ids, NOW, rules or at_once())
    deliveries = [one for event_id in ids for one in planned[event_id].plan.deliveries]
    return deliveries, dict(planned[ids[0]].opened)


async def shop(shelf: Shelf, **fields: Any) -> str:
    await shelf.add_partner()
    endpoint = await shelf.add_endpoint()
    if fields:
        await shelf.change(EndpointRow, endpoint.id, **fields)
    return endpoint.id


def read_whole(session: Session) -> set[tuple[str, int]]:
    """How often each table was read from end to end, of which this process has not told yet."""
    counts = text("SELECT relname, seq_scan FROM pg_stat_xact_user_tables")
    return {(name, count) for name, count in session.connection().execute(counts)}


def like(row: Any) -> dict[str, Any]:
    """What two rows should have in common."""
    return {k: v for k, v in row.model_dump().items() if k not in _OF_EACH_ITS_OWN}


class TestThePlainPath:
    async def test_opening_writes_what_beginning_an_attempt_writes(self, shelf: Shelf) -> None:
        await shop(shelf)
        [planned], ready = await opened(shelf)
        slow = alone(an_event())
        [waiting] = (await shelf.plan(slow)).deliveries
        endpoint_id = (await shelf.one(DeliveryRow, waiting.delivery_id)).endpoint_id
        begun = await Webhook(shelf, slow, waiting.delivery_id, endpoint_id or "").ready()
        quick = ready[planned.delivery_id]
        assert planned.at_once
        rows = [await shelf.one(DeliveryRow, one.delivery_id) for one in (planned, waiting)]
        assert like(rows[0]) == like(rows[1])
        attempts = [await shelf.one(AttemptRow, one.attempt_id) for one in (quick, begun)]
        assert like(attempts[0]) == like(attempts[1])
        assert (quick.url, quick.secrets, quick.headers, quick.number, quick.is_quiet) == (
            begun.url,
            begun.secrets,
            begun.headers,
            begun.number,
            begun.is_quiet,
        )
        assert quick.body == await shelf.payload_bytes(quick.event_id)

    async def test_a_plain_success_is_written_like_any_other(self, shelf: Shelf) -> None:
        endpoint_id = await shop(shelf)
        _, ready = await opened(shelf, 2)
        plain, general = (EndedAttempt(one.attempt_id, ANSWER, SCHEDULE) for one in ready.values())
        [finished] = await shelf.database.write(finish_plain, [plain], after(2))
        assert finished is not None
        settled, report = finished
        spans = [like(row) for row in await shelf.all_rows(EndpointSpanRow)]
        assert settled == (await shelf.database.write(finish_attempt, general, after(2))).settled
        attempts = [await shelf.one(AttemptRow, one.attempt_id) for one in (plain, general)]
        assert like(attempts[0]) == like(attempts[1])
        assert bool(attempts[0].response_excerpt) == bool(attempts[1].response_excerpt)
        rows = [await shelf.one(DeliveryRow, one.delivery_id) for one in attempts]
        assert like(rows[0]) == like(rows[1])
        [span] = await shelf.all_rows(EndpointSpanRow)
        assert span.latencies == [2 * one for one in spans[0]["latencies"]]
        assert (span.succeeded, span.endpoint_id) == (2, endpoint_id)
        assert report == AttemptReport(
            event_id=rows[0].event_id,
            order_id=(await shelf.one(EventRow, rows[0].event_id)).order_id,
            delivery_id=rows[0].id,
            endpoint_id=endpoint_id,
            partner_id="shop",
            channel=rows[0].channel,
            number=1,
            round=1,
            trigger=attempts[0].trigger,
            code="http_200",
            status=200,
            duration_ms=84,
            charged=False,
            next_in_s=None,
            result="delivered",
            propagation_s=2 - (NOW - after(0)).total_seconds(),
        )


class TestWhatLeavesAtOnce:
    async def test_only_what_there_is_room_for(self, shelf: Shelf) -> None:
        await shop(shelf)
        planned, ready = await opened(shelf, 5, at_once(room=3))
        assert {one.delivery_id for one in planned if one.at_once} == set(ready)
        assert len(ready) == 3
        assert {one.state for one in planned if not one.at_once} == {DeliveryState.PENDING}

    async def test_only_so_many_of_one_endpoint(self, shelf: Shelf) -> None:
        await shop(shelf)
        planned, _ = await opened(shelf, 3, at_once(of_one=2))
        assert sum(one.at_once for one in planned) == 2

    async def test_never_more_than_may_be_in_flight(self, shelf: Shelf) -> None:
        await shop(shelf, in_flight_limit=2)
        first, _ = await opened(shelf)
        more, _ = await opened(shelf, 3)
        assert [sum(one.at_once for one in some) for some in (first, more)] == [1, 1]
        in_flight = [one.state for one in await shelf.all_rows(AttemptRow)]
        assert in_flight == [AttemptState.IN_FLIGHT] * 2

    @pytest.mark.parametrize(
        "fields",
        [
            {"opened_at": NOW, "failing_since": NOW, "failures_in_row": 9},
            {"failures_in_row": 1, "failing_since": NOW},
            {"slowed_limit": 1, "refusals": 1},
            {"not_before": after(60)},
            {"rate_limit": 5.0},
            {"has_waiting": True},
        ],
        ids=lambda fields: next(iter(fields)),
    )
    async def test_nothing_where_something_has_to_be_decided(
        self, shelf: Shelf, fields: dict[str, Any]
    ) -> None:
        await shop(shelf, **fields)
        [planned], ready = await opened(shelf)
        assert (planned.at_once, planned.state, ready) == (False, DeliveryState.PENDING, {})

    async def test_texts_that_there_is_room_for(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        planned, ready = await opened(shelf, 3, at_once(texts=2))
        assert sum(one.at_once for one in planned) == 2
        assert {one.state for one in planned} == {DeliveryState.PENDING}
        assert ready == {}

    async def test_no_code_that_ends_on_the_way(self, shelf: Shelf) -> None:
        await shop(shelf)
        otp = {"code": "483920", "valid_from": NOW.isoformat()}
        otp["valid_until"] = (NOW + REQUEST).isoformat()
        groups = make_groups(otp=otp, order=make_order(ordered_at=after(-3600).isoformat()))
        [planned], _ = await opened(shelf, event_type="out_for_delivery", data=groups)
        assert not planned.at_once

    async def test_the_later_of_an_order_waits_where_order_is_asked_for(self, shelf: Shelf) -> None:
        await shop(shelf, ordered=True)
        ids = [(await shelf.accept()).event_id for _ in range(2)]
        planned = await shelf.database.write(plan_events, ids, NOW, at_once())
        assert [planned[one].plan.deliveries[0].at_once for one in ids] == [True, False]

    async def test_webhooks_and_texts_share_the_room(self, shelf: Shelf) -> None:
        await shelf.add_partner(sms_enabled=True)
        await shelf.add_endpoint()
        planned, _ = await opened(shelf, 3, at_once(room=4, texts=9))
        assert sum(one.at_once for one in planned) == 4


class TestLockedRows:
    """What somebody has locked is waited for by itself, if at all, and is in nobody's way."""

    async def test_its_targets_delay_no_intake_and_no_plan(self, shelf: Shelf) -> None:
        endpoint_id = await shop(shelf)
        async with locked(shelf, (EndpointRow, endpoint_id), (PartnerRow, "shop")):
            [planned], ready = await opened(shelf)
        assert (planned.at_once, planned.state, ready) == (False, DeliveryState.PENDING, {})

    async def test_a_plan_waits_a_moment_for_what_another_one_has(self, shelf: Shelf) -> None:
        endpoint_id = await shop(shelf)
        rules = replace(at_once(), lock_patience=timedelta(seconds=30))
        async with locked(shelf, (EndpointRow, endpoint_id)):
            waiting = asyncio.create_task(opened(shelf, rules=rules))
            await somebody_waits(shelf)
        [planned], ready = await waiting
        assert planned.at_once
        assert planned.delivery_id in ready

    async def test_what_another_one_changed_meanwhile_is_seen(self, shelf: Shelf) -> None:
        endpoint_id = await shop(shelf)
        rules = replace(at_once(), lock_patience=timedelta(seconds=30))
        async with locked(shelf, (EndpointRow, endpoint_id), url="https://new.example/"):
            waiting = asyncio.create_task(opened(shelf, rules=rules))
            await somebody_waits(shelf)
        _, ready = await waiting
        assert [one.url for one in ready.values()] == ["https://new.example/"]

    async def test_it_waits_no_longer_and_goes_on(self, shelf: Shelf) -> None:
        endpoint_id = await shop(shelf)
        await shelf.add_endpoint()
        rules = replace(at_once(), lock_patience=timedelta(milliseconds=1))
        async with locked(shelf, (EndpointRow, endpoint_id)):
            planned, ready = await opened(shelf, rules=rules)
        by_endpoint = {one.endpoint_id: one for one in planned}
        assert not by_endpoint.pop(endpoint_id).at_once
        [other] = by_endpoint.values()
        assert other.at_once
        assert other.delivery_id in ready

    async def test_who_has_waited_waits_for_other_rows_as_before(self, shelf: Shelf) -> None:
        endpoint_id = await shop(shelf)

        def limit_after(session: Session, patience: timedelta) -> str:
            endpoints_to_plan(session, ["shop"], NOW, patience)
            return str(session.execute(text("SHOW lock_timeout")).scalar_one())

        async with locked(shelf, (EndpointRow, endpoint_id)):
            given_up = await shelf.database.write(limit_after, timedelta(milliseconds=1))
            waiting = asyncio.create_task(shelf.database.write(limit_after, timedelta(seconds=30)))
            await somebody_waits(shelf)
        assert [given_up, await waiting] == ["5s", "5s"]

    async def test_a_paused_endpoint_delays_no_plan(self, shelf: Shelf) -> None:
        """It may be being removed: nothing is held for it before that is known."""
        endpoint_id = await shop(shelf, state=EndpointState.PAUSED)
        async with locked(shelf, (EndpointRow, endpoint_id)):
            [planned], _ = await opened(shelf)
        assert planned.state is DeliveryState.PENDING

    async def test_an_event_delays_no_other_plan_and_is_planned_itself(self, shelf: Shelf) -> None:
        await shop(shelf)
        first, second = [await shelf.accept(alone(an_event())) for _ in range(2)]
        payload = PayloadActivities(shelf.database, lambda: NOW)

        async def plan(event: TrackingEvent) -> Plan:
            task = PlanEvent(event.event_id, DELAYS)
            return await ActivityEnvironment().run(payload.build_payload, task)

        async with locked(shelf, (EventRow, first.event_id)):
            waiting = asyncio.create_task(plan(first))
            assert (await plan(second)).deliveries
            assert not waiting.done()
        assert (await waiting).deliveries

    async def test_a_delivery_delays_no_other_success(self, shelf: Shelf) -> None:
        await shop(shelf)
        planned, ready = await opened(shelf, 2)
        ended = [EndedAttempt(one.attempt_id, ANSWER, SCHEDULE) for one in ready.values()]
        async with locked(shelf, (DeliveryRow, planned[0].delivery_id)):
            finished = await shelf.database.write(finish_plain, ended, after(2))
        assert [one is not None for one in finished] == [False, True]

    async def test_the_path_of_an_event_reads_no_table_from_end_to_end(self, shelf: Shelf) -> None:
        """Whatever the statistics say: a new database has none, and plans are kept for long."""
        await shop(shelf)
        await opened(shelf)

        def settle_one(session: Session, event: TrackingEvent) -> set[tuple[str, int]]:
            before = read_whole(session)
            accept(session, event, NOW)
            take_out(session, [event.event_id])
            [planned] = plan_events(session, [event.event_id], NOW, at_once()).values()
            [attempt] = planned.opened.values()
            ended = EndedAttempt(attempt.attempt_id, ANSWER, SCHEDULE)
            assert finish_plain(session, [ended], after(2)) != [None]
            return read_whole(session) - before

        for _ in range(12):  # plans are made for good at the sixth, once a connection prepared them
            assert await shelf.database.write(settle_one, alone(an_event())) == set()


class TestWhatIsNoPlainSuccess:
    async def test_one_that_was_given_up_meanwhile_counts_all_the_same(self, shelf: Shelf) -> None:
        await shop(shelf)
        [planned], ready = await opened(shelf)
        [attempt] = ready.values()
        await Webhook(shelf, an_event(), planned.delivery_id, attempt.endpoint_id).interrupt(
            attempt
        )
        ended = EndedAttempt(attempt.attempt_id, ANSWER, SCHEDULE)
        assert await shelf.database.write(finish_plain, [ended], after(2)) == [None]
        settled, _ = await shelf.database.write(finish_webhook, ended, after(2))
        assert settled.result is not None
        assert settled.result.state is DeliveryState.DELIVERED

    async def test_one_of_many_that_is_not_plain_takes_none_with_it(self, shelf: Shelf) -> None:
        await shop(shelf)
        planned, ready = await opened(shelf, 3)
        ended = [EndedAttempt(one.attempt_id, ANSWER, SCHEDULE) for one in ready.values()]
        await shelf.change(DeliveryRow, planned[1].delivery_id, delivered_at=after(1))
        finished = await shelf.database.write(finish_plain, ended, after(2))
        assert [one is not None for one in finished] == [True, False, True]
        rows = [await shelf.one(DeliveryRow, one.delivery_id) for one in planned]
        assert [one.delivered_at for one in rows] == [after(2), after(1), after(2)]
