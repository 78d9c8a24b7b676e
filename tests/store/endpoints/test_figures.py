"""The figures of endpoints for people: cards, counts that stop, attempts by hour."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session

from contracts.delivery.states import DeliveryState, HoldReason
from contracts.endpoints.health import HealthState
from contracts.payload.events import EventType
from store.endpoints import figures
from store.endpoints.figures import (
    AttemptCounts,
    attempts_by_type,
    count_in_state,
    endpoint_cards,
    on_hold,
)
from store.endpoints.health import CountedAttempt, add_to_span
from store.endpoints.windows import windows_by
from tests.support.backlog import make_backlog
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf


async def tried(shelf: Shelf, endpoint_id: str, minutes_ago: float, *, succeeded: bool) -> None:
    """One attempt that ended so long ago."""
    await shelf.database.write(
        add_to_span,
        endpoint_id,
        [CountedAttempt(succeeded, False, 80)],
        NOW - timedelta(minutes=minutes_ago),
    )


async def test_a_card_has_rates_health_and_what_waits(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    await backlog.held("a")
    await backlog.dead("b")
    await backlog.dead("c")
    await shelf.add_partner("other")
    await shelf.add_endpoint("other")
    for minutes, succeeded in ((10, True), (120, False), (60 * 25, False)):
        await tried(shelf, backlog.endpoint_id, minutes, succeeded=succeeded)
    [card] = await shelf.database.read(endpoint_cards, "shop", NOW)
    assert card.endpoint.id == backlog.endpoint_id
    assert card.health.state is HealthState.UNTRIED
    assert (card.last_hour, card.last_24_hours) == (AttemptCounts(1, 0), AttemptCounts(1, 1))
    assert (card.last_hour.success_rate, card.last_24_hours.success_rate) == (1.0, 0.5)
    assert (card.held, card.dead) == (1, 2)


async def test_without_attempts_there_is_no_rate(shelf: Shelf) -> None:
    await make_backlog(shelf)
    [card] = await shelf.database.read(endpoint_cards, "shop", NOW)
    assert card.last_24_hours.success_rate is None


async def test_a_count_stops_where_nobody_reads_on(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog = await make_backlog(shelf)
    for name in ("a", "b", "c"):
        await backlog.dead(name)
    state = DeliveryState.DEAD_LETTERED
    assert await shelf.database.read(count_in_state, backlog.endpoint_id, state) == 3
    monkeypatch.setattr(figures, "MOST_COUNTED", 1)
    assert await shelf.database.read(count_in_state, backlog.endpoint_id, state) == 2


async def test_each_attempt_is_in_its_hour(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    for minutes, succeeded in ((0, True), (1, True), (59, False), (60, True), (61, True)):
        await tried(shelf, backlog.endpoint_id, minutes, succeeded=succeeded)
    await tried(shelf, backlog.endpoint_id, 181, succeeded=True)
    hours = [NOW - timedelta(hours=back) for back in (3, 2, 1, 0)]
    seen = await shelf.database.read(windows_by, backlog.endpoint_id, hours)
    assert [(one.attempts, one.succeeded) for one in seen] == [(0, 0), (1, 1), (3, 2), (1, 1)]
    assert [one.p95_ms for one in seen] == [None, 100, 100, 100]


async def test_what_waits_is_counted_by_what_it_waits_for(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    await backlog.held("a")
    await backlog.held("b")
    await backlog.dead("c")
    waits = await shelf.database.read(on_hold, backlog.endpoint_id)
    assert waits == {HoldReason.ENDPOINT_OFF: 2}


async def test_attempts_are_counted_by_type_without_those_of_tests(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    for name, kind, status, is_test in (
        ("a", "delivered", 200, False),
        ("b", "delivered", 503, False),
        ("c", "order_confirmed", 200, False),
        ("d", "delivered", 200, True),
    ):
        await backlog.planned(name, event_type=kind, is_test=is_test)
        await backlog.answer(backlog.ids[name], status)
    counts = await shelf.database.read(attempts_by_type, backlog.endpoint_id)
    assert counts == {
        EventType.ORDER_CONFIRMED: AttemptCounts(1, 0),
        EventType.DELIVERED: AttemptCounts(1, 1),
    }


async def test_they_are_found_by_indexes(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    plans = await shelf.database.read(
        plans_of, lambda session: endpoint_cards(session, "shop", NOW), "deliveries"
    )
    assert len(plans) == 2
    assert all("index" in plan.lower() and "endpoint_id" in plan for plan in plans), plans
    spans = await shelf.database.read(
        plans_of,
        lambda session: windows_by(session, backlog.endpoint_id, [NOW]),
        "endpoint_spans",
    )
    assert all("index" in plan.lower() for plan in spans), spans
    for read, table in ((on_hold, "deliveries"), (attempts_by_type, "attempts")):
        plans = await shelf.database.read(plans_of, partial(_of, read, backlog.endpoint_id), table)
        assert all("index" in plan.lower() and "endpoint_id" in plan for plan in plans), plans


def _of(read: Callable[[Session, str], object], endpoint_id: str, session: Session) -> None:
    read(session, endpoint_id)
