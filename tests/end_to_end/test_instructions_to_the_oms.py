"""Instructions on their way to the OMS: signed, in order, each once, whatever is down meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from standardwebhooks import Webhook

from contracts.clock import utc_now
from contracts.instructions.posts import OmsWebhook, PostState
from contracts.instructions.words import GivenBy
from contracts.payload.signature import new_secret
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from store.tables import InstructionAttemptRow, InstructionRow
from tests.support.instructions import (
    NEW_PHONE,
    Counter,
    a_failed_delivery,
    ended,
    handle_of,
)
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

SECRET = new_secret()


@pytest.fixture
async def oms() -> AsyncIterator[Merchant]:
    """An OMS that takes what it is told."""
    async with Merchant(secret=SECRET, name="the OMS") as oms:
        yield oms


async def failed(stack: Stack, *order_ids: str) -> Counter:
    """Orders of `shop` whose deliveries have failed just now."""
    shelf = Shelf(stack.database)
    await shelf.add_partner()
    for order_id in order_ids:
        now = utc_now()
        event = a_failed_delivery(order_id, now)
        await shelf.accept(event, now=now)
        await shelf.take_out(event.event_id)
    return Counter(shelf)


def webhook_of(oms: Merchant) -> OmsWebhook:
    """Where the OMS listens."""
    return OmsWebhook(oms.url, SECRET)


def taken(oms: Merchant) -> list[str]:
    """The ids of the instructions that the OMS has taken, in their order."""
    return [one.webhook_id for one in oms.received if one.accepted]


async def test_it_arrives_signed_and_can_be_decided(stack: Stack, oms: Merchant) -> None:
    counter = await failed(stack, "ORD-1")
    given = await counter.give("reattempt", now=utc_now(), phone=NEW_PHONE, comment="ring twice")
    async with stack.worker(oms=webhook_of(oms)):
        [received] = await oms.wait_for(1)
        await ended(stack)
    said = Webhook(SECRET).verify(received.body, received.headers)
    assert received.webhook_id == said["instruction_id"] == given.id
    assert (said["type"], said["phone"], said["comment"]) == (
        "instruction.given",
        NEW_PHONE,
        "ring twice",
    )
    decided = await stack.api.post(
        f"/v1/instructions/{given.id}/decision", json={"decision": "accepted"}
    )
    assert decided.status_code == 200
    history = json.dumps((await handle_of(stack).fetch_history()).to_json_dict())
    for secret in (NEW_PHONE, "9845012345", "ring twice"):
        assert secret not in history
    described = await handle_of(stack).describe()
    attributes = {
        pair.key.name: pair.value for pair in described.typed_search_attributes.search_attributes
    }
    assert (attributes["PartnerId"], attributes["OrderId"]) == ("shop", "ORD-1")


async def test_an_oms_that_is_down_for_an_hour_gets_each_once_in_order(
    stack: Stack, oms: Merchant
) -> None:
    """Five attempts of each fail, and so 100 minutes pass: 30 s, 2, 8, 30 min, an hour."""
    oms.behave([Answer(503)] * 15 + [Answer(200)])
    orders = ["ORD-1", "ORD-2", "ORD-3"]
    counter = await failed(stack, *orders)
    for order_id in orders:
        await counter.give("reattempt", order_id=order_id, now=utc_now())
    async with stack.worker(oms=webhook_of(oms)):
        for order_id in orders:
            await ended(stack, order_id)
        later = [await counter.give("hold", order_id=one, now=utc_now()) for one in orders]
        await oms.wait_until(lambda: len(taken(oms)) == 6)
        for order_id in orders:
            await ended(stack, order_id)
    rows = await counter.shelf.all_rows(InstructionRow)
    assert {row.post_state for row in rows} == {PostState.POSTED}
    assert len(taken(oms)) == len(set(taken(oms))) == len(rows)
    for order_id, newer in zip(orders, later, strict=True):
        of_order = [row.id for row in sorted(rows, key=_number) if row.order_id == order_id]
        assert [one for one in taken(oms) if one in of_order] == of_order
        assert of_order[-1] == newer.id
    assert {one.verified for one in oms.received} == {True}


async def test_a_newer_one_ends_the_wait_of_the_older_which_never_leaves(
    patient_stack: Stack, oms: Merchant
) -> None:
    stack = patient_stack
    oms.behave([Answer(503), Answer(200)])
    counter = await failed(stack, "ORD-1")
    old = await counter.give("reattempt", now=utc_now())
    async with stack.worker(oms=webhook_of(oms)):
        await oms.wait_for(1)
        new = await counter.give("hold", now=utc_now())
        await oms.wait_for(2)
        await ended(stack)
    assert [one.webhook_id for one in oms.received] == [old.id, new.id]
    assert (await counter.row(old)).post_state is PostState.SKIPPED
    said = json.loads(oms.received[1].body)
    assert said["supersedes"] == old.id


async def test_a_worker_that_goes_with_a_post_on_the_wire_leaves_it_to_the_next(
    patient_stack: Stack, oms: Merchant
) -> None:
    stack = patient_stack
    oms.behave([Hang(), Answer(200)])
    counter = await failed(stack, "ORD-1")
    given = await counter.give("reattempt", now=utc_now())
    async with stack.worker(oms=webhook_of(oms)):
        await oms.wait_for(1)
    async with stack.worker(oms=webhook_of(oms)):
        await oms.wait_for(2, timeout=60)
        await ended(stack)
    assert {one.webhook_id for one in oms.received} == {given.id}
    row = await counter.row(given)
    assert (row.post_state, row.post_failures) == (PostState.POSTED, 0)
    attempts = await counter.shelf.all_rows(InstructionAttemptRow)
    assert {one.code for one in attempts} == {"interrupted", "http_200"}


async def test_a_dead_letter_is_posted_when_ops_asks_for_it(stack: Stack, oms: Merchant) -> None:
    oms.behave([Answer(410), Answer(200)])
    counter = await failed(stack, "ORD-1")
    given = await counter.give("reattempt", by=GivenBy.OPS, now=utc_now())
    async with stack.worker(oms=webhook_of(oms)):
        await oms.wait_for(1)
        await ended(stack)
        assert (await counter.row(given)).post_state is PostState.DEAD_LETTERED
        answer = await stack.api.post(f"/v1/instructions/{given.id}/retry")
        assert answer.status_code == 202
        await oms.wait_for(2)
        await eventually(lambda: counter.row(given), lambda row: row.post_state is PostState.POSTED)
        await ended(stack)


async def test_many_of_many_orders_at_once(stack: Stack, oms: Merchant) -> None:
    orders = [f"ORD-{number}" for number in range(20)]
    counter = await failed(stack, *orders)
    async with stack.worker(oms=webhook_of(oms)):
        await asyncio.gather(
            *(counter.give("reattempt", order_id=one, now=utc_now()) for one in orders)
        )
        await oms.wait_until(lambda: len(taken(oms)) == len(orders), timeout=30)
        for order_id in orders:
            await ended(stack, order_id)
    rows = await counter.shelf.all_rows(InstructionRow)
    assert sorted(taken(oms)) == sorted(row.id for row in rows)
    assert {row.post_state for row in rows} == {PostState.POSTED}


def _number(row: InstructionRow) -> int:
    assert row.number is not None
    return row.number
