"""Messages: asked for until Temporal has them, tried by their schedule, and ended."""

from datetime import timedelta

import pytest

from contracts.delivery.retry import spread_of, spread_out
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import (
    MAIL_THEN_S,
    NOTIFICATION_DELAYS_S,
    MessageChannel,
    MessageResult,
    MessageState,
)
from store.notifications.messages import (
    OUR_FAULT,
    locked_message,
    missed,
    note_mistake,
    skip_waiting,
)
from store.notifications.waiting_messages import STILL_AFTER, mark_asked, messages_to_start
from store.tables import NotificationMessageRow, NotificationRow
from tests.support.notifications import (
    MAIL_ONLY,
    fanned_out,
    messages_of,
    somebody,
    switched_off,
    tell,
)
from tests.support.shelf import NOW, Shelf, after

OPS, SMS = MessageChannel.OPS_WEBHOOK, MessageChannel.SMS
WAITING, FAILED = MessageState.WAITING, MessageState.FAILED


class TestAskedFor:
    async def test_each_that_waits_until_it_is_marked(self, shelf: Shelf) -> None:
        messages = await switched_off(shelf)
        found = await shelf.database.read(messages_to_start, NOW)
        assert {(one.message_id, one.channel, one.partner_id) for one in found} == {
            (messages[OPS].id, OPS, None),
            (messages[SMS].id, SMS, "shop"),
        }
        await shelf.database.write(mark_asked, messages[OPS].id, NOW)
        await shelf.database.write(skip_waiting, messages[SMS].id, "no need", NOW)
        assert await shelf.database.read(messages_to_start, NOW) == []

    async def test_one_that_still_waits_is_asked_for_again_after_a_while(
        self, shelf: Shelf
    ) -> None:
        messages = await switched_off(shelf, phone=None)
        await shelf.database.write(mark_asked, messages[OPS].id, NOW)
        assert await shelf.database.read(messages_to_start, NOW + STILL_AFTER) == []
        late = NOW + STILL_AFTER + timedelta(seconds=1)
        assert len(await shelf.database.read(messages_to_start, late)) == 1

    async def test_one_of_the_night_waits_for_the_morning(self, shelf: Shelf) -> None:
        messages = await switched_off(shelf, phone=None)
        await shelf.change(NotificationMessageRow, messages[OPS].id, send_after=after(60))
        assert await shelf.database.read(messages_to_start, after(59)) == []
        assert len(await shelf.database.read(messages_to_start, after(60))) == 1


async def miss(shelf: Shelf, message_id: str) -> MessageResult:
    """One attempt that told nobody."""
    return await shelf.database.write(
        lambda session: missed(session, locked_message(session, message_id), "gone", after(1))
    )


class TestMissed:
    async def test_a_webhook_is_given_up_after_its_schedule(
        self, shelf: Shelf, caplog: pytest.LogCaptureFixture
    ) -> None:
        message = (await switched_off(shelf))[OPS]
        for delay in NOTIFICATION_DELAYS_S:
            assert await miss(shelf, message.id) == MessageResult(WAITING, "gone", delay)
        caplog.clear()
        assert await miss(shelf, message.id) == MessageResult(FAILED, "gone")
        row = await shelf.one(NotificationMessageRow, message.id)
        assert row.why == "6 attempts failed, the last one with gone"
        [record] = [one for one in caplog.records if one.levelname == "ERROR"]
        assert message.id in record.getMessage()

    async def test_an_email_is_tried_each_hour_after_half_an_hour(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        await tell(shelf, NotificationKind.KEY_CHANGED)
        await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf)
        delays = [(await miss(shelf, message.id)).again_in_s for _ in range(8)]
        plain, spread = [*NOTIFICATION_DELAYS_S[:4], *[MAIL_THEN_S] * 4], spread_of(message.id)
        assert delays == [spread_out(one, spread) for one in plain]

    async def test_a_mistake_of_ours_counts_as_an_attempt(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[OPS]
        result = await shelf.database.write(note_mistake, message.id, NOW)
        assert result == MessageResult(WAITING, OUR_FAULT, NOTIFICATION_DELAYS_S[0])

    async def test_a_mistake_after_the_claim_does_not(self, shelf: Shelf) -> None:
        message = (await switched_off(shelf))[SMS]
        await shelf.change(NotificationMessageRow, message.id, claimed_at=NOW)
        assert await shelf.database.write(note_mistake, message.id, NOW) is None


async def test_a_secret_ends_with_its_message(shelf: Shelf) -> None:
    await shelf.add_partner()
    user = await somebody(shelf)
    told = await tell(shelf, NotificationKind.INVITATION, user_id=user.id, secret="lnk_1.token")
    await fanned_out(shelf, MAIL_ONLY)
    [message] = await messages_of(shelf)
    await miss(shelf, message.id)
    assert (await shelf.one(NotificationRow, told)).secret is not None
    await shelf.database.write(skip_waiting, message.id, "no need", NOW)
    assert (await shelf.one(NotificationRow, told)).secret is None
