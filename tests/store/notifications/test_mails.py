"""E-mails: put together from what is true, claimed once, and what each answer leads to."""

from datetime import timedelta

import pytest

from contracts.access.users import Role
from contracts.delivery.retry import spread_of, spread_out
from contracts.notifications.kinds import RULES, NotificationKind
from contracts.notifications.mail import MailAnswer, MailFate
from contracts.notifications.messages import (
    NOTIFICATION_DELAYS_S,
    MessageResult,
    MessageState,
)
from store.instructions.notifications import some_unanswered
from store.notifications.drafts import ADDRESS_REFUSED
from store.notifications.mails import (
    NO_PLACE_AGAIN_S,
    NO_USER,
    OUT_OF_DATE,
    QUIET,
    TOO_LATE,
    ReadyMail,
    claim_mail,
    ready_mail,
    settle_mail,
)
from store.notifications.standing import message_standing
from store.tables import NotificationMessageRow, NotificationRow, RestoreRow, UserRow
from tests.support.instructions import a_failed_delivery, what_follows
from tests.support.mails import BASE_URL
from tests.support.notifications import (
    MAIL_ONLY,
    carried_by,
    fanned_out,
    messages_of,
    somebody,
    tell,
)
from tests.support.shelf import NOW, Shelf, after

KEY, WEEK = NotificationKind.KEY_CHANGED, NotificationKind.WEEKLY_OUTCOMES
WAITING, SENT, SKIPPED = MessageState.WAITING, MessageState.SENT, MessageState.SKIPPED
REFUSED, UNKNOWN = MessageState.REFUSED, MessageState.UNKNOWN
FAILED = MessageState.FAILED
TAKEN = MailAnswer(MailFate.SENT, "smtp_250")


async def a_mail(shelf: Shelf, *kinds: NotificationKind, role: Role = Role.OWNER) -> str:
    """An e-mail that waits, of the one person there is; gives its id."""
    await shelf.add_partner()
    await somebody(shelf, role=role)
    for kind in kinds or (KEY,):
        await tell(shelf, kind, partner_id=None if role is Role.OPS else "shop")
    await fanned_out(shelf, MAIL_ONLY)
    [message] = await messages_of(shelf)
    return message.id


async def ready(shelf: Shelf, message_id: str, seconds: float = 0) -> ReadyMail | MessageResult:
    return await shelf.database.write(
        ready_mail, message_id, after(seconds), BASE_URL, some_unanswered
    )


async def put_together(shelf: Shelf, message_id: str, seconds: float = 0) -> ReadyMail:
    made = await ready(shelf, message_id, seconds)
    assert isinstance(made, ReadyMail), made
    return made


async def claim(shelf: Shelf, message_id: str, mail: ReadyMail, seconds: float = 0) -> bool:
    return await shelf.database.write(
        claim_mail, message_id, mail.told, after(seconds), some_unanswered
    )


async def settle(shelf: Shelf, message_id: str, answer: MailAnswer) -> MessageResult:
    return await shelf.database.write(settle_mail, message_id, answer, after(1))


def in_a_while(delay_s: float | None, message_id: str) -> float | None:
    """A delay with a message's own share of the jitter."""
    return delay_s and spread_out(delay_s, spread_of(message_id))


