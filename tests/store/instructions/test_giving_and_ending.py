"""Instructions: the latest wins until the OMS has decided; what happens to the order ends it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, Invalid, NotFound
from contracts.instructions.choices import NoChoice
from contracts.instructions.posts import PostState
from contracts.instructions.request import InstructionRequest
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction, Slot
from contracts.partners import PartnerChange
from store.db.database import Database
from store.encryption.sealing import VAULT
from store.instructions import search
from store.instructions.attempts import LASTS
from store.instructions.choices import choices_for
from store.instructions.endings import end_what_is_over
from store.instructions.giving import give_instruction
from store.instructions.search import InstructionFilter
from store.partners.partners import change_partner
from store.tables import AuditEntryRow, InstructionRow
from tests.support.instructions import (
    LANDMARK,
    NEW_ADDRESS,
    NEW_PHONE,
    Counter,
    a_failed_delivery,
    failed_order,
    what_follows,
)
from tests.support.shelf import NOW, Shelf, after
from tests.support.waiting import eventually

OPEN, ACCEPTED, REJECTED = (
    InstructionState.OPEN,
    InstructionState.ACCEPTED,
    InstructionState.REJECTED,
)
SUPERSEDED, CLOSED, EXPIRED = (
    InstructionState.SUPERSEDED,
    InstructionState.CLOSED,
    InstructionState.EXPIRED,
)
CUSTOMER = GivenBy.CUSTOMER


@pytest.fixture
async def counter(shelf: Shelf) -> Counter:
    """An order whose delivery failed, and where it is answered."""
    return await failed_order(shelf)


async def states(shelf: Shelf) -> list[InstructionState]:
    """Every instruction's, in the order they were given."""
    rows = sorted(await shelf.all_rows(InstructionRow), key=lambda row: row.id)
    return [row.state for row in rows]


