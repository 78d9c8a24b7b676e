"""Who an order's customer is, for somebody who asks: shown in full, and written down."""

import pytest

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, LimitReached, NotFound
from store.access.budgets import REVEALED_CUSTOMERS
from store.events.customers import CustomerRevealed, reveal_customer
from store.events.erasure import erase_events
from store.tables import AuditEntryRow
from tests.support.shelf import NOW, Shelf, an_event


async def reveal(shelf: Shelf, order_id: str = "ORD-1", owner: str = "shop") -> CustomerRevealed:
    return await shelf.database.write(reveal_customer, order_id, NOW, owner=owner, actor="usr_1")


async def entries(shelf: Shelf) -> list[AuditEntryRow]:
    rows = await shelf.all_rows(AuditEntryRow)
    return [one for one in rows if one.action is AuditAction.CUSTOMER_REVEALED]


async def test_it_is_shown_and_the_log_says_who_asked_and_nothing_of_the_customer(
    shelf: Shelf,
) -> None:
    await shelf.add_partner()
    event = await shelf.accept(an_event())
    found = await reveal(shelf)
    assert (found.name, found.phone) == ("Asha Kulkarni", "+919876543210")
    assert found.address.line1 == "14 Lakshmi Nivas"
    assert "Asha" not in repr(found)
    [entry] = await entries(shelf)
    assert (entry.actor, entry.object_id, entry.partner_id) == ("usr_1", "ORD-1", "shop")
    assert entry.details == {"event_id": event.event_id, "order_id": "ORD-1"}


async def test_another_partner_s_is_not_found(shelf: Shelf) -> None:
    await shelf.add_partner()
    await shelf.accept(an_event())
    with pytest.raises(NotFound):
        await reveal(shelf, owner="other")
    assert await entries(shelf) == []


async def test_what_was_erased_is_gone(shelf: Shelf) -> None:
    await shelf.add_partner()
    event = await shelf.accept(an_event())
    await shelf.database.write(erase_events, [event.event_id], NOW)
    with pytest.raises(Conflict):
        await reveal(shelf)
    assert await entries(shelf) == []


async def test_nobody_reads_out_a_whole_list(shelf: Shelf) -> None:
    await shelf.add_partner()
    await shelf.accept(an_event())
    for _ in range(REVEALED_CUSTOMERS.most):
        await reveal(shelf)
    with pytest.raises(LimitReached):
        await reveal(shelf)
    assert len(await entries(shelf)) == REVEALED_CUSTOMERS.most
