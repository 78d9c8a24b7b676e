"""OTPs end: with their time, when they were used, when a new one takes their place."""

import json
from datetime import datetime
from functools import partial

import pytest
from sqlmodel import Session

from contracts.delivery.messages import SendResult
from contracts.delivery.states import Channel, DeliveryState, SkipReason
from store.db.database import Database
from store.events import acceptance
from store.events.bodies import body_of
from store.events.otp_erasure import erase_ended_otps
from store.tables import EventRow
from tests.support.factories import make_groups
from tests.support.query_plans import statements_of
from tests.support.shelf import NOW, Shelf, Text, after, an_event, of_its_own_order, planned_of

CODE = "483920"
ENDS = 1800.0
"""Seconds after NOW, as `an_event` has it."""


async def erase(database: Database, now: datetime) -> int:
    """One batch."""
    return (await database.write(erase_ended_otps, now, limit=10)).erased


async def code_of(shelf: Shelf, event_id: str) -> str | None:
    """The code in the stored event."""
    row = await shelf.one(EventRow, event_id)
    event = await shelf.database.read(body_of, row)
    assert event.data.otp is not None
    return event.data.otp.code


async def out_for_delivery(shelf: Shelf) -> str:
    """A planned event with an OTP."""
    await shelf.add_partner(sms_enabled=True)
    await shelf.add_endpoint()
    event = an_event("out_for_delivery")
    await shelf.plan(event)
    return event.event_id


class TestAnUnreadableEvent:
    async def test_it_stops_no_other_one(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        broken, *others = [of_its_own_order(an_event("out_for_delivery")) for _ in range(4)]
        for event in (broken, *others):
            await shelf.plan(event)
        stored = (await shelf.one(EventRow, broken.event_id)).body
        await shelf.change(EventRow, broken.event_id, body=stored[:-8] + "AAAAAAA=")
        first = await database.write(erase_ended_otps, after(ENDS), limit=2)
        assert first.goes_on_after is not None
        second = await database.write(
            erase_ended_otps, after(ENDS), limit=9, after=first.goes_on_after
        )
        assert first.erased + second.erased == 3
        assert [*first.unreadable, *second.unreadable] == [broken.event_id]
        assert second.goes_on_after is None
        for event in others:
            assert await code_of(shelf, event.event_id) is None


class TestManyAtOnce:
    async def test_they_cost_the_database_no_more_statements_than_one(
        self, shelf: Shelf, database: Database
    ) -> None:
        """Those of a minute end in the same second, beside the deliveries."""
        await shelf.add_partner(sms_enabled=True)
        await shelf.add_endpoint()

        def asked(session: Session) -> int:
            run = partial(erase_ended_otps, now=after(ENDS), limit=10)
            return len(statements_of(session, run))

        counts = []
        for events in (1, 5):
            for _ in range(events):
                await shelf.plan(of_its_own_order(an_event("out_for_delivery")))
            counts.append(await database.write(asked))
        assert counts[0] == counts[1]
        assert await erase(database, after(ENDS)) == 0


class TestItsTime:
    async def test_it_is_kept_until_it_ends(self, shelf: Shelf, database: Database) -> None:
        event_id = await out_for_delivery(shelf)
        assert await erase(database, after(ENDS - 1)) == 0
        assert await code_of(shelf, event_id) == CODE
        assert await erase(database, after(ENDS)) == 1
        assert await code_of(shelf, event_id) is None
        assert await erase(database, after(ENDS)) == 0

    async def test_only_the_code_goes_from_event_and_payload(
        self, shelf: Shelf, database: Database
    ) -> None:
        event_id = await out_for_delivery(shelf)
        before = await shelf.payload_bytes(event_id)
        await erase(database, after(ENDS))
        now = await shelf.payload_bytes(event_id)
        assert now == before.replace(b'"code":"483920"', b'"code":null') != before
        row = await shelf.one(EventRow, event_id)
        assert (row.otp_until, row.otp_erased_at) == (None, after(ENDS))
        assert json.loads(now)["data"]["order"]["customer"]["name"] == "Asha Kulkarni"

    async def test_a_text_that_carried_it_loses_its_words(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb")
        event = an_event("out_for_delivery")
        [planned] = (await shelf.plan(event)).deliveries
        text = Text(shelf, event, planned.delivery_id)
        await text.settle(await text.ready())
        await erase(database, after(ENDS))
        [sms] = await text.messages()
        assert sms.body == ""
        assert sms.to_phone != ""

    async def test_the_same_event_again_is_still_a_repeat(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept(an_event("out_for_delivery"))
        await erase(database, after(ENDS))
        assert (await database.write(acceptance.accept, event, NOW)).duplicate

    async def test_an_event_without_an_otp_is_left_alone(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.accept(an_event(data=make_groups(otp=None)))
        assert await erase(database, after(10 * ENDS)) == 0


class TestWhatEndsIt:
    @pytest.mark.parametrize(
        ("event_type", "ends"),
        [
            ("delivered", True),
            ("out_for_delivery", True),
            ("delivery_failed", False),
            ("return_initiated", False),
        ],
    )
    async def test_what_happens_next_to_the_order(
        self, shelf: Shelf, database: Database, event_type: str, ends: bool
    ) -> None:
        event_id = await out_for_delivery(shelf)
        later = an_event(event_type).model_copy(update={"occurred_at": after(5)})
        await shelf.accept(later, now=after(5))
        await erase(database, after(6))
        assert (await code_of(shelf, event_id) is None) is ends
        if event_type == "out_for_delivery":
            assert await code_of(shelf, later.event_id) == CODE

    @pytest.mark.parametrize("update", [{"occurred_at": after(-5)}, {"partner_id": "other"}])
    async def test_not_what_happened_before_or_to_another_order(
        self, shelf: Shelf, database: Database, update: dict[str, object]
    ) -> None:
        event_id = await out_for_delivery(shelf)
        await shelf.add_partner("other")
        await shelf.accept(an_event("delivered").model_copy(update=update))
        await erase(database, after(6))
        assert await code_of(shelf, event_id) == CODE

    async def test_a_text_that_would_carry_a_used_one_is_not_sent(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(sms_enabled=True)
        event = an_event("out_for_delivery")
        plan = await shelf.plan(event)
        text = Text(
            shelf, event, planned_of(plan, lambda one: one.channel is Channel.SMS).delivery_id
        )
        later = an_event("delivered").model_copy(update={"occurred_at": after(5)})
        await shelf.accept(later, now=after(5))
        await erase(database, after(6))
        assert await text.claim(now=after(7)) == SendResult(DeliveryState.SKIPPED)
        assert (await text.row()).skip_reason is SkipReason.STALE
