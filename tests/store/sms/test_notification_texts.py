"""Texts of notifications: what keeps them back, the claim, and what Twilio's answers lead to."""

from collections.abc import Awaitable, Callable

import pytest

from contracts.delivery.states import EndpointState, OptOutSource
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import (
    NOTIFICATION_DELAYS_S,
    MessageChannel,
    MessageResult,
    MessageState,
)
from contracts.notifications.texts import text_of_notification
from contracts.partners import PartnerChange
from contracts.payload.fields import mask_phone
from contracts.sms.answers import SmsAnswer, SmsFate
from contracts.sms.parts import Encoding, parts_of
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltTemplatePut
from store.encryption.sealing import phone_index
from store.notifications.mails import OUT_OF_DATE
from store.notifications.messages import MAY_BE_SENT
from store.partners.partners import change_partner
from store.sms.notification_texts import (
    STOPPED,
    ReadyNotificationText,
    claim_notification_text,
    settle_notification_text,
)
from store.sms.opt_outs import opt_out
from store.sms.senders import put_dlt_template, put_sender
from store.sms.suspensions import list_suspensions, suspend
from store.tables import EndpointRow, NotificationMessageRow, RestoreRow, SmsDayRow
from tests.support.notifications import PHONE, switched_off
from tests.support.shelf import ACCEPTED, BUSY, NOW, RULES, Shelf, after

WORDS = (
    "Doorstep: your webhook endpoint at hooks.shop.example is switched off because it failed. "
    "Mend it, then enable it again: updates wait for it."
)
REGISTERED = WORDS.replace("hooks.shop.example", "{#alphanumeric#}")
SENDER = "DRSTEP"
DISABLED, SOON = NotificationKind.ENDPOINT_DISABLED, NotificationKind.ENDPOINT_DISABLED_SOON
WAITING, FAILED = MessageState.WAITING, MessageState.FAILED
REFUSED, UNKNOWN = MessageState.REFUSED, MessageState.UNKNOWN
SKIPPED, SENT = MessageState.SKIPPED, MessageState.SENT


async def a_text(shelf: Shelf, phone: str = PHONE) -> str:
    """A notification that waits to be texted; gives its id."""
    return (await switched_off(shelf, phone))[MessageChannel.SMS].id


async def claim(
    shelf: Shelf, message_id: str, rules: TextRules = RULES
) -> ReadyNotificationText | MessageResult:
    return await shelf.database.write(claim_notification_text, message_id, NOW, rules)


async def settle(shelf: Shelf, message_id: str, answer: SmsAnswer) -> MessageResult:
    return await shelf.database.write(settle_notification_text, message_id, answer, after(1))


async def why(shelf: Shelf, message_id: str) -> str | None:
    return (await shelf.one(NotificationMessageRow, message_id)).why


async def test_what_a_restore_may_have_forgotten_is_not_sent_again(shelf: Shelf) -> None:
    message_id = await a_text(shelf)
    restore = RestoreRow(restored_at=after(60), lost_until=after(30))
    await shelf.database.write(lambda session: session.add(restore))
    await shelf.change(NotificationMessageRow, message_id, created_at=after(70))
    assert await claim(shelf, message_id) == MessageResult(UNKNOWN, "restored")


class TestTheWords:
    def test_with_a_host_of_thirty_characters_it_is_one_part_of_gsm_7(self) -> None:
        parts = parts_of(text_of_notification(DISABLED, "h" * 300, RULES.longest_value))
        assert (parts.encoding, parts.count) == (Encoding.GSM_7, 1)

    @pytest.mark.parametrize("kind", [DISABLED, SOON])
    def test_with_others_it_still_fits_what_is_registered(self, kind: NotificationKind) -> None:
        text = text_of_notification(kind, "h" * 300, 30, others=99)
        assert f" {'h' * 26} +99 " in text
        assert parts_of(text).count == 1

    def test_of_a_long_host_the_end_is_named(self) -> None:
        text = text_of_notification(DISABLED, "a.very.long.shop.example", 12)
        assert " at shop.example is" in text