class TestPutTogether:
    async def test_it_has_the_person_s_address_and_shows_it_to_nobody(self, shelf: Shelf) -> None:
        mail = await put_together(shelf, await a_mail(shelf))
        assert (mail.to, mail.name, mail.optional) == ("priya@chaipoint.example", "Priya", False)
        assert "priya@" not in repr(mail)

    async def test_a_link_that_opens_once_is_in_it_and_nowhere_else(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        user = await somebody(shelf)
        reset = NotificationKind.PASSWORD_RESET
        await tell(shelf, reset, user_id=user.id, secret="lnk_1.token")
        await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf)
        mail = await put_together(shelf, message.id)
        assert mail.items[0].link == f"{BASE_URL}/reset/lnk_1.token"
        assert "lnk_1" not in repr(mail)

    async def test_ops_see_the_company_s_zone_and_no_partner(self, shelf: Shelf) -> None:
        mail = await put_together(shelf, await a_mail(shelf, role=Role.OPS))
        [item] = mail.items
        assert (item.partner_name, item.time_zone, item.link) == (
            None,
            "Asia/Kolkata",
            f"{BASE_URL}/ops",
        )

    async def test_what_is_of_no_more_use_is_left_out(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, WEEK, WEEK)
        [first, _] = await carried_by(shelf, message_id)
        await shelf.change(NotificationRow, first.notification_id, created_at=after(-4 * 86400))
        mail = await put_together(shelf, message_id)
        assert len(mail.items) == 1
        assert await claim(shelf, message_id, mail)
        assert [one.left_out for one in await carried_by(shelf, message_id)] == [True, False]

    async def test_without_anything_true_it_is_skipped(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, NotificationKind.FAILED_DELIVERIES)
        assert await ready(shelf, message_id) == MessageResult(SKIPPED)
        row = await shelf.one(NotificationMessageRow, message_id)
        assert row.why == OUT_OF_DATE

    async def test_what_is_true_and_could_not_be_sent_in_time_has_failed(
        self, shelf: Shelf
    ) -> None:
        message_id = await a_mail(shelf)
        await settle(shelf, message_id, MailAnswer(MailFate.NOT_SENT, "connection_refused"))
        late = await ready(shelf, message_id, 3 * 86400)
        assert late == MessageResult(FAILED, "connection_refused")
        row = await shelf.one(NotificationMessageRow, message_id)
        assert (row.why, row.code) == (TOO_LATE, "connection_refused")

    async def test_what_was_over_anyway_is_skipped_however_late(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, NotificationKind.FAILED_DELIVERIES)
        assert await ready(shelf, message_id, 3 * 86400) == MessageResult(SKIPPED)

    async def test_a_link_is_not_slept_over(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        user = await somebody(shelf)
        await tell(shelf, NotificationKind.PASSWORD_RESET, user_id=user.id, secret="lnk_1.token")
        await fanned_out(shelf, MAIL_ONLY)
        [message] = await messages_of(shelf)
        busy = MailAnswer(MailFate.NOT_SENT, "smtp_451")
        waits = [(await settle(shelf, message.id, busy)).again_in_s for _ in range(4)]
        assert waits[-1] == RULES[NotificationKind.PASSWORD_RESET].useful_for.total_seconds() - 1

    @pytest.mark.parametrize(
        ("change", "why"),
        [({"removed_at": NOW}, NO_USER), ({"email_refused_at": NOW}, ADDRESS_REFUSED)],
    )
    async def test_for_its_person_it_is_skipped(
        self, shelf: Shelf, change: dict[str, object], why: str
    ) -> None:
        message_id = await a_mail(shelf)
        [user] = await shelf.all_rows(UserRow)
        await shelf.change(UserRow, user.id, **change)
        assert await ready(shelf, message_id) == MessageResult(SKIPPED)
        assert (await shelf.one(NotificationMessageRow, message_id)).why == why

    async def test_at_night_what_can_wait_waits_for_the_morning(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, WEEK)
        night_s = 10 * 3600  # half past one in India
        assert await ready(shelf, message_id, night_s) == MessageResult(WAITING, QUIET, 6.5 * 3600)
        assert isinstance(await ready(shelf, message_id, night_s + 6.5 * 3600), ReadyMail)

    async def test_at_night_none_waits_that_should_have_gone(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, WEEK)
        night_s = 10 * 3600
        await ready(shelf, message_id, night_s)
        standing = await shelf.database.read(message_standing, after(night_s + 6 * 3600))
        assert standing.oldest_at is None
        row = await shelf.one(NotificationMessageRow, message_id)
        assert row.send_after == after(night_s + 6.5 * 3600)

    async def test_what_was_answered_meanwhile_is_left_out(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, NotificationKind.INSTRUCTIONS_UNANSWERED)
        await shelf.accept(a_failed_delivery())
        waited_s = 4 * 3600
        mail = await put_together(shelf, message_id, waited_s)
        await shelf.accept(what_follows("out_for_delivery", 600), now=after(600))
        assert not await claim(shelf, message_id, mail, waited_s)
        assert await ready(shelf, message_id, waited_s) == MessageResult(SKIPPED)

    async def test_what_a_restore_may_have_forgotten_is_not_sent_again(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf)
        restore = RestoreRow(restored_at=after(60), lost_until=after(30))
        await shelf.database.write(lambda session: session.add(restore))
        assert await ready(shelf, message_id, 70) == MessageResult(UNKNOWN, "restored")

    async def test_nor_what_was_not_fanned_out_in_the_backup(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await somebody(shelf)
        await tell(shelf, KEY)
        restore = RestoreRow(restored_at=after(60), lost_until=after(30))
        await shelf.database.write(lambda session: session.add(restore))
        await fanned_out(shelf, MAIL_ONLY, after(70))
        [message] = await messages_of(shelf)
        assert await ready(shelf, message.id, 70) == MessageResult(UNKNOWN, "restored")


class TestTheClaim:
    async def test_one_without_an_answer_is_never_made_again(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf)
        mail = await put_together(shelf, message_id)
        assert await claim(shelf, message_id, mail)
        assert not await claim(shelf, message_id, mail)
        assert await ready(shelf, message_id) == MessageResult(UNKNOWN, "interrupted")

    async def test_of_what_has_changed_there_is_none(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf, WEEK)
        mail = await put_together(shelf, message_id)
        await tell(shelf, WEEK)
        await fanned_out(shelf, MAIL_ONLY)
        assert not await claim(shelf, message_id, mail)
        assert await claim(shelf, message_id, await put_together(shelf, message_id))

    async def test_of_what_is_over_meanwhile_there_is_none(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf)
        mail = await put_together(shelf, message_id)
        late = timedelta(days=3).total_seconds()
        assert not await claim(shelf, message_id, mail, late)


class TestTheAnswer:
    async def claimed(self, shelf: Shelf) -> str:
        message_id = await a_mail(shelf)
        assert await claim(shelf, message_id, await put_together(shelf, message_id))
        return message_id

    @pytest.mark.parametrize(
        ("answer", "result"),
        [
            (TAKEN, MessageResult(SENT, "smtp_250")),
            (
                MailAnswer(MailFate.NOT_SENT, "smtp_451"),
                MessageResult(WAITING, "smtp_451", NOTIFICATION_DELAYS_S[0]),
            ),
            (MailAnswer(MailFate.REFUSED, "smtp_550"), MessageResult(REFUSED, "smtp_550")),
            (MailAnswer(MailFate.REJECTED, "smtp_554"), MessageResult(REFUSED, "smtp_554")),
            (MailAnswer(MailFate.UNKNOWN, "timeout"), MessageResult(UNKNOWN, "timeout")),
        ],
        ids=lambda value: getattr(value, "fate", None),
    )
    async def test_what_follows(
        self, shelf: Shelf, answer: MailAnswer, result: MessageResult
    ) -> None:
        message_id = await self.claimed(shelf)
        settled = await settle(shelf, message_id, answer)
        assert (settled.state, settled.code) == (result.state, result.code)
        assert settled.again_in_s == in_a_while(result.again_in_s, message_id)
        again = await ready(shelf, message_id)
        assert isinstance(again, ReadyMail) == (result.state is WAITING)

    async def test_a_place_that_was_not_free_is_no_attempt(self, shelf: Shelf) -> None:
        message_id = await a_mail(shelf)
        result = await settle(shelf, message_id, MailAnswer(MailFate.NO_PLACE, "no_place"))
        again_in_s = in_a_while(NO_PLACE_AGAIN_S, message_id)
        assert result == MessageResult(WAITING, "no_place", again_in_s)
        assert (await shelf.one(NotificationMessageRow, message_id)).attempts == 0

    async def test_an_address_that_is_refused_gets_no_more(self, shelf: Shelf) -> None:
        message_id = await self.claimed(shelf)
        await settle(shelf, message_id, MailAnswer(MailFate.REFUSED, "smtp_550"))
        [user] = await shelf.all_rows(UserRow)
        assert (user.email_refused_at, user.email_refused_code) == (after(1), "smtp_550")
        await tell(shelf, KEY)
        await fanned_out(shelf, MAIL_ONLY)
        assert (await messages_of(shelf))[-1].state is SKIPPED

    async def test_a_message_that_is_refused_says_nothing_of_the_address(
        self, shelf: Shelf
    ) -> None:
        message_id = await self.claimed(shelf)
        await settle(shelf, message_id, MailAnswer(MailFate.REJECTED, "smtp_554", "too long"))
        [user] = await shelf.all_rows(UserRow)
        assert user.email_refused_at is None
        why = (await shelf.one(NotificationMessageRow, message_id)).why
        assert why == "the mail server refuses it for good: too long"

    async def test_a_late_yes_counts_and_a_late_no_does_not(self, shelf: Shelf) -> None:
        message_id = await self.claimed(shelf)
        await ready(shelf, message_id)  # interrupted
        busy = MailAnswer(MailFate.NOT_SENT, "smtp_451")
        assert await settle(shelf, message_id, busy) == MessageResult(UNKNOWN)
        assert (await settle(shelf, message_id, TAKEN)).state is SENT
        assert (await shelf.one(NotificationMessageRow, message_id)).why is None
