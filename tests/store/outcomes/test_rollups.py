"""The row of a day says what became of its events, whatever happens to them and when."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason
from contracts.outcomes.objective import WITHIN_POLICY
from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.events.erasure import erase_events
from store.outcomes.counting import QUIET_FOR, count_day
from store.outcomes.marking import mark_changed_days
from store.retention.old_events import OldEvents, drop_next
from store.tables import OUTCOME_DAYS, DroppedEventsRow, PartnerRow
from tests.support.encryption import KEYRING
from tests.support.factories import make_groups, make_order
from tests.support.instructions import Counter, a_failed_delivery, what_follows
from tests.support.outcomes import TODAY, Days
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event, of_its_own_order

A_DAY = 24 * 3600


@pytest.fixture
def days(database: Database) -> Days:
    return Days(database)


async def exhaust(webhook: Webhook) -> None:
    """All its attempts fail, and it becomes a dead letter."""
    for at in (1.0, 32.0, 155.0, 640.0):
        await webhook.finish(await webhook.ready(now=after(at)), 503, now=after(at))
    dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
    await webhook.shelf.database.write(record_dead_letter, dead_letter, after(641))


class TestWebhooks:
    async def test_one_that_arrives_at_once(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await webhook.finish(await webhook.ready(), 200, now=after(0.15))
        await days.look(after(1))
        assert await days.of() == {
            "events_accepted": 1,
            "orders": 1,
            "webhooks": 1,
            "webhooks_within_90s": 1,
            "webhooks_within_policy": 1,
            "webhooks_delivered": 1,
        }
        row = (await days.rows())["shop", TODAY]
        assert (row["propagation_buckets"], row["propagation_counts"]) == ([24], [1])

    async def test_one_that_is_late_is_within_the_policy(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await webhook.finish(await webhook.ready(), 503, now=after(1))
        await webhook.finish(await webhook.ready(now=after(120)), 200, now=after(120))
        await days.look(after(130))
        counted = await days.of()
        assert "webhooks_within_90s" not in counted
        assert counted["webhooks_within_policy"] == counted["webhooks_delivered"] == 1

    async def test_one_that_a_retry_by_hand_brought_arrived_in_the_end_only(
        self, shelf: Shelf, days: Days
    ) -> None:
        webhook = await shelf.webhook()
        await exhaust(webhook)
        await days.look(after(700))
        assert "webhooks_delivered" not in await days.of()
        again = await webhook.ready(in_round=2, now=after(A_DAY))
        await webhook.finish(again, 200, now=after(A_DAY))
        await days.look(after(A_DAY + 3600))
        counted = await days.of()
        assert counted["webhooks_delivered"] == 1
        assert "webhooks_within_policy" not in counted

    @pytest.mark.parametrize(("late_s", "counted"), [(0, 1), (1, 0)])
    async def test_one_that_was_held_and_sent_soon_arrived_within_the_policy(
        self, shelf: Shelf, days: Days, late_s: int, counted: int
    ) -> None:
        webhook = await shelf.webhook()
        then = NOW + WITHIN_POLICY + timedelta(seconds=late_s)
        await webhook.finish(await webhook.ready(in_round=2, now=then), 200, now=then)
        await days.look(after(A_DAY))
        sums = await days.of()
        assert sums["webhooks_delivered"] == 1
        assert sums.get("webhooks_within_policy", 0) == counted

    async def test_a_resend_changes_nothing(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        await days.look(after(1))
        before = await days.rows()
        await webhook.attempt(503, in_round=2, resend=True)
        await days.look(after(4000))
        assert await days.rows() == before

    async def test_one_whose_event_is_erased_is_skipped(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await days.look(after(1))
        assert (await days.of())["webhooks_under_way"] == 1
        await shelf.database.write(erase_events, [webhook.event.event_id], after(60))
        await days.look(after(600))
        assert await days.of() == {"events_accepted": 1, "orders": 1, "webhooks_skipped": 1}

    async def test_test_events_and_history_are_told_apart(self, shelf: Shelf, days: Days) -> None:
        await shelf.add_partner()
        await shelf.accept(of_its_own_order(an_event(is_test=True)))
        await shelf.accept(of_its_own_order(an_event(notify=False)))
        await days.look(after(1))
        assert await days.of() == {"events_recorded": 1}


def returned(order_id: str, at: datetime, kind: str = "rto") -> TrackingEvent:
    order = make_order(order_id=order_id, ordered_at=after(-3600).isoformat())
    groups = make_groups(order=order)
    groups["return"]["return_type"] = kind
    return an_event("return_initiated", occurred_at=at.isoformat(), data=groups)


class TestOrders:
    async def test_the_first_outcome_decides_by_when_it_happened(
        self, shelf: Shelf, days: Days
    ) -> None:
        await shelf.add_partner()
        await shelf.plan(what_follows("delivered", 7200), now=after(A_DAY))
        await days.look(after(A_DAY + 60))
        tomorrow = TODAY + timedelta(days=1)
        assert (await days.of(tomorrow))["first_attempts_delivered"] == 1
        await days.look(after(A_DAY + 60) + QUIET_FOR)
        assert await days.due_at(tomorrow) is None
        await shelf.plan(a_failed_delivery(), now=after(5 * A_DAY))
        await days.look(after(5 * A_DAY + 60))
        counted = await days.of(tomorrow)
        assert "first_attempts" not in counted
        assert counted["orders_delivered"] == 1
        failed = await days.of(TODAY + timedelta(days=5))
        assert (failed["first_attempts"], failed["failed_customer"]) == (1, 1)
        assert "first_attempts_delivered" not in failed

    async def test_a_return_counts_where_it_is_to_origin(self, shelf: Shelf, days: Days) -> None:
        await shelf.add_partner()
        await shelf.accept(returned("ORD-1", NOW))
        await shelf.accept(returned("ORD-2", NOW, "customer_return"))
        await days.look(after(1))
        assert (await days.of())["orders_returned"] == 1

    async def test_reasons_are_counted_although_the_event_was_erased(
        self, shelf: Shelf, days: Days
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept(a_failed_delivery(reason_category="address"))
        await shelf.database.write(erase_events, [event.event_id], after(1))
        await days.look(after(2))
        counted = await days.of()
        assert (counted["failed_deliveries"], counted["failed_address"]) == (1, 1)


class TestInstructions:
    async def instruct(self, shelf: Shelf, order_id: str, action: str) -> None:
        row = await Counter(shelf).give(action, order_id=order_id)
        await Counter(shelf).decide(row.id, now=after(60))

    async def test_what_follows_is_counted_with_one_and_without(
        self, shelf: Shelf, days: Days
    ) -> None:
        await shelf.add_partner()
        for order_id in ("ORD-1", "ORD-2", "ORD-3", "ORD-4"):
            await shelf.accept(a_failed_delivery(order_id))
        await days.look(after(1))
        await self.instruct(shelf, "ORD-1", "hold")
        await self.instruct(shelf, "ORD-2", "return")
        await days.look(after(3 * A_DAY))
        later = after(3 * A_DAY)
        await shelf.accept(what_follows("delivered", 3600, "ORD-1"), now=later)
        await shelf.accept(returned("ORD-2", after(3600)), now=later)
        await shelf.accept(a_failed_delivery("ORD-3", after(3600)), now=later)
        await days.look(later + timedelta(hours=2))
        counted = await days.of()
        names = (
            *("failed_deliveries", "instructed", "instructed_accepted", "instructed_followed"),
            *("instructed_delivered", "uninstructed_followed", "returned_as_asked"),
        )
        assert [counted[name] for name in names] == [4, 2, 2, 1, 1, 1, 1]
        assert "uninstructed_delivered" not in counted

    async def test_one_that_comes_when_the_day_was_quiet_is_seen(
        self, shelf: Shelf, days: Days
    ) -> None:
        await shelf.add_partner()
        await shelf.plan(a_failed_delivery(next_attempt_at=after(9 * A_DAY).isoformat()))
        await days.look(after(1))
        await days.look(after(60) + QUIET_FOR)
        assert await days.due_at() is None
        await Counter(shelf).give(now=after(4 * A_DAY))
        await days.look(after(4 * A_DAY + 60))
        assert (await days.of())["instructed"] == 1


class TestTexts:
    async def test_what_twilio_took_is_counted_in_parts(self, shelf: Shelf, days: Days) -> None:
        sent, refused = await shelf.texts(2)
        await sent.settle(await sent.ready())
        await refused.refuse(await refused.ready())
        await days.look(after(1))
        counted = await days.of()
        assert (counted["sms_sent"], counted["sms_parts"]) == (1, 1)
        assert "webhooks" not in counted


class TestWhenItIsCounted:
    async def test_a_day_on_which_nothing_is_open_is_left_alone_after_two_days(
        self, shelf: Shelf, days: Days
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        await days.look(after(1))
        assert await days.due_at() == after(301)
        await days.look(after(1) + QUIET_FOR)
        assert await days.due_at() is None

    async def test_a_dead_letter_keeps_its_day_open(self, shelf: Shelf, days: Days) -> None:
        await exhaust(await shelf.webhook())
        await days.look(after(700))
        await days.look(after(5 * A_DAY))
        assert await days.due_at() == after(5 * A_DAY + 3600)

    async def test_a_day_is_the_partners(self, shelf: Shelf, days: Days) -> None:
        await shelf.add_partner("delhi")
        await shelf.add_partner("newyork", time_zone="America/New_York")
        evening = NOW.replace(hour=20)
        for partner_id in ("delhi", "newyork"):
            event = of_its_own_order(an_event(partner_id=partner_id))
            await shelf.accept(event, now=evening)
        await days.look(evening + timedelta(minutes=1))
        assert set(await days.rows()) == {
            ("delhi", date(2026, 3, 3)),
            ("newyork", date(2026, 3, 2)),
        }

    async def test_a_kill_in_the_middle_leaves_the_old_row(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await days.look(after(1))
        before = await days.rows()
        await webhook.attempt(200)

        def killed(session: Session) -> None:
            count_day(session, "shop", TODAY, "Asia/Kolkata", after(400))
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await shelf.database.write(killed)
        assert await days.rows() == before
        await days.look(after(400))
        assert (await days.of())["webhooks_delivered"] == 1

    async def test_a_row_outlives_its_events(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        await days.look(after(1))
        before = await days.rows()

        def gone(session: Session) -> None:
            session.execute(OUTCOME_DAYS.update().values(events_accepted=2))

        await shelf.database.write(gone)  # as if another event of the day had been dropped
        await days.look(after(A_DAY))
        row = (await days.rows())["shop", TODAY]
        assert row == {**before["shop", TODAY], "events_accepted": 2}
        assert await days.due_at() is None

    async def test_a_rebuild_leaves_the_days_whose_rows_are_gone(
        self, shelf: Shelf, days: Days
    ) -> None:
        """In another time zone, too, in which the day's events would be another day's."""
        await shelf.add_partner()
        kept, gone = (of_its_own_order(an_event()) for _ in range(2))
        young = of_its_own_order(an_event(occurred_at=after(A_DAY).isoformat()))
        for event in (kept, gone):
            await shelf.plan(event)
        await shelf.plan(young, now=after(A_DAY))
        await days.look(after(2 * A_DAY))
        before = await days.rows()
        await shelf.database.write(erase_events, [gone.event_id], after(31 * A_DAY))
        old = OldEvents("shop", after(60))
        dropped = await shelf.database.write(drop_next, old, after=None, limit=10)
        assert (dropped.events, dropped.kept) == (1, 1)
        await days.rebuild(after(401 * A_DAY))
        assert await days.rows() == before
        await shelf.change(PartnerRow, "shop", time_zone="Asia/Dubai")
        await days.rebuild(after(401 * A_DAY))
        assert (await days.rows())["shop", TODAY] == before["shop", TODAY]
        assert (await days.rows())["shop", TODAY + timedelta(days=1)]["time_zone"] == "Asia/Dubai"

    async def test_a_day_whose_rows_are_gone_is_not_begun_anew(
        self, shelf: Shelf, days: Days
    ) -> None:
        await shelf.add_partner()
        row = DroppedEventsRow(partner_id="shop", until=after(A_DAY))
        await shelf.database.write(lambda session: session.add(row))
        await shelf.database.write(count_day, "shop", TODAY, "Asia/Kolkata", after(A_DAY))
        assert await days.rows() == {}

    async def test_a_rebuild_gives_the_same(self, shelf: Shelf, days: Days) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        await shelf.accept(of_its_own_order(an_event()), now=after(A_DAY))
        await days.look(after(A_DAY + 1))
        assert await days.rows() == await days.fresh(after(A_DAY + 2))


@pytest.fixture
def untouched(own_database_url: str) -> Iterator[Database]:
    """A database of which no statistics were made: what other tests left is in no plan."""
    database = Database(own_database_url, KEYRING)
    yield database
    database.close()


class TestAnotherTimeZone:
    @pytest.mark.parametrize(
        ("zones", "day"),
        [
            (("Asia/Kolkata", "America/New_York"), date(2026, 3, 2)),
            (("America/New_York", "Asia/Kolkata"), date(2026, 3, 3)),
        ],
        ids=["to the west", "to the east"],
    )
    async def test_a_rebuild_counts_each_event_once(
        self, shelf: Shelf, days: Days, zones: tuple[str, str], day: date
    ) -> None:
        before, afterwards = zones
        await shelf.add_partner(time_zone=before)
        evening = NOW.replace(hour=20)
        await shelf.accept(now=evening)
        await days.look(evening + timedelta(minutes=1))
        await shelf.change(PartnerRow, "shop", time_zone=afterwards)
        await days.rebuild(evening + timedelta(minutes=2))
        counted = {of: row["events_accepted"] for (_, of), row in (await days.rows()).items()}
        assert {of: count for of, count in counted.items() if count} == {day: 1}


class TestByIndexes:
    async def test_no_table_is_read_as_a_whole(self, untouched: Database) -> None:
        def count(session: Session) -> None:
            count_day(session, "shop", TODAY, "Asia/Kolkata", NOW)

        for plan in await untouched.write(lambda session: plans_of(session, count, "events")):
            assert "Seq Scan" not in plan, plan
            for index in (
                *("uq_deliveries_event_target", "uq_attempts_delivery_number"),
                *("ix_events_log_order", "ix_instructions_event_id", "ix_sms_messages_delivery"),
            ):
                assert index in plan, (index, plan)

    async def test_neither_to_find_the_days_that_change(self, untouched: Database) -> None:
        def find(session: Session) -> None:
            mark_changed_days(session, NOW)

        plans = await untouched.write(lambda session: plans_of(session, find, "events"))
        assert len(plans) > 1
        for plan in plans:
            assert "Seq Scan on events" not in plan, plan
            assert "Seq Scan on instructions" not in plan, plan
