"""Stops: what they hold, who may lift them, and the texts that go out afterwards."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeliveryState, HoldReason, SkipReason
from contracts.errors import NotFound
from contracts.sms.answers import SmsAnswer, SmsFate, SuspensionScope
from contracts.sms.rules import TextRules
from store.access.audit import AuditFilter, list_entries
from store.deliveries.fallback import plan_fallback
from store.sms.daily_caps import texts_today
from store.sms.release import REQUESTED_AGAIN_AFTER, any_due_text, take_due_texts
from store.sms.suspensions import (
    ALL_TEXTS,
    lift_suspension,
    list_suspensions,
    partner_scope,
    suspend,
)
from store.tables import DeliveryRow, PartnerRow, SmsSuspensionRow
from tests.support.logs import said_by
from tests.support.shelf import NOW, Shelf, Text, after, an_event
from tests.support.told import told

HELD = DeliveryState.HELD
BROKEN = SmsAnswer(SmsFate.MISCONFIGURED, "twilio_20003", scope=SuspensionScope.ACCOUNT)


async def suspension(
    shelf: Shelf, scope: str = ALL_TEXTS, made_by: str = "key_1"
) -> SmsSuspensionRow:
    return await shelf.database.write(suspend, scope, NOW, reason="a test", made_by=made_by)


async def due(shelf: Shelf, seconds: float = 0, limit: int = 9) -> list[str]:
    """The deliveries that may go now, and are asked for."""
    taken = await shelf.database.write(take_due_texts, after(seconds), limit=limit)
    return sorted(delivery_id for _, ids in taken for delivery_id in ids)


class TestTold:
    async def test_a_partner_s_stop_is_told_to_the_partner_and_once(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        scope = partner_scope("shop")
        said: Any = {"reason": "a wrong template", "made_by": "key_1", "partner_id": "shop"}
        row = await shelf.database.write(suspend, scope, NOW, **said)
        await shelf.database.write(suspend, scope, after(5), **said)
        [notification] = await told(shelf)
        assert (notification.kind, notification.partner_id) == ("sms_suspended", "shop")
        assert notification.about == {"scope": scope, "reason": "a wrong template", "code": None}
        await shelf.database.write(lift_suspension, row.id, after(6), actor="key_1")
        await shelf.database.write(suspend, scope, after(7), **said)
        assert len(await told(shelf)) == 2

    async def test_what_doorstep_stops_for_all_is_told_to_ops_alone(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.refuse(await text.ready(), BROKEN)
        [notification] = await told(shelf)
        assert (notification.kind, notification.partner_id) == ("sms_suspended", None)
        assert notification.about["scope"] == "account"
        assert notification.about["code"] == "twilio_20003"


class TestByHand:
    @pytest.mark.parametrize(
        ("scope", "holds"),
        [
            (ALL_TEXTS, True),
            (partner_scope("shop"), True),
            (partner_scope("rival"), False),
            ("account", True),
            ("sender/DRSTEP", True),
            ("sender/OTHER", False),
            ("route/DRSTEP/91", True),
            ("route/DRSTEP/44", False),
        ],
    )
    async def test_it_holds_what_is_in_its_scope(
        self, shelf: Shelf, scope: str, holds: bool
    ) -> None:
        text = await shelf.text()
        row = await suspension(shelf, scope)
        claimed = await text.claim()
        assert (claimed == SendResult(HELD)) is holds
        if holds:
            held = await text.row()
            assert (held.hold_reason, held.sms_suspension_id) == (HoldReason.SMS_SUSPENDED, row.id)
            assert await text.messages() == []

    async def test_lifted_the_texts_are_asked_for_once_each(self, shelf: Shelf) -> None:
        texts = await shelf.texts(3)
        row = await suspension(shelf)
        for text in texts:
            await text.claim()
        assert await due(shelf) == []
        await shelf.database.write(lift_suspension, row.id, after(5), actor="key_1")
        assert await due(shelf, 5, limit=2) == [texts[0].id, texts[1].id]
        assert await due(shelf, 5) == [texts[2].id]
        assert await due(shelf, 6) == []

    async def test_what_nobody_claimed_is_asked_for_again(self, shelf: Shelf) -> None:
        """Temporal was away, or the worker that asked was killed."""
        text = await shelf.text()
        row = await suspension(shelf)
        await text.claim()
        await shelf.database.write(lift_suspension, row.id, NOW, actor="key_1")
        assert await due(shelf) == [text.id]
        assert await due(shelf, REQUESTED_AGAIN_AFTER.total_seconds()) == [text.id]

    async def test_what_is_stale_by_then_is_skipped(self, shelf: Shelf) -> None:
        stale, fresh = [
            (await shelf.texts(1, type=kind))[0] for kind in ("order_confirmed", "return_initiated")
        ]
        row = await suspension(shelf)
        for text in (stale, fresh):
            await text.claim()
        seconds = timedelta(hours=7).total_seconds()
        await shelf.database.write(lift_suspension, row.id, after(seconds), actor="key_1")
        assert await due(shelf, seconds) == [fresh.id]
        skipped = await stale.row()
        assert (skipped.state, skipped.skip_reason) == (DeliveryState.SKIPPED, SkipReason.STALE)
        assert (skipped.hold_reason, skipped.sms_suspension_id) == (None, None)

    async def test_stopped_twice_it_is_one_stop(self, shelf: Shelf) -> None:
        assert (await suspension(shelf)).id == (await suspension(shelf)).id
        [(row, held)] = await shelf.database.read(list_suspensions)
        assert (row.scope, row.made_by, held) == (ALL_TEXTS, "key_1", 0)

    async def test_lifting_it_twice_changes_nothing(self, shelf: Shelf) -> None:
        row = await suspension(shelf)
        first = await shelf.database.write(lift_suspension, row.id, NOW, actor="key_1")
        again = await shelf.database.write(lift_suspension, row.id, after(9), actor="key_2")
        assert (again.lifted_at, again.lifted_by) == (first.lifted_at, "key_1")
        with pytest.raises(NotFound):
            await shelf.database.write(lift_suspension, "stop_none", NOW, actor="key_1")

    async def test_doorstep_does_not_lift_what_a_person_stopped(self, shelf: Shelf) -> None:
        first, second = await shelf.texts(2)
        ready = await first.ready()
        await suspension(shelf, "account")
        await first.settle(ready)
        assert await second.claim() == SendResult(HELD)


class TestByDoorstepItself:
    async def test_a_minute_later_one_text_tries_whether_it_is_mended(self, shelf: Shelf) -> None:
        texts = await shelf.texts(3)
        await texts[0].refuse(await texts[0].ready(), BROKEN)
        for text in texts[1:]:
            assert await text.claim() == SendResult(HELD)
        assert await due(shelf, 59) == []
        assert await due(shelf, 60) == [texts[2].id]  # the youngest: the likeliest to be of use
        probe = await texts[2].ready(in_round=2, now=after(60))
        assert await texts[1].claim(in_round=2, now=after(60)) == SendResult(HELD)
        await texts[2].settle(probe, after(61))
        assert await shelf.database.read(list_suspensions) == []
        assert await due(shelf, 61) == [texts[0].id, texts[1].id]

    async def test_not_mended_the_next_one_tries_a_minute_later(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.refuse(await text.ready(), BROKEN)
        for minute in (1, 2, 3):
            assert await due(shelf, 60 * minute) == [text.id]
            ready = await text.ready(in_round=1 + minute, now=after(60 * minute))
            await text.refuse(ready, BROKEN, after(60 * minute))
        [(row, held)] = await shelf.database.read(list_suspensions)
        assert (row.code, held) == ("twilio_20003", 1)

    async def test_a_new_text_may_be_the_one_that_tries(self, shelf: Shelf) -> None:
        first, second = await shelf.texts(2)
        await first.refuse(await first.ready(), BROKEN)
        await second.settle(await second.ready(now=after(60)), after(60))
        assert await shelf.database.read(list_suspensions) == []

    async def test_one_asks_a_minute_and_no_more(self, shelf: Shelf) -> None:
        """Without a sender nothing is mended by itself: it must not keep the engine busy."""
        texts = {text.id: text for text in await shelf.texts(3)}
        for text in texts.values():
            await text.claim(rules=TextRules())
        asked = []
        for second in range(60, 180, 2):
            for delivery_id in await due(shelf, second):
                asked.append(second)
                await texts[delivery_id].claim(
                    in_round=1 + len(asked), now=after(second), rules=TextRules()
                )
        assert asked == [60, 120]

    async def test_behind_a_person_s_stop_nothing_is_tried(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.refuse(await text.ready(), BROKEN)
        await suspension(shelf)
        for second in range(60, 120, 2):
            for _ in await due(shelf, second):
                assert await text.claim(in_round=2, now=after(second)) == SendResult(HELD)
        assert not await shelf.database.read(any_due_text, after(9999))

    async def test_a_partner_at_its_cap_leaves_the_attempt_to_another(self, shelf: Shelf) -> None:
        [ill] = await shelf.texts(1)
        await shelf.add_partner("big", "smb", sms_daily_cap=1)
        first, second = [(await shelf.texts(1, partner_id="big"))[0] for _ in range(2)]
        await first.settle(await first.ready())
        await ill.refuse(await ill.ready(), BROKEN)
        await second.claim()
        assert await due(shelf, 60) == [second.id]
        assert await second.claim(in_round=2, now=after(60)) == SendResult(HELD)
        assert await due(shelf, 62) == [ill.id]
        await ill.ready(in_round=2, now=after(62))

    async def test_a_person_s_stop_takes_the_place_of_doorstep_s(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await text.refuse(await text.ready(), BROKEN)
        row = await suspension(shelf, "account")
        assert (row.made_by, row.code, row.probe_at) == ("key_1", None, None)
        entries = await shelf.database.read(list_entries, AuditFilter(), after=None, limit=9)
        made_by = [one.actor for one in entries if one.action is AuditAction.SMS_SUSPENDED]
        assert sorted(made_by) == ["doorstep", "key_1"]

    async def test_without_a_sender_the_partner_is_stopped_until_it_has_one(
        self, shelf: Shelf
    ) -> None:
        text = await shelf.text()
        assert await text.claim(rules=TextRules()) == SendResult(HELD)
        [(row, _)] = await shelf.database.read(list_suspensions)
        assert (row.scope, row.code) == ("partner/shop", "sms_no_sender")
        assert await due(shelf, 60) == [text.id]
        await text.settle(await text.ready(in_round=2, now=after(60)), after(60))
        assert await shelf.database.read(list_suspensions) == []


class TestByACallback:
    """Twilio says 201 and fails to send: no 201 proves that this is mended."""

    @pytest.mark.parametrize("answer_comes", ["before", "after"])
    async def test_an_answer_lifts_nothing(self, shelf: Shelf, answer_comes: str) -> None:
        text = await shelf.text()
        ready = await text.ready()
        if answer_comes == "before":
            await text.settle(ready)
        await text.hear(ready, "failed", 30002, now=after(1))
        if answer_comes == "after":
            await text.settle(ready, after(2))
        [(row, held)] = await shelf.database.read(list_suspensions)
        assert (row.by_callback, held) == (True, 1)

    async def test_another_text_that_was_on_its_way_lifts_nothing(self, shelf: Shelf) -> None:
        first, second = await shelf.texts(2)
        a, b = await first.ready(), await second.ready()
        await first.settle(a)
        await first.hear(a, "undelivered", 30024, now=after(5))
        await second.settle(b, after(6))
        await second.hear(b, "undelivered", 30024, now=after(7))
        assert len(await shelf.database.read(list_suspensions)) == 1

    async def test_the_probe_that_arrives_lifts_it(self, shelf: Shelf) -> None:
        first, second = await shelf.texts(2)
        a = await first.ready()
        await first.settle(a)
        await first.hear(a, "failed", 30002, now=after(1))
        probe = await second.ready(now=after(61))
        await second.settle(probe, after(62))
        assert len(await shelf.database.read(list_suspensions)) == 1
        await second.hear(probe, "sent", now=after(63))
        assert await shelf.database.read(list_suspensions) == []
        assert await due(shelf, 63) == [first.id]

    async def test_what_did_not_arrive_is_no_text_of_the_day(self, shelf: Shelf) -> None:
        text = await shelf.text()
        ready = await text.ready()
        await text.settle(ready)
        await text.hear(ready, "failed", 30002, now=after(1))
        assert await shelf.database.read(texts_today, "shop", NOW) == (0, 0)


class TestByTheClock:
    async def test_a_phone_out_of_reach(self, shelf: Shelf) -> None:
        text = await shelf.text()
        ready = await text.ready()
        await text.settle(ready)
        await text.hear(ready, "undelivered", 30003)
        assert await due(shelf, 299) == []
        assert await due(shelf, 300) == [text.id]

    async def test_nothing_due_costs_a_look_only(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await suspension(shelf)
        await text.claim()
        assert not await shelf.database.read(any_due_text, after(9999))

    async def test_a_webhook_that_is_held_is_none_of_its_business(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook(an_event())
        await shelf.change(DeliveryRow, webhook.id, state=HELD, hold_reason=HoldReason.ENDPOINT_OFF)
        assert await due(shelf, 9999) == []


class TestAFallbackThatIsHeld:
    async def test_is_needless_once_its_webhooks_were_delivered(self, shelf: Shelf) -> None:
        """Never both by accident."""
        webhook = await shelf.webhook(an_event("delivery_failed"))
        await shelf.change(DeliveryRow, webhook.id, state=DeliveryState.DEAD_LETTERED)
        text = await fallback_of(shelf, webhook.event.event_id)
        row = await suspension(shelf)
        assert await text.claim() == SendResult(HELD)
        await shelf.change(DeliveryRow, webhook.id, state=DeliveryState.DELIVERED)
        await shelf.database.write(lift_suspension, row.id, NOW, actor="key_1")
        assert await due(shelf) == []
        assert (await text.row()).skip_reason is SkipReason.STALE


async def fallback_of(shelf: Shelf, event_id: str) -> Text:
    """The text that stands in for the event's webhook."""
    await shelf.change(PartnerRow, "shop", sms_fallback=True)
    planned = await shelf.database.write(plan_fallback, event_id, NOW)
    assert planned is not None
    event = an_event("delivery_failed", event_id=event_id)
    return Text(shelf, event, planned.delivery_id)


async def test_what_doorstep_stopped_is_said_in_the_log_and_its_end_too(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "store.sms.suspensions")
    ours, asha_s = await suspension(shelf, made_by=DOORSTEP), await suspension(shelf, "account")
    for one in (ours, asha_s):
        await shelf.database.write(lift_suspension, one.id, after(1), actor="asha")
    begun, over = said_by("store.sms.suspensions", caplog)
    assert begun.startswith("texts are stopped for all")
    assert over == "texts go out again for all"
