"""Lists as files: what their pages show, over all pages, in cells that no spreadsheet runs."""

import csv
import io

import pytest

from contracts.access.audit import AuditAction
from contracts.access.users import Role
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason
from contracts.sms.bodies import OptOutCreate
from contracts.spreadsheet import BYTE_ORDER_MARK
from dashboard import csv_files
from store.access.audit import record
from store.deliveries.dead_lettering import record_dead_letter
from store.sms.opt_outs import add_opt_out
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, an_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor


@pytest.fixture
async def shelf(visitor: Visitor, stack: Stack) -> Shelf:
    """The database; `shop` has one endpoint."""
    shelf = Shelf(stack.database)
    await shelf.add_endpoint()
    return shelf


async def fail(shelf: Shelf, order_id: str, event_type: str = "order_confirmed") -> None:
    """A failed update of an order."""
    groups = make_groups(order=make_order(order_id=order_id))
    planned = (await shelf.plan(an_event(event_type, data=groups))).deliveries[0]
    dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    await shelf.database.write(record_dead_letter, dead_letter, NOW)


async def lines(visitor: Visitor, place: str) -> list[list[str]]:
    """The cells of a file."""
    page = await visitor.get(place)
    assert page.status == 200
    assert page.html.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(page.html.removeprefix(BYTE_ORDER_MARK), newline="")))


async def test_failed_updates_with_the_filters_of_the_page(owner: Visitor, shelf: Shelf) -> None:
    await fail(shelf, "ORD-1")
    await fail(shelf, "=ORD-2", "delivered")
    header, *rows = await lines(owner, "/p/shop/dead-letters.csv")
    assert header[:3] == ["Since", "Order", "Update"]
    assert {row[1] for row in rows} == {"ORD-1", "'=ORD-2"}
    assert rows[0][0] == "2026-03-02 15:30:00"
    assert "answered 503 (Service Unavailable)" in rows[0]
    [one] = (await lines(owner, "/p/shop/dead-letters.csv?event_type=delivered"))[1:]
    assert one[1] == "'=ORD-2"
    assert (await lines(owner, "/p/shop/dead-letters.csv?shown=closed"))[1:] == []
    faulty = await owner.get("/p/shop/dead-letters.csv?since=2026-03-28&until=2026-03-20")
    assert faulty.status in (404, 422)


async def test_every_page_of_a_list_is_in_the_file(
    owner: Visitor, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "ROWS_AT_ONCE", 2)
    for number in range(5):
        await fail(shelf, f"ORD-{number}")
    rows = (await lines(owner, "/p/shop/dead-letters.csv"))[1:]
    assert {row[1] for row in rows} == {f"ORD-{number}" for number in range(5)}


async def test_opt_outs_with_masked_phones(owner: Visitor, shelf: Shelf) -> None:
    asked = OptOutCreate(partner_id="shop", phone="+919876543210")
    await shelf.database.write(add_opt_out, asked, NOW, actor="test", owner="shop")
    [row] = (await lines(owner, "/p/shop/texts/opt-outs.csv"))[1:]
    assert row[2] == "2026-03-02 15:30:00"
    assert "9876543210" not in "".join(row)


async def test_the_activity_log_has_a_line_for_each_field(
    visitor: Visitor, shelf: Shelf, stack: Stack
) -> None:
    await stack.database.write(
        record,
        actor="operator",
        action=AuditAction.PARTNER_CHANGED,
        object_id="shop",
        partner_id="shop",
        now=NOW,
        details={"name": ["Chai", "Chai Point"], "sms_enabled": [False, True]},
    )
    owner = await visitor.sign_in_as(Role.OWNER, "shop")
    rows = await lines(owner, "/p/shop/audit.csv")
    changed = [row for row in rows if "Chai Point" in row or "Chai" in row]
    assert [row[-2:] for row in changed] == [["Chai", "Chai Point"]]
    assert (await owner.get("/ops/audit.csv")).status == 404


async def test_another_partners_lists_are_not_there(owner: Visitor, shelf: Shelf) -> None:
    await shelf.add_partner("rival")
    for place in ("dead-letters.csv", "texts/opt-outs.csv", "audit.csv"):
        assert (await owner.get(f"/p/rival/{place}")).status == 404
