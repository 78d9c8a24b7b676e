"""Fan-out: who gets what, in how many messages, and what is left out."""

import asyncio
from datetime import datetime, timedelta

import pytest

from contracts.access.users import Role
from contracts.notifications.kinds import BUNDLE_AFTER, RECOVERED_FOR, NotificationKind
from contracts.notifications.messages import Channels, MessageChannel, MessageState
from store.notifications.drafts import ADDRESS_REFUSED, MOST_MISSED, NO_PHONE
from store.notifications.fan_out import NOBODY
from store.notifications.pairs import OVER
from store.tables import (
    NotificationChoiceRow,
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    UserRow,
)
from tests.support.notifications import (
    ALL,
    MAIL_ONLY,
    PHONE,
    carried_by,
    fanned_out,
    messages_of,
    notifications_of,
    put_webhook,
    somebody,
    tell,
)
from tests.support.shelf import NOW, Shelf, after

EMAIL, SMS = MessageChannel.EMAIL, MessageChannel.SMS
OPS_WEBHOOK, PARTNER_WEBHOOK = MessageChannel.OPS_WEBHOOK, MessageChannel.PARTNER_WEBHOOK
FAILING, RECOVERED = NotificationKind.ENDPOINT_FAILING, NotificationKind.ENDPOINT_RECOVERED
DISABLED, KEY = NotificationKind.ENDPOINT_DISABLED, NotificationKind.KEY_CHANGED
WAITING_WORK = NotificationKind.FAILED_DELIVERIES


async def mailed(shelf: Shelf) -> list[str | None]:
    """Whom e-mails are for."""
    return [one.user_id for one in await messages_of(shelf, EMAIL)]


async def endpoints(shelf: Shelf, count: int) -> list[str]:
    """So many endpoints of the partner `shop`, which is made."""
    await shelf.add_partner(tier="enterprise", contact_phone=PHONE)
    return [(await shelf.add_endpoint()).id for _ in range(count)]


