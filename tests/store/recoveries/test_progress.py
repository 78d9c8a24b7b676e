"""How far a recovery has got, by what became of what it has sent again."""

import pytest

from contracts.delivery.recoveries import RecoveryState
from contracts.delivery.states import DeliveryState, HoldReason
from contracts.errors import NotFound
from store.recoveries.progress import RecoveryProgress, recovery_progress
from store.tables import DeliveryRow, RecoveryRow
from tests.support.backlog import Backlog, add_others, make_backlog
from tests.support.query_plans import plans_of
from tests.support.shelf import Shelf


async def progress(
    backlog: Backlog, recovery: RecoveryRow, owner: str = "shop"
) -> RecoveryProgress:
    """How it stands now."""
    return await backlog.shelf.database.read(recovery_progress, recovery.id, owner=owner)


async def test_it_is_counted_from_the_first_step_to_the_last(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    for name in ("a", "b", "c", "d", "e"):
        await backlog.dead(name)
    await backlog.dead("later", made=7200)
    recovery = await backlog.recover()
    seen = await progress(backlog, recovery)
    assert (seen.on_their_way, seen.delivered, seen.is_over) == (0, 0, False)
    await backlog.step(recovery)
    assert (await progress(backlog, recovery)).on_their_way == 5
    await backlog.answer(backlog.ids["a"], 200)
    await backlog.bury(backlog.ids["b"])
    await wait(backlog, "c", HoldReason.ENDPOINT_FAILING)
    await wait(backlog, "d", HoldReason.ENDPOINT_BUSY)
    await shelf.change(DeliveryRow, backlog.ids["e"], state=DeliveryState.DISCARDED)
    seen = await progress(backlog, recovery)
    assert (seen.delivered, seen.failed, seen.waiting) == (1, 1, 1)
    assert (seen.on_their_way, seen.closed, seen.is_over) == (1, 1, False)


async def test_it_is_over_once_what_was_on_its_way_has_ended(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    await backlog.dead("a")
    recovery = await backlog.recover()
    await backlog.step(recovery)
    await shelf.change(RecoveryRow, recovery.id, state=RecoveryState.CANCELLED)
    assert not (await progress(backlog, recovery)).is_over
    await backlog.answer(backlog.ids["a"], 200)
    seen = await progress(backlog, recovery)
    assert (seen.is_over, seen.delivered) == (True, 1)


async def test_another_partner_does_not_find_it(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    recovery = await backlog.recover()
    with pytest.raises(NotFound):
        await progress(backlog, recovery, owner="other")


async def test_it_is_counted_by_an_index(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    await backlog.held("held")
    await shelf.database.write(add_others, "held")
    recovery = await backlog.recover()
    [plan] = await shelf.database.read(
        plans_of,
        lambda session: recovery_progress(session, recovery.id, owner="shop"),
        "deliveries",
    )
    assert "ix_deliveries_endpoint_state" in plan


async def wait(backlog: Backlog, name: str, reason: HoldReason) -> None:
    """Let a delivery wait for its endpoint."""
    held = {"state": DeliveryState.HELD, "hold_reason": reason}
    await backlog.shelf.change(DeliveryRow, backlog.ids[name], **held)