class TestGiving:
    async def test_it_is_open_and_in_the_feed(self, counter: Counter) -> None:
        given = await counter.give(
            "reschedule", date="2026-03-03", slot="evening", comment="ring twice", phone=NEW_PHONE
        )
        row = await counter.row(given)
        assert (row.state, row.post_state, row.attempt_number) == (OPEN, PostState.WAITING, 1)
        assert (row.expires_at, row.opened_at) == (NOW + LASTS, NOW)
        assert row.number is not None
        assert NEW_PHONE not in row.content
        assert "ring" not in row.content
        detail = await counter.shelf.database.read(search.get_instruction, row.id, NOW)
        assert (detail.content.phone, detail.content.comment) == (NEW_PHONE, "ring twice")

    async def test_the_latest_wins(self, counter: Counter, shelf: Shelf) -> None:
        first = await counter.give("reattempt")
        second = await counter.give("hold", by=GivenBy.OPS)
        third = await counter.give("return", by=CUSTOMER)
        assert await states(shelf) == [SUPERSEDED, SUPERSEDED, OPEN]
        assert (second.supersedes, third.supersedes) == (first.id, second.id)
        assert (await counter.row(first)).post_state is PostState.SKIPPED

    async def test_the_same_again_is_the_same(self, counter: Counter, shelf: Shelf) -> None:
        asked: dict[str, Any] = {"date": "2026-03-04", "comment": "after six"}
        first = await counter.give("reschedule", **asked)
        assert (await counter.give("reschedule", **asked)).id == first.id
        assert (await counter.give("reschedule", date="2026-03-04")).id != first.id
        assert await shelf.count(InstructionRow) == 2

    @pytest.mark.parametrize(
        ("action", "fields"),
        [
            ("change_address", {"address": NEW_ADDRESS}),
            ("change_address", {"address": LANDMARK}),
            ("change_address", {"phone": NEW_PHONE}),
            ("reattempt", {"phone": NEW_PHONE}),
        ],
    )
    async def test_a_customer_s_change_of_place_or_phone_waits_for_its_code(
        self, counter: Counter, action: str, fields: dict[str, Any]
    ) -> None:
        before = await counter.give("hold", by=CUSTOMER)
        asked = await counter.give(action, by=CUSTOMER, **fields)
        assert (asked.state, asked.number, asked.post_state) == (
            InstructionState.WAITING_FOR_CODE,
            None,
            None,
        )
        assert (await counter.row(before)).state is OPEN, "until the code is there"
        for_ops = await counter.give(action, by=GivenBy.OPS, **fields)
        assert for_ops.state is OPEN
        assert (await counter.row(asked)).state is SUPERSEDED

    async def test_two_at_once_leave_one_open(self, counter: Counter, shelf: Shelf) -> None:
        actions = ("reattempt", "hold", "return", "reattempt", "hold")
        given = await asyncio.gather(*(counter.give(one) for one in actions))
        rows = await shelf.all_rows(InstructionRow)
        assert [row.state for row in rows].count(OPEN) == 1
        assert len({row.number for row in rows}) == len(rows) == len({one.id for one in given})

    async def test_a_decision_and_a_new_one_at_once(self, counter: Counter, shelf: Shelf) -> None:
        for _ in range(5):
            first = await counter.give("reattempt")
            decided, given = await asyncio.gather(
                counter.decide(first.id, "rejected"), counter.give("hold"), return_exceptions=True
            )
            assert not isinstance(given, BaseException)
            row = await counter.row(first)
            assert row.state is (SUPERSEDED if isinstance(decided, Conflict) else REJECTED)
            await counter.decide(given.id, "rejected")

    async def test_an_accepted_one_stands_and_after_a_rejected_one_another_may_come(
        self, counter: Counter
    ) -> None:
        first = await counter.give("reattempt")
        await counter.decide(first.id, "rejected", reason="that road is closed")
        second = await counter.give("hold")
        await counter.decide(second.id)
        with pytest.raises(Conflict):
            await counter.give("return")
        assert (await counter.row(second)).state is ACCEPTED

    @pytest.mark.parametrize(
        ("action", "fields", "field"),
        [
            ("change_address", {"phone": NEW_PHONE}, "action"),
            ("reschedule", {"date": "2026-03-01"}, "date"),
            ("reschedule", {"date": "2026-03-17"}, "date"),
            ("reschedule", {"date": "2026-03-08"}, "date"),
            ("reschedule", {"date": "2026-03-02", "slot": "afternoon"}, "slot"),
        ],
    )
    async def test_what_is_not_open_is_refused(
        self, shelf: Shelf, action: str, fields: dict[str, Any], field: str
    ) -> None:
        counter = await failed_order(
            shelf, reason_code="payment_not_ready", reason_category="payment"
        )
        await shelf.database.write(
            change_partner, "shop", PartnerChange(no_sundays=True), NOW, actor="test"
        )
        with pytest.raises(Invalid) as caught:
            await counter.give(action, **fields)
        assert caught.value.field == field

    async def test_only_of_one_s_own_order(self, counter: Counter, shelf: Shelf) -> None:
        await shelf.add_partner("rival")
        for partner_id, order_id in (("rival", "ORD-1"), ("shop", "ORD-2"), ("nobody", "ORD-1")):
            with pytest.raises(NotFound):
                await counter.give(partner_id=partner_id, order_id=order_id)

    async def test_each_step_is_audited(self, counter: Counter, shelf: Shelf) -> None:
        first = await counter.give("reattempt", comment="my neighbour is 9845012345")
        second = await counter.give("hold")
        await counter.decide(second.id, reason="it is here")
        entries = sorted(await shelf.all_rows(AuditEntryRow), key=lambda one: one.id)
        of_these = [(one.action, one.object_id) for one in entries if one.object_kind != "partner"]
        assert of_these == [
            (AuditAction.INSTRUCTION_GIVEN, first.id),
            (AuditAction.INSTRUCTION_ENDED, first.id),
            (AuditAction.INSTRUCTION_GIVEN, second.id),
            (AuditAction.INSTRUCTION_ACCEPTED, second.id),
        ]
        assert "9845012345" not in str([one.details for one in entries])