class TestTheClaim:
    async def test_it_names_the_host_and_nothing_else_of_the_url(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        ready = await claim(shelf, message_id)
        assert ready == ReadyNotificationText(PHONE, WORDS, SENDER, 6 * 3600)
        assert PHONE not in repr(ready)
        assert (await shelf.one(NotificationMessageRow, message_id)).claimed_at == NOW

    async def test_what_is_mended_meanwhile_is_not_texted(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        [endpoint] = await shelf.all_rows(EndpointRow)
        await shelf.change(EndpointRow, endpoint.id, state=EndpointState.ENABLED)
        assert await claim(shelf, message_id) == MessageResult(SKIPPED)
        assert await why(shelf, message_id) == OUT_OF_DATE

    async def test_it_counts_against_no_cap(self, shelf: Shelf) -> None:
        await claim(shelf, await a_text(shelf))
        assert await shelf.count(SmsDayRow) == 0

    async def test_one_without_an_answer_is_never_made_again(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        await claim(shelf, message_id)
        assert await claim(shelf, message_id) == MessageResult(UNKNOWN, "interrupted")
        assert await why(shelf, message_id) == f"interrupted: {MAY_BE_SENT}"
        assert await claim(shelf, message_id) == MessageResult(UNKNOWN)

    async def test_the_phone_of_the_moment_is_texted(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        await _another_phone(shelf, "+919845012345", confirmed=True)
        ready = await claim(shelf, message_id)
        assert isinstance(ready, ReadyNotificationText)
        assert ready.to_phone == "+919845012345"


async def _no_phone(shelf: Shelf) -> None:
    asked = PartnerChange.model_validate({"contact_phone": None})
    await shelf.database.write(change_partner, "shop", asked, NOW, actor="test")


async def _opted_out(shelf: Shelf) -> None:
    await shelf.database.write(
        lambda session: opt_out(
            session,
            "shop",
            phone_index=phone_index(session, PHONE),
            phone_masked=mask_phone(PHONE),
            source=OptOutSource.API,
            now=NOW,
            actor="test",
        )
    )


async def _landline(shelf: Shelf) -> None:
    await _another_phone(shelf, "+912224131234", confirmed=True)


async def _unconfirmed(shelf: Shelf) -> None:
    await _another_phone(shelf, "+919845012345", confirmed=False)


async def _another_phone(shelf: Shelf, phone: str, *, confirmed: bool) -> None:
    change = {"contact_phone": phone, "contact_phone_confirmed": confirmed}
    asked = PartnerChange.model_validate(change)
    await shelf.database.write(change_partner, "shop", asked, NOW, actor="test")


class TestKeptBack:
    @pytest.mark.parametrize(
        ("arrange", "said"),
        [
            (_no_phone, "no contact_phone"),
            (_unconfirmed, "nobody has confirmed"),
            (_landline, "no mobile number"),
            (_opted_out, "has opted out"),
        ],
    )
    async def test_for_its_phone(
        self, shelf: Shelf, arrange: Callable[[Shelf], Awaitable[None]], said: str
    ) -> None:
        message_id = await a_text(shelf)
        await arrange(shelf)
        assert await claim(shelf, message_id) == MessageResult(SKIPPED)
        assert said in (await why(shelf, message_id) or "")

    async def test_without_a_sender(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        assert await claim(shelf, message_id, TextRules()) == MessageResult(SKIPPED)
        assert "TWILIO_SENDER" in (await why(shelf, message_id) or "")

    @pytest.mark.parametrize(
        "scope", ["all", "partner/shop", "account", "sender/DRSTEP", "route/DRSTEP/91"]
    )
    async def test_behind_a_stop_it_waits_and_attempts_none(self, shelf: Shelf, scope: str) -> None:
        message_id = await a_text(shelf)
        made_by = "key_1" if scope == "all" else "doorstep"
        suspension = await shelf.database.write(suspend, scope, NOW, reason="r", made_by=made_by)
        told = await claim(shelf, message_id)
        assert told == MessageResult(WAITING, STOPPED, NOTIFICATION_DELAYS_S[0])
        [(shown, held)] = await shelf.database.read(list_suspensions)
        assert (shown.probe_at, held) == (suspension.probe_at, 0)

    async def test_behind_one_that_stays_it_is_given_up(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        await shelf.database.write(suspend, "all", NOW, reason="r", made_by="key_1")
        told = [await claim(shelf, message_id) for _ in range(6)]
        assert told[-1] == MessageResult(FAILED, STOPPED)


class TestIndia:
    async def registered(self, shelf: Shelf, *texts: str) -> None:
        """The sender, and these content templates of it."""
        await shelf.database.write(put_sender, SENDER, "1101", SENDER, NOW, actor="test")
        for number, text in enumerate(texts):
            asked = DltTemplatePut.model_validate(
                {
                    "event_type": "delivered",
                    "language": "en",
                    "category": "service_implicit",
                    "text": text,
                }
            )
            content_id = str(1107160000000000000 + number)
            await shelf.database.write(
                put_dlt_template, SENDER, content_id, asked, NOW, actor="test"
            )

    @pytest.mark.parametrize("texts", [(), ("Dear {#var#}, it is here.",)])
    async def test_a_registered_sender_without_this_text_sends_none(
        self, shelf: Shelf, texts: tuple[str, ...], caplog: pytest.LogCaptureFixture
    ) -> None:
        message_id = await a_text(shelf)
        await self.registered(shelf, *texts)
        assert await claim(shelf, message_id) == MessageResult(SKIPPED)
        said = f"sender {SENDER} has no registered text that it matches"
        assert await why(shelf, message_id) == said
        assert said in caplog.text

    async def test_what_matches_a_registered_text_is_sent(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        await self.registered(shelf, "Dear {#var#}, it is here.", REGISTERED)
        assert isinstance(await claim(shelf, message_id), ReadyNotificationText)

    async def test_elsewhere_nothing_has_to_match(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf, "+447400123456")
        await self.registered(shelf)
        assert isinstance(await claim(shelf, message_id), ReadyNotificationText)


class TestTheAnswer:
    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (ACCEPTED, MessageResult(SENT, "twilio_accepted")),
            (SmsAnswer(SmsFate.UNKNOWN, "timeout"), MessageResult(UNKNOWN, "timeout")),
            (
                SmsAnswer(SmsFate.BAD_NUMBER, "twilio_21614"),
                MessageResult(REFUSED, "twilio_21614"),
            ),
            (SmsAnswer(SmsFate.OPTED_OUT, "twilio_21610"), MessageResult(SKIPPED)),
            (BUSY, MessageResult(WAITING, BUSY.code, NOTIFICATION_DELAYS_S[0])),
            (
                SmsAnswer(SmsFate.MISCONFIGURED, "twilio_20003"),
                MessageResult(WAITING, "twilio_20003", NOTIFICATION_DELAYS_S[0]),
            ),
        ],
        ids=lambda value: getattr(value, "fate", None),
    )
    async def test_what_follows(self, shelf: Shelf, answer: SmsAnswer, told: MessageResult) -> None:
        message_id = await a_text(shelf)
        await claim(shelf, message_id)
        assert await settle(shelf, message_id, answer) == told
        again = await claim(shelf, message_id)
        assert isinstance(again, ReadyNotificationText) == (told.state is WAITING)

    async def test_a_late_yes_counts_and_a_late_no_does_not(self, shelf: Shelf) -> None:
        message_id = await a_text(shelf)
        await claim(shelf, message_id)
        await claim(shelf, message_id)  # interrupted
        assert await settle(shelf, message_id, BUSY) == MessageResult(UNKNOWN)
        assert (await settle(shelf, message_id, ACCEPTED)).state is SENT
        assert await why(shelf, message_id) is None
