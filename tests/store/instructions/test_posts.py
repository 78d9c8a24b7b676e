"""Posting instructions: in order, once taken never again, until they are of no use any more."""

import json
from datetime import datetime

import pytest

from contracts.delivery.verdicts import Answer
from contracts.errors import Conflict
from contracts.instructions.posts import POST_DELAYS_S, PostResult, PostState
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy
from store.instructions import posts
from store.instructions.attempts import LASTS
from store.instructions.posts import INTERRUPTED, NO_WEBHOOK, ReadyPost, retry_post, settle_post
from store.instructions.waiting_posts import STILL_AFTER, mark_asked, orders_to_post
from store.tables import InstructionAttemptRow, InstructionRow
from tests.support.instructions import (
    NEW_ADDRESS,
    NEW_PHONE,
    TASK,
    Counter,
    a_failed_delivery,
    failed_order,
    what_follows,
)
from tests.support.shelf import NOW, Shelf, after

TAKEN, DOWN, GONE = Answer("http_204", 204), Answer("http_503", 503), Answer("http_410", 410)


@pytest.fixture
async def counter(shelf: Shelf) -> Counter:
    """An order whose delivery failed, and where it is answered."""
    return await failed_order(shelf)


async def settle(
    counter: Counter, ready: ReadyPost, answer: Answer, now: datetime = NOW
) -> PostResult:
    """The OMS answered."""
    return await counter.shelf.database.write(settle_post, ready.attempt_id, answer, now)


async def attempts(shelf: Shelf) -> list[tuple[int, str | None]]:
    """Every attempt: its number and its code."""
    rows = await shelf.all_rows(InstructionAttemptRow)
    return sorted((row.number, row.code) for row in rows)