class TestWhatIsOpen:
    async def test_a_failed_delivery_waits_for_an_answer(self, counter: Counter) -> None:
        choices = await counter.shelf.database.read(choices_for, "shop", "ORD-1", NOW)
        assert choices is not None
        assert choices.refused is None
        assert choices.actions == tuple(InstructionAction)
        assert choices.days[0].slots == (Slot.EVENING,), "it is half past three in India"
        assert choices.until == NOW + LASTS

    async def test_nothing_where_nothing_failed(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        assert await shelf.database.read(choices_for, "shop", "ORD-1", NOW) is None

    async def test_it_is_about_the_last_failure(self, counter: Counter, shelf: Shelf) -> None:
        first = await counter.give("reattempt")
        again = a_failed_delivery(at=after(60), attempt_number=2)
        await shelf.accept(again)
        with pytest.raises(Conflict):
            await counter.decide(first.id, now=after(61))
        second = await counter.give("hold", now=after(61))
        assert (second.event_id, second.attempt_number) == (again.event_id, 2)
        assert second.supersedes is None

    @pytest.mark.parametrize("allowed", [[], ["return"]])
    async def test_the_partner_allows_less(
        self, counter: Counter, allowed: list[InstructionAction]
    ) -> None:
        change = PartnerChange(instruction_actions=allowed)
        database = counter.shelf.database
        await database.write(change_partner, "shop", change, NOW, actor="test")
        choices = await database.read(choices_for, "shop", "ORD-1", NOW)
        assert choices is not None
        assert list(choices.actions) == allowed
        assert choices.refused is (None if allowed else NoChoice.NOTHING_ALLOWED)
        with pytest.raises(Invalid if allowed else Conflict):
            await counter.give("hold")

    async def test_nothing_after_a_loss(self, shelf: Shelf) -> None:
        counter = await failed_order(shelf, reason_code="shipment_lost", reason_category="carrier")
        with pytest.raises(Conflict):
            await counter.give("return")

    async def test_until_the_next_attempt_s_time(self, shelf: Shelf) -> None:
        counter = await failed_order(shelf, next_attempt_at=after(3600).isoformat())
        given = await counter.give("hold", now=after(3599))
        assert given.expires_at == after(3600)
        with pytest.raises(Conflict):
            await counter.give("return", now=after(3600))
        with pytest.raises(Conflict):
            await counter.decide(given.id, now=after(3600))


class TestHowItEnds:
    @pytest.mark.parametrize(
        "kind", ["out_for_delivery", "delivered", "return_initiated", "delivery_failed"]
    )
    async def test_the_order_goes_on(self, counter: Counter, shelf: Shelf, kind: str) -> None:
        given = await counter.give("hold")
        await shelf.accept(what_follows(kind, 60))
        shown = await shelf.database.read(search.get_instruction, given.id, after(60))
        assert (shown.state, shown.closed_by) == (CLOSED, kind), "at once, for whoever reads"
        with pytest.raises(Conflict):
            await counter.decide(given.id, now=after(60))
        if kind != "delivery_failed":
            with pytest.raises(Conflict):
                await counter.give("return", now=after(60))
        assert await shelf.database.write(end_what_is_over, after(60), limit=10) == 1
        row = await counter.row(given)
        assert (row.state, row.closed_by, row.post_state) == (CLOSED, kind, PostState.SKIPPED)
        assert await shelf.database.write(end_what_is_over, after(60), limit=10) == 0

    @pytest.mark.parametrize("kind", ["order_confirmed", "out_for_delivery"])
    async def test_what_happened_before_or_says_nothing_changes_nothing(
        self, counter: Counter, shelf: Shelf, kind: str
    ) -> None:
        given = await counter.give("hold")
        await shelf.accept(what_follows(kind, 60 if kind == "order_confirmed" else -60))
        await shelf.accept(what_follows("delivered", 60, order_id="ORD-2"))
        assert await shelf.database.write(end_what_is_over, after(60), limit=10) == 0
        assert (await counter.decide(given.id)).state is ACCEPTED

    async def test_a_decided_one_stays_decided(self, counter: Counter, shelf: Shelf) -> None:
        given = await counter.give("reattempt")
        await counter.decide(given.id, next_attempt_at=after(60).isoformat())
        await shelf.accept(what_follows("delivered", 60))
        assert await shelf.database.write(end_what_is_over, NOW + LASTS, limit=10) == 0
        shown = await shelf.database.read(search.get_instruction, given.id, NOW + LASTS)
        assert shown.state is ACCEPTED

    async def test_its_time_passes(self, counter: Counter, shelf: Shelf) -> None:
        given = await counter.give("hold")
        late = NOW + LASTS
        assert (await shelf.database.read(search.get_instruction, given.id, late)).state is EXPIRED
        assert await shelf.database.write(end_what_is_over, late, limit=10) == 1
        assert (await counter.row(given)).state is EXPIRED


class TestTheDecision:
    async def test_the_same_again_changes_nothing(self, counter: Counter) -> None:
        given = await counter.give("reattempt")
        said: dict[str, Any] = {
            "reason": "tomorrow",
            "next_attempt_at": after(86_400).isoformat(),
        }
        first = await counter.decide(given.id, **said)
        again = await counter.decide(given.id, now=after(60), **said)
        assert (again.state, again.ended_at) == (first.state, first.ended_at) == (ACCEPTED, NOW)
        assert again.next_attempt_at == after(86_400)

    @pytest.mark.parametrize(
        "said", [{"decision": "rejected"}, {"reason": "never"}, {"next_attempt_at": after(5)}]
    )
    async def test_another_one_is_refused(self, counter: Counter, said: dict[str, Any]) -> None:
        given = await counter.give("reattempt")
        await counter.decide(given.id, reason="tomorrow")
        with pytest.raises(Conflict):
            await counter.decide(given.id, **{"reason": "tomorrow", **said})

    async def test_none_on_a_superseded_one_or_one_without_its_code(self, counter: Counter) -> None:
        first = await counter.give("reattempt")
        await counter.give("hold")
        waiting = await counter.give("change_address", by=CUSTOMER, phone=NEW_PHONE)
        for one in (first, waiting):
            with pytest.raises(Conflict):
                await counter.decide(one.id)
        with pytest.raises(NotFound):
            await counter.decide("ins_none")

    async def test_two_at_once_are_one(self, counter: Counter) -> None:
        given = await counter.give("reattempt")
        both = await asyncio.gather(
            counter.decide(given.id, "accepted"),
            counter.decide(given.id, "rejected"),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Conflict) for one in both) == 1


