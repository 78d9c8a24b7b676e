"""What the demo says of its figures: each count with its reason."""

from commands.demo.figures import _WHY_HELD, _WHY_SKIPPED, _count, _in_words
from contracts.delivery.states import DeliveryState, HoldReason, SkipReason
from store.tables import DeliveryRow
from tests.support.shelf import Shelf, an_event, of_its_own_order


async def test_deliveries_are_counted_by_why_they_wait_or_were_skipped(shelf: Shelf) -> None:
    await shelf.add_partner()
    await shelf.add_endpoint()
    for reason in (HoldReason.ENDPOINT_OFF, HoldReason.ENDPOINT_OFF, HoldReason.DAILY_CAP):
        [planned] = (await shelf.plan(of_its_own_order(an_event()))).deliveries
        held = {"state": DeliveryState.HELD, "hold_reason": reason}
        await shelf.change(DeliveryRow, planned.delivery_id, **held)
    counted = await shelf.database.read(_count, DeliveryState.HELD)
    assert counted == {"endpoint_off": 2, "daily_cap": 1}
    assert await shelf.database.read(_count, DeliveryState.SKIPPED) == {}
    said = _in_words(counted, _WHY_HELD)
    assert said == "2 (their endpoint is switched off, as after a 410), 1 (daily cap)"


def test_nothing_is_said_to_be_none() -> None:
    assert _in_words({}, _WHY_SKIPPED) == "none"


def test_a_text_that_came_too_late_is_explained() -> None:
    assert "too late" in _in_words({SkipReason.STALE: 3}, _WHY_SKIPPED)