class TestWhoGetsIt:
    async def test_owners_and_ops_who_have_joined(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await shelf.add_partner("other")
        owner, ops = await somebody(shelf), await somebody(shelf, "ops", Role.OPS)
        await somebody(shelf, "member", Role.MEMBER)
        await somebody(shelf, "elsewhere", Role.OWNER, "other")
        await shelf.invite("invited@chaipoint.example")
        gone = await somebody(shelf, "gone")
        await shelf.change(UserRow, gone.id, removed_at=NOW)
        await tell(shelf, WAITING_WORK)
        await fanned_out(shelf, MAIL_ONLY)
        assert set(await mailed(shelf)) == {owner.id, ops.id}

    async def test_of_what_is_no_partner_s_ops(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        ops = await somebody(shelf, "ops", Role.OPS)
        await tell(shelf, KEY, partner_id=None)
        await fanned_out(shelf, MAIL_ONLY)
        assert await mailed(shelf) == [ops.id]

    async def test_the_one_whom_it_concerns_also_before_they_joined(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        user, _ = await shelf.invite("new@chaipoint.example")
        await tell(shelf, NotificationKind.INVITATION, user_id=user.id, secret="t")
        await fanned_out(shelf, ALL)
        assert await mailed(shelf) == [user.id]
        assert len(await messages_of(shelf)) == 1

    async def test_nobody_who_has_switched_the_kind_off(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        quiet, other = await somebody(shelf), await somebody(shelf, "asha")
        choice = NotificationChoiceRow(user_id=quiet.id, kind=WAITING_WORK, switched_off_at=NOW)
        await shelf.database.write(lambda session: session.add(choice))
        await tell(shelf, WAITING_WORK)
        await tell(shelf, NotificationKind.INSTRUCTIONS_UNANSWERED)
        await fanned_out(shelf, MAIL_ONLY)
        first, second = await messages_of(shelf, EMAIL)
        carried = {one.user_id: len(await carried_by(shelf, one.id)) for one in (first, second)}
        assert carried == {quiet.id: 1, other.id: 2}

    async def test_where_the_address_is_refused_it_is_skipped_and_says_so(
        self, shelf: Shelf
    ) -> None:
        await shelf.add_partner()
        user = await somebody(shelf)
        await shelf.change(UserRow, user.id, email_refused_at=NOW)
        await tell(shelf, KEY)
        await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf)
        assert (message.state, message.why) == (MessageState.SKIPPED, ADDRESS_REFUSED)

    async def test_whoever_is_invited_again_is_mailed_again(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        user = await somebody(shelf)
        await shelf.change(UserRow, user.id, email_refused_at=NOW, email_refused_code="smtp_550")
        await tell(shelf, NotificationKind.INVITATION, user_id=user.id, secret="t")
        await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf)
        row = await shelf.one(UserRow, user.id)
        assert (message.state, row.email_refused_at, row.email_refused_code) == (
            MessageState.WAITING,
            None,
            None,
        )

    async def test_without_anybody_the_row_says_so(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        told = await tell(shelf, NotificationKind.INVITATION, secret="t")
        await fanned_out(shelf, Channels())
        row = await shelf.one(NotificationRow, told)
        assert (row.why, row.secret, row.fanned_out_at) == (NOBODY, None, NOW)
        assert await shelf.count(NotificationMessageRow) == 0


class TestOtherChannels:
    async def test_a_text_and_both_webhooks(self, shelf: Shelf) -> None:
        [endpoint_id] = await endpoints(shelf, 1)
        await put_webhook(shelf, "https://shop.example/told", "whsec_x")
        await tell(shelf, DISABLED, endpoint_id=endpoint_id)
        await fanned_out(shelf)
        assert [(one.channel, one.partner_id, one.state) for one in await messages_of(shelf)] == [
            (SMS, "shop", MessageState.WAITING),
            (OPS_WEBHOOK, None, MessageState.WAITING),
            (PARTNER_WEBHOOK, "shop", MessageState.WAITING),
        ]

    async def test_without_a_contact_phone_the_text_is_skipped_with_the_reason(
        self, shelf: Shelf
    ) -> None:
        await shelf.add_partner()
        await tell(shelf, DISABLED)
        await fanned_out(shelf, Channels())
        [text] = await messages_of(shelf)
        assert (text.state, text.why, text.settled_at) == (MessageState.SKIPPED, NO_PHONE, NOW)

    async def test_one_text_for_all_that_fall_at_once(self, shelf: Shelf) -> None:
        for endpoint_id in await endpoints(shelf, 4):
            await tell(shelf, DISABLED, endpoint_id=endpoint_id)
        await fanned_out(shelf, Channels())
        [text] = await messages_of(shelf)
        assert len(await carried_by(shelf, text.id)) == 4


class TestBundled:
    async def test_a_hundred_at_once_are_one_email_each(self, shelf: Shelf) -> None:
        [endpoint_id] = await endpoints(shelf, 1)
        owner, ops = await somebody(shelf), await somebody(shelf, "ops", Role.OPS)
        for number in range(100):
            await tell(shelf, FAILING, after(number / 10), endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY, after(30), BUNDLE_AFTER)
        messages = await messages_of(shelf)
        assert {one.user_id for one in messages} == {owner.id, ops.id}
        assert [len(await carried_by(shelf, one.id)) for one in messages] == [100, 100]

    async def test_the_first_waits_for_others_and_then_all_go(self, shelf: Shelf) -> None:
        await endpoints(shelf, 0)
        await somebody(shelf)
        await tell(shelf, DISABLED)
        await tell(shelf, DISABLED, after(29))
        almost = BUNDLE_AFTER - timedelta(seconds=1)
        assert await fanned_out(shelf, MAIL_ONLY, NOW + almost, BUNDLE_AFTER) == 0
        assert await fanned_out(shelf, MAIL_ONLY, NOW + BUNDLE_AFTER, BUNDLE_AFTER) == 2
        assert len(await messages_of(shelf, EMAIL)) == 1

    async def test_what_is_about_an_account_goes_at_once_and_alone(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        await tell(shelf, KEY)
        await tell(shelf, KEY)
        await tell(shelf, FAILING)
        assert await fanned_out(shelf, MAIL_ONLY, NOW, BUNDLE_AFTER) == 2
        assert len(await messages_of(shelf, EMAIL)) == 2

    async def test_into_an_email_that_has_not_left(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        for _ in range(2):
            await tell(shelf, WAITING_WORK)
            await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf, EMAIL)
        assert len(await carried_by(shelf, message.id)) == 2
        await shelf.change(NotificationMessageRow, message.id, claimed_at=NOW)
        await tell(shelf, WAITING_WORK)
        await fanned_out(shelf, MAIL_ONLY)
        assert len(await messages_of(shelf, EMAIL)) == 2

    async def test_what_is_new_does_not_sleep_with_an_old_one(self, shelf: Shelf) -> None:
        first, second, third = await endpoints(shelf, 3)
        await somebody(shelf)

        async def told(kind: NotificationKind, seconds: float, endpoint_id: str) -> str:
            one = await tell(shelf, kind, after(seconds), endpoint_id=endpoint_id)
            await fanned_out(shelf, MAIL_ONLY, after(seconds))
            return one

        failing = await told(FAILING, 0, first)
        [old] = await messages_of(shelf, EMAIL)
        await shelf.change(NotificationMessageRow, old.id, attempts=MOST_MISSED)
        soon = await told(FAILING, 1, second)
        await shelf.change(NotificationMessageRow, old.id, attempts=MOST_MISSED + 1)
        urgent = await told(DISABLED, 2, third)
        over = await told(RECOVERED, 3, first)
        more = await told(DISABLED, 4, second)
        [_, new] = await messages_of(shelf, EMAIL)
        carried = [
            {item.notification_id for item in await carried_by(shelf, one.id)} for one in (old, new)
        ]
        assert carried == [{failing, soon, over}, {urgent, more}]

    async def test_several_workers_make_each_message_once(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        for _ in range(5):
            await tell(shelf, KEY)
        done = await asyncio.gather(*(fanned_out(shelf, MAIL_ONLY) for _ in range(6)))
        assert sum(done) == 5
        assert await shelf.count(NotificationMessageRow) == 5
        assert await shelf.count(NotificationItemRow) == 5


class TestOverInTime:
    @pytest.mark.parametrize(
        ("kinds", "left"),
        [
            ([FAILING, RECOVERED], 0),
            ([FAILING, RECOVERED, FAILING], 1),
            ([RECOVERED, FAILING], 0),
            ([FAILING, RECOVERED, FAILING, RECOVERED], 0),
            ([FAILING, DISABLED], 2),
            ([RECOVERED, DISABLED], 1),
            ([FAILING, RECOVERED, DISABLED], 1),
        ],
    )
    async def test_what_cancels_out_is_not_told(
        self, shelf: Shelf, kinds: list[NotificationKind], left: int
    ) -> None:
        [endpoint_id] = await endpoints(shelf, 1)
        await somebody(shelf)
        for number, kind in enumerate(kinds):
            await tell(shelf, kind, after(number), endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY, after(30))
        whys = [one.why for one in await notifications_of(shelf)]
        assert whys.count(OVER) == len(kinds) - left
        carried = await shelf.all_rows(NotificationItemRow)
        told_by_mail = {one.notification_id for one in carried}
        assert len(told_by_mail) == left

    async def test_one_endpoint_s_all_clear_is_not_another_s(self, shelf: Shelf) -> None:
        one, two = await endpoints(shelf, 2)
        await somebody(shelf)
        await tell(shelf, FAILING, endpoint_id=one)
        await tell(shelf, FAILING, endpoint_id=two)
        await tell(shelf, RECOVERED, after(1), endpoint_id=one)
        await fanned_out(shelf, MAIL_ONLY, after(30))
        [message] = await messages_of(shelf, EMAIL)
        assert len(await carried_by(shelf, message.id)) == 1


class TestFlapping:
    """Bundles wait as they do in earnest, and the all-clear for as long as it has to last."""

    async def look(self, shelf: Shelf, seconds: float) -> int:
        return await fanned_out(shelf, ALL, after(seconds), BUNDLE_AFTER)

    async def failing(self, shelf: Shelf) -> str:
        """An endpoint that everybody was told of; gives its id."""
        [endpoint_id] = await endpoints(shelf, 1)
        await somebody(shelf)
        await tell(shelf, FAILING, endpoint_id=endpoint_id)
        assert await self.look(shelf, 30) == 1
        for message in await messages_of(shelf):
            await shelf.change(NotificationMessageRow, message.id, state=MessageState.SENT)
        return endpoint_id

    async def test_is_told_once_and_so_is_its_end_when_it_lasts(self, shelf: Shelf) -> None:
        endpoint_id = await self.failing(shelf)
        for minute in range(1, 30):
            await tell(shelf, RECOVERED, after(60 * minute), endpoint_id=endpoint_id)
            await self.look(shelf, 60 * minute + 5)
            await tell(shelf, FAILING, after(60 * minute + 20), endpoint_id=endpoint_id)
            assert await self.look(shelf, 60 * minute + 50) == 2
        await tell(shelf, RECOVERED, after(1800), endpoint_id=endpoint_id)
        lasts = 1800 + RECOVERED_FOR.total_seconds()
        assert await self.look(shelf, lasts - 1) == 0
        assert len(await messages_of(shelf)) == 2
        assert await self.look(shelf, lasts) == 1
        assert len(await messages_of(shelf, EMAIL)) == len(await messages_of(shelf, OPS_WEBHOOK))
        assert len(await messages_of(shelf, EMAIL)) == 2

    async def test_an_all_clear_is_held_also_where_another_endpoint_s_bundle_goes(
        self, shelf: Shelf
    ) -> None:
        endpoint_id = await self.failing(shelf)
        other = await shelf.add_endpoint()
        held = await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await tell(shelf, FAILING, after(61), endpoint_id=other.id)
        assert await self.look(shelf, 91) == 1
        assert (await shelf.one(NotificationRow, held)).fanned_out_at is None

    async def test_the_last_of_several_all_clears_is_held_too(self, shelf: Shelf) -> None:
        endpoint_id = await self.failing(shelf)
        for seconds, kind in ((60, RECOVERED), (70, FAILING), (80, RECOVERED)):
            held = await tell(shelf, kind, after(seconds), endpoint_id=endpoint_id)
        assert await self.look(shelf, 115) == 2
        assert (await shelf.one(NotificationRow, held)).fanned_out_at is None

    async def test_what_is_switched_off_meanwhile_takes_it_back(self, shelf: Shelf) -> None:
        endpoint_id = await self.failing(shelf)
        held = await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await tell(shelf, DISABLED, after(70), endpoint_id=endpoint_id)
        assert await self.look(shelf, 100) == 2
        assert (await shelf.one(NotificationRow, held)).why == OVER
        assert len(await messages_of(shelf, OPS_WEBHOOK)) == 2

    async def test_those_that_are_held_keep_nothing_from_going(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("store.notifications.fan_out._AT_ONCE", 2)
        endpoint_id = await self.failing(shelf)
        for seconds in (60, 61, 62):
            await tell(shelf, RECOVERED, after(seconds), endpoint_id=endpoint_id)
        await tell(shelf, KEY, after(63))
        assert await self.look(shelf, 64) == 1


class TestTheAllClear:
    async def failed_for(self, shelf: Shelf, state: MessageState) -> tuple[str, str]:
        """An endpoint whose failing was told to its owner in an e-mail that is in this state."""
        [endpoint_id] = await endpoints(shelf, 1)
        user = await somebody(shelf)
        await tell(shelf, FAILING, endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf, EMAIL)
        await shelf.change(NotificationMessageRow, message.id, state=state)
        return endpoint_id, user.id

    @pytest.mark.parametrize("state", [MessageState.SENT, MessageState.UNKNOWN])
    async def test_goes_to_those_who_were_told(self, shelf: Shelf, state: MessageState) -> None:
        endpoint_id, user_id = await self.failed_for(shelf, state)
        await somebody(shelf, "later")
        await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY, after(60))
        assert await mailed(shelf) == [user_id, user_id]

    @pytest.mark.parametrize(
        "state", [MessageState.SKIPPED, MessageState.FAILED, MessageState.REFUSED]
    )
    async def test_goes_to_nobody_who_was_not(self, shelf: Shelf, state: MessageState) -> None:
        endpoint_id, user_id = await self.failed_for(shelf, state)
        await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY, after(60))
        assert await mailed(shelf) == [user_id]

    @pytest.mark.parametrize(
        "kind", [NotificationKind.ENDPOINT_DISABLED, NotificationKind.ENDPOINT_DISABLED_SOON]
    )
    async def test_goes_to_those_who_were_told_that_it_is_off(
        self, shelf: Shelf, kind: NotificationKind
    ) -> None:
        [endpoint_id] = await endpoints(shelf, 1)
        user = await somebody(shelf)
        await tell(shelf, kind, endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY)
        await somebody(shelf, "later")
        await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY, after(60))
        [message] = await messages_of(shelf, EMAIL)
        assert message.user_id == user.id
        assert len(await carried_by(shelf, message.id)) == 2

    async def test_of_what_was_over_before_nobody_is_told_again(self, shelf: Shelf) -> None:
        endpoint_id, user_id = await self.failed_for(shelf, MessageState.SENT)
        for seconds in (60, 120):
            await tell(shelf, RECOVERED, after(seconds), endpoint_id=endpoint_id)
            await fanned_out(shelf, MAIL_ONLY, after(seconds))
            for message in await messages_of(shelf, EMAIL):
                await shelf.change(NotificationMessageRow, message.id, state=MessageState.SENT)
        assert await mailed(shelf) == [user_id, user_id]

    async def test_goes_with_the_failing_that_still_waits(self, shelf: Shelf) -> None:
        endpoint_id, _ = await self.failed_for(shelf, MessageState.WAITING)
        await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await fanned_out(shelf, MAIL_ONLY, after(60))
        [message] = await messages_of(shelf, EMAIL)
        assert len(await carried_by(shelf, message.id)) == 2

    async def test_programs_hear_it_where_they_heard_of_the_failing(self, shelf: Shelf) -> None:
        [endpoint_id] = await endpoints(shelf, 1)
        await tell(shelf, FAILING, endpoint_id=endpoint_id)
        await fanned_out(shelf, Channels(ops_webhook=True))
        await tell(shelf, RECOVERED, after(60), endpoint_id=endpoint_id)
        await fanned_out(shelf, Channels(ops_webhook=True), after(60))
        assert len(await messages_of(shelf, OPS_WEBHOOK)) == 2


class TestQuietHours:
    @pytest.mark.parametrize(
        ("kind", "now", "from_"),
        [
            # 10:00 UTC is 15:30 in India; 20:00 UTC is 01:30, and 08:00 there is 02:30 UTC.
            (WAITING_WORK, NOW, NOW),
            (WAITING_WORK, after(10 * 3600), NOW.replace(hour=2, minute=30) + timedelta(days=1)),
            (FAILING, after(10 * 3600), after(10 * 3600)),
        ],
    )
    async def test_what_can_wait_waits_for_the_morning(
        self, shelf: Shelf, kind: NotificationKind, now: datetime, from_: datetime
    ) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        await tell(shelf, kind, now)
        await fanned_out(shelf, MAIL_ONLY, now)
        [message] = await messages_of(shelf, EMAIL)
        assert message.send_after == from_