class TestTheFeed:
    async def feed(self, shelf: Shelf, after: int | None = None, **wanted: Any) -> list[str]:
        details = await shelf.database.read(
            search.list_feed, InstructionFilter(**wanted), NOW, after=after, limit=10
        )
        return [one.row.id for one in details]

    async def test_it_is_in_the_order_of_opening_and_goes_on_behind_a_number(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        given = [await counter.give(one) for one in ("reattempt", "hold", "return")]
        ids = [one.id for one in given]
        assert await self.feed(shelf) == ids
        assert await self.feed(shelf, given[0].number) == ids[1:]
        assert await self.feed(shelf, state=OPEN) == ids[2:]
        assert await self.feed(shelf, partner_id="rival") == []
        assert await self.feed(shelf, since=NOW + timedelta(seconds=1)) == []
        await counter.give("change_address", by=CUSTOMER, phone=NEW_PHONE)
        assert await self.feed(shelf) == ids, "not before its code"

    async def test_a_reader_misses_none_that_commits_late(
        self, database: Database, shelf: Shelf
    ) -> None:
        """Whoever takes the next number waits until the one before it can be seen."""
        await shelf.add_partner()
        for order_id in ("ORD-1", "ORD-2"):
            await shelf.accept(a_failed_delivery(order_id))
        with Session(database.engine, expire_on_commit=False) as slow:
            slow.info[VAULT] = database.vault
            first = give_instruction(
                slow,
                partner_id="shop",
                order_id="ORD-1",
                given_by=CUSTOMER,
                actor="customer",
                request=InstructionRequest(action=InstructionAction.HOLD),
                now=NOW,
            )
            slow.flush()
            giving = asyncio.create_task(Counter(shelf).give("hold", order_id="ORD-2"))
            await eventually(lambda: database.read(_waits_for_a_number), bool)
            assert await self.feed(shelf) == [], "it must not pass the one before it"
            slow.commit()
        second = await giving
        assert await self.feed(shelf) == [first.id, second.id]


def _waits_for_a_number(session: Session) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return bool(session.execute(text(waiting)).scalar_one())
