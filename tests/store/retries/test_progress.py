"""What became of the deliveries that were asked for in one moment."""

import pytest

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    HoldReason,
)
from store.deliveries.dead_lettering import record_dead_letter
from store.retries.progress import RetryProgress, retry_progress
from store.tables import DeliveryRow
from tests.support.dead_letter_shelf import DeadLetterShelf, ids_of
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import Shelf, after

ASKED_AT = after(90)
"""When `DeadLetterShelf.ask` asks."""


async def progress(queue: DeadLetterShelf, owner: str = "north") -> RetryProgress:
    """How those stand that were asked for."""
    return await queue.database.read(retry_progress, ASKED_AT, owner=owner)


@pytest.fixture
async def queue(shelf: Shelf) -> DeadLetterShelf:
    """Two dead letters that were asked for, and one that was not."""
    queue = await DeadLetterShelf.open(shelf)
    asked = [await queue.add(), await queue.add()]
    await queue.ask(*ids_of(asked))
    await queue.add()
    return queue


async def test_at_first_none_has_begun(queue: DeadLetterShelf) -> None:
    seen = await progress(queue)
    assert seen == RetryProgress(asked=2, not_begun=2)
    assert (seen.ended, seen.is_over) == (0, False)


@pytest.mark.parametrize(
    ("state", "hold_reason", "standing"),
    [
        (DeliveryState.PENDING, None, "under_way"),
        (DeliveryState.DELIVERING, None, "under_way"),
        (DeliveryState.HELD, HoldReason.ENDPOINT_BUSY, "under_way"),
        (DeliveryState.HELD, HoldReason.ENDPOINT_FAILING, "waiting"),
        (DeliveryState.DELIVERED, None, "delivered"),
        (DeliveryState.DISCARDED, None, "closed"),
        (DeliveryState.SKIPPED, None, "closed"),
    ],
)
async def test_each_stands_somewhere(
    queue: DeadLetterShelf, state: DeliveryState, hold_reason: HoldReason | None, standing: str
) -> None:
    [first, *_] = queue.dead_letters
    await queue.shelf.change(DeliveryRow, first.delivery_id, state=state, hold_reason=hold_reason)
    seen = await progress(queue)
    assert (getattr(seen, standing), seen.not_begun, seen.asked) == (1, 1, 2)


async def test_one_that_became_a_dead_letter_since_has_failed_again(queue: DeadLetterShelf) -> None:
    first, second, _ = queue.dead_letters
    await queue.close(first, DeadLetterResolution.RETRIED)
    again = RecordDeadLetter(first.delivery_id, DeadLetterReason.EXHAUSTED)
    await queue.database.write(record_dead_letter, again, after(700))
    await queue.shelf.change(DeliveryRow, second.delivery_id, state=DeliveryState.DELIVERED)
    seen = await progress(queue)
    assert (seen.failed, seen.delivered, seen.is_over) == (1, 1, True)


async def test_another_partner_sees_nothing_of_it(queue: DeadLetterShelf) -> None:
    assert await progress(queue, "south") == RetryProgress(asked=0)


async def test_it_is_found_by_indexes(queue: DeadLetterShelf) -> None:
    for table in ("deliveries", "audit_entries"):
        plans = await queue.database.read(
            plans_of, lambda session: retry_progress(session, ASKED_AT, owner="north"), table
        )
        assert plans
        assert all(is_served_by_an_index(plan, table) for plan in plans), plans