class TestWhatIsPosted:
    async def test_the_body(self, counter: Counter) -> None:
        first = await counter.give("hold", by=GivenBy.CUSTOMER)
        given = await counter.give(
            "change_address",
            by=GivenBy.MERCHANT,
            address=NEW_ADDRESS,
            phone=NEW_PHONE,
            date="2026-03-04",
            slot="morning",
            comment="ask for Asha",
        )
        ready = await counter.ready_post()
        nobody = dict.fromkeys(("line1", "line2", "landmark", "city", "state", "pincode"))
        assert json.loads(ready.body) == {
            "type": "instruction.given",
            "timestamp": "2026-03-02T10:00:00Z",
            "instruction_id": given.id,
            "number": given.number,
            "partner_id": "shop",
            "order_id": "ORD-1",
            "event_id": given.event_id,
            "attempt_number": 1,
            "action": "change_address",
            "date": "2026-03-04",
            "slot": "morning",
            "address": {**nobody, **NEW_ADDRESS},
            "phone": NEW_PHONE,
            "comment": "ask for Asha",
            "given_by": "merchant",
            "supersedes": first.id,
            "expires_at": "2026-03-16T10:00:00Z",
        }
        assert NEW_PHONE not in repr(ready)

    async def test_it_ends_when_it_is_taken(self, counter: Counter, shelf: Shelf) -> None:
        given = await counter.give()
        result = await settle(counter, await counter.ready_post(), TAKEN)
        assert result == PostResult(None, None, given.id, PostState.POSTED, "http_204")
        assert await counter.begin_post() == PostResult()
        row = await counter.row(given)
        assert (row.post_state, row.posted_at, row.state) == (
            PostState.POSTED,
            NOW,
            InstructionState.OPEN,
        )
        assert await attempts(shelf) == [(1, "http_204")]

    async def test_without_a_webhook_it_is_in_the_feed_and_says_so(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        given = await counter.give()
        assert await counter.begin_post(has_webhook=False) == PostResult()
        row = await counter.row(given)
        assert (row.post_state, row.post_code) == (PostState.SKIPPED, NO_WEBHOOK)
        await shelf.database.write(retry_post, given.id, NOW, actor="key_1")
        assert isinstance(await counter.begin_post(), ReadyPost), "once there is one"

    async def test_a_superseded_one_never_leaves_after_the_newer(self, counter: Counter) -> None:
        old = await counter.give("reattempt")
        waits = await settle(counter, await counter.ready_post(), DOWN)
        assert waits.wait_s is not None
        new = await counter.give("hold")
        ready = await counter.ready_post()
        assert ready.instruction_id == new.id, "at once: the wait was the older one's"
        assert (await counter.row(old)).post_state is PostState.SKIPPED

    async def test_one_that_is_closed_meanwhile_does_not_leave(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        given = await counter.give()
        await shelf.accept(what_follows("out_for_delivery", 60))
        assert await counter.begin_post(after(60)) == PostResult()
        row = await counter.row(given)
        assert (row.state, row.post_state) == (InstructionState.CLOSED, PostState.SKIPPED)


class TestTheSchedule:
    async def test_it_is_tried_until_it_ends(self, counter: Counter, shelf: Shelf) -> None:
        given, now, waits = await counter.give(), NOW, []
        while True:
            result = await settle(counter, await counter.ready_post(now), DOWN, now)
            if result.wait_s is None:
                break
            waits.append(result.wait_s)
            early = await counter.begin_post(now)
            assert isinstance(early, PostResult)
            assert early.wait_s == pytest.approx(result.wait_s), "no earlier than it is due"
            now += (await counter.row(given)).post_due_at - now  # type: ignore[operator]
        for delay, wait in zip(POST_DELAYS_S, waits, strict=False):
            assert delay <= wait <= delay * 1.1
        assert sum(waits) == pytest.approx((LASTS.total_seconds()) - 60)
        row = await counter.row(given)
        assert (row.post_state, row.post_code, row.state) == (
            PostState.DEAD_LETTERED,
            "http_503",
            InstructionState.OPEN,
        )
        assert row.post_attempts == len(waits) + 1 == await shelf.count(InstructionAttemptRow)

    async def test_an_oms_that_asks_to_wait_is_heard(self, counter: Counter) -> None:
        await counter.give()
        asked = Answer("http_503", 503, retry_after="900")
        result = await settle(counter, await counter.ready_post(), asked)
        assert result.wait_s is not None
        assert 900 <= result.wait_s <= 990

    async def test_a_410_is_a_dead_letter_that_ops_sends_again(
        self, counter: Counter, shelf: Shelf, caplog: pytest.LogCaptureFixture
    ) -> None:
        given = await counter.give(comment="words of somebody")
        result = await settle(counter, await counter.ready_post(), GONE)
        assert (result.wait_s, result.state) == (None, PostState.DEAD_LETTERED)
        [error] = [one for one in caplog.records if one.levelname == "ERROR"]
        assert given.id in error.getMessage()
        assert "somebody" not in caplog.text
        await shelf.database.write(retry_post, given.id, NOW, actor="key_1")
        await settle(counter, await counter.ready_post(), TAKEN)
        assert await attempts(shelf) == [(1, "http_410"), (2, "http_204")]

    async def test_what_is_over_is_a_dead_letter_that_nobody_needs(self, shelf: Shelf) -> None:
        counter = await failed_order(shelf, next_attempt_at=after(600).isoformat())
        given = await counter.give()
        assert await counter.begin_post(after(600)) == PostResult()
        row = await counter.row(given)
        assert (row.state, row.post_state) == (InstructionState.EXPIRED, PostState.DEAD_LETTERED)
        with pytest.raises(Conflict):
            await shelf.database.write(retry_post, given.id, after(600), actor="key_1")

    async def test_a_worker_that_died_costs_nothing(self, counter: Counter, shelf: Shelf) -> None:
        given = await counter.give()
        lost = await counter.ready_post()
        again = await counter.ready_post(after(12))
        assert (again.number, again.instruction_id) == (2, given.id)
        assert await attempts(shelf) == [(1, INTERRUPTED), (2, None)]
        assert (await counter.row(given)).post_failures == 0
        late = await settle(counter, lost, TAKEN, after(13))
        assert late.state is PostState.POSTED, "taken is taken, however late"
        assert (await settle(counter, again, DOWN, after(14))).state is PostState.POSTED

    async def test_a_mistake_of_ours_counts_as_one_that_told_nobody(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        given = await counter.give()
        result = await shelf.database.write(posts.note_mistake, TASK, NOW)
        assert result.wait_s is not None
        assert result.wait_s >= POST_DELAYS_S[0]
        assert (await counter.row(given)).post_failures == 1


class TestWhatTemporalIsAskedFor:
    async def test_each_order_once_until_it_takes_too_long(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        await shelf.accept(a_failed_delivery("ORD-2"))
        first = await counter.give()
        second = await counter.give(order_id="ORD-2")
        read, write = shelf.database.read, shelf.database.write
        asked = await read(orders_to_post, NOW)
        assert [(one.order_id, one.is_new) for one in asked] == [("ORD-1", True), ("ORD-2", True)]
        await write(mark_asked, [first.id, second.id], NOW)
        assert await read(orders_to_post, NOW) == []
        again = await read(orders_to_post, NOW + STILL_AFTER + (after(1) - NOW))
        assert [(one.order_id, one.is_new) for one in again] == [
            ("ORD-1", False),
            ("ORD-2", False),
        ]
        third = await counter.give("hold")
        [new] = await read(orders_to_post, NOW)
        assert (new.ids, new.is_new) == ([third.id], True)

    async def test_a_retry_asks_again(self, counter: Counter, shelf: Shelf) -> None:
        given = await counter.give()
        await shelf.database.write(mark_asked, [given.id], NOW)
        await settle(counter, await counter.ready_post(), GONE)
        await shelf.database.write(retry_post, given.id, NOW, actor="key_1")
        assert (await shelf.one(InstructionRow, given.id)).asked_at is None
        assert len(await shelf.database.read(orders_to_post, NOW)) == 1
