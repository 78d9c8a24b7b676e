"""`post_notification` and `text_notification`: what leaves, how often, and what the workflow
hears."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable

import pytest
from standardwebhooks import Webhook
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.mail_sender import Mail
from activities.notifications import NO_MAIL_SERVER, NotificationActivities
from activities.twilio_sender import NoTwilio, OutgoingText, Texter
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock, utc_now
from contracts.delivery.names import FailureType
from contracts.delivery.retry import spread_of, spread_out
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.mail import MailContent, MailFate, Rendered
from contracts.notifications.messages import (
    NOTIFICATION_DELAYS_S,
    MessageChannel,
    MessageInput,
    MessageResult,
    MessageState,
)
from contracts.notifications.webhooks import OpsWebhook
from contracts.payload.signature import new_secret
from contracts.sms.answers import SmsAnswer, SmsFate
from resolver import NameLookUps
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Reset
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Refuse, Step
from sandbox.twilio_steps import Reset as TwilioReset
from store.db.database import Database
from store.notifications.webhooks import NO_OPS_WEBHOOK
from store.sms.suspensions import lift_suspension, suspend
from store.tables import NotificationMessageRow
from tests.support.mails import PostOffice, Words
from tests.support.notifications import (
    MAIL_ONLY,
    PHONE,
    fanned_out,
    messages_of,
    notifications_of,
    put_webhook,
    somebody,
    switched_off,
    tell,
)
from tests.support.parts import LOOPBACK
from tests.support.shelf import NOW, RULES, Shelf
from tests.support.twilio import texter_on

SECRET = new_secret()
SENT, FAILED, SKIPPED = MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED
UNKNOWN, REFUSED = MessageState.UNKNOWN, MessageState.REFUSED
Make = Callable[..., NotificationActivities]


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    """The product's sender; loopback is opened."""
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


@pytest.fixture
def make(database: Database, sender: WebhookSender) -> Make:
    """Makes the activities; `ops` is where ops listens."""

    def made(
        *,
        texter: Texter | None = None,
        ops: str | None = None,
        mail: Mail | None = None,
        clock: Clock = lambda: NOW,
    ) -> NotificationActivities:
        webhook = OpsWebhook(ops, SECRET) if ops else None
        return NotificationActivities(
            database, sender, texter or NoTwilio(), clock, RULES, webhook, mail
        )

    return made


@pytest.fixture
async def post(shelf: Shelf) -> MessageInput:
    """A notification that waits to be posted."""
    return _task((await switched_off(shelf))[MessageChannel.OPS_WEBHOOK])


@pytest.fixture
async def text(shelf: Shelf) -> MessageInput:
    """A notification that waits to be texted."""
    return _task((await switched_off(shelf))[MessageChannel.SMS])


def _task(notification: NotificationMessageRow) -> MessageInput:
    return MessageInput(notification.id, notification.channel)


async def run(
    activities: NotificationActivities,
    task: MessageInput,
    environment: ActivityEnvironment | None = None,
) -> MessageResult:
    """One attempt, as the workflow asks for it."""
    by_channel = {
        MessageChannel.EMAIL: activities.mail_notification,
        MessageChannel.SMS: activities.text_notification,
    }
    wanted = by_channel.get(task.channel, activities.post_notification)
    return await (environment or ActivityEnvironment()).run(wanted, task)


async def delay_of(activities: NotificationActivities, task: MessageInput, code: str) -> float:
    """The delay that an attempt which does not get through is raised with."""
    with pytest.raises(ApplicationError) as caught:
        await run(activities, task)
    assert (caught.value.type, caught.value.message) == (FailureType.NOTIFICATION_NOT_TAKEN, code)
    assert caught.value.next_retry_delay is not None
    return caught.value.next_retry_delay.total_seconds()


class TestThePost:
    async def test_it_is_signed_as_partners_webhooks_are(
        self, make: Make, shelf: Shelf, post: MessageInput
    ) -> None:
        async with Merchant(secret=SECRET) as ops:
            assert await run(make(ops=ops.url, clock=utc_now), post) == MessageResult(
                SENT, "http_200"
            )
        [received] = ops.received
        said = Webhook(SECRET).verify(received.body, received.headers)
        [written] = await notifications_of(shelf)
        assert (said["id"], said["type"]) == (written.id, "endpoint.disabled")
        assert received.webhook_id == written.id
        assert received.headers["content-type"] == "application/json"
        assert set(said) == {"id", "type", "created_at", "data"}
        assert set(said["data"]) == {"partner_id", "endpoint_id", "reason"}

    @pytest.mark.parametrize("step", [Answer(503), Answer(410), Reset()])
    async def test_it_is_tried_by_its_schedule_and_given_up(
        self, make: Make, post: MessageInput, step: Answer, caplog: pytest.LogCaptureFixture
    ) -> None:
        code = f"http_{step.status}" if isinstance(step, Answer) else "connection"
        async with Merchant(secret=SECRET, behaviour=step) as ops:
            activities = make(ops=ops.url)
            for delay in NOTIFICATION_DELAYS_S:
                assert await delay_of(activities, post, code) == delay
            assert await run(activities, post) == MessageResult(FAILED, code)
            assert await run(activities, post) == MessageResult(FAILED)
        assert len(ops.received) == 1 + len(NOTIFICATION_DELAYS_S)
        assert len({one.webhook_id for one in ops.received}) == 1
        errors = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
        assert [one for one in errors if post.message_id in one and code in one]

    async def test_a_forbidden_address_is_not_reached(self, make: Make, post: MessageInput) -> None:
        activities = make(ops="http://10.1.2.3:8080/ops")
        assert await delay_of(activities, post, "forbidden_address") == NOTIFICATION_DELAYS_S[0]

    async def test_without_an_ops_webhook_it_is_skipped(
        self, make: Make, shelf: Shelf, post: MessageInput, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert await run(make(), post) == MessageResult(SKIPPED)
        assert (await shelf.one(NotificationMessageRow, post.message_id)).why == NO_OPS_WEBHOOK
        assert NO_OPS_WEBHOOK in caplog.text

    async def test_one_that_nobody_knows_is_no_reason_to_try_again(self, make: Make) -> None:
        for channel in MessageChannel:
            with pytest.raises(ApplicationError) as caught:
                await run(make(ops="https://ops.example/in"), MessageInput("ntc_none", channel))
            assert caught.value.non_retryable

    async def test_a_partner_s_own_receiver_is_told_in_its_own_secret(
        self, make: Make, shelf: Shelf
    ) -> None:
        own = new_secret()
        async with Merchant(secret=own) as receiver:
            await shelf.add_partner()
            await put_webhook(shelf, receiver.url, own)
            await tell(shelf, NotificationKind.FAILED_DELIVERIES)
            await fanned_out(shelf, MAIL_ONLY)
            [message] = await messages_of(shelf)
            assert await run(make(clock=utc_now), _task(message)) == MessageResult(SENT, "http_200")
        assert [one.verified for one in receiver.received] == [True]


class TestTheText:
    async def test_it_goes_to_the_contact_phone_once(self, make: Make, text: MessageInput) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            assert await run(activities, text) == MessageResult(SENT, "twilio_accepted")
            assert await run(activities, text) == MessageResult(SENT)
        [message] = twilio.messages
        assert (message.to, message.from_) == (PHONE, "DRSTEP")
        assert "hooks.shop.example" in message.body
        assert "token" not in message.body
        assert "StatusCallback" not in message.form
        assert (message.segments.encoding, message.segments.count) == ("GSM-7", 1)

    @pytest.mark.parametrize("step", [Refuse(20503, taken=True), Refuse(20500), TwilioReset()])
    async def test_an_ambiguous_answer_is_not_repeated(
        self, make: Make, shelf: Shelf, text: MessageInput, step: Step
    ) -> None:
        async with TwilioSandbox(behaviour=step, callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            assert (await run(activities, text)).state is UNKNOWN
            assert await run(activities, text) == MessageResult(UNKNOWN)
        assert len(twilio.attempts) == 1
        assert "not sent again" in (
            (await shelf.one(NotificationMessageRow, text.message_id)).why or ""
        )

    async def test_what_certainly_was_not_sent_is_tried_again(
        self, make: Make, text: MessageInput
    ) -> None:
        async with TwilioSandbox(behaviour=Refuse(20429), callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            for delay in NOTIFICATION_DELAYS_S:
                assert await delay_of(activities, text, "twilio_20429") == delay
            assert await run(activities, text) == MessageResult(FAILED, "twilio_20429")
        assert twilio.messages == []

    async def test_a_stop_keeps_it_until_it_is_lifted(
        self, make: Make, database: Database, text: MessageInput
    ) -> None:
        stop = await database.write(suspend, "all", NOW, reason="r", made_by="key_1")
        async with TwilioSandbox(callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            assert await delay_of(activities, text, "sms_suspended") == NOTIFICATION_DELAYS_S[0]
            assert twilio.attempts == []
            await database.write(lift_suspension, stop.id, NOW, actor="key_1")
            assert (await run(activities, text)).state is SENT

    async def test_called_off_on_the_wire_its_end_is_written_down(
        self, make: Make, shelf: Shelf, text: MessageInput
    ) -> None:
        asked, go_on = asyncio.Event(), asyncio.Event()

        class Slow:
            async def send(self, text: OutgoingText) -> SmsAnswer:
                asked.set()
                await go_on.wait()
                return SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1)

        environment = ActivityEnvironment()
        trying = asyncio.create_task(run(make(texter=Slow()), text, environment))
        await asked.wait()
        environment.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await trying
        assert (await shelf.one(NotificationMessageRow, text.message_id)).state is SENT

    async def test_nothing_personal_is_logged_or_told(
        self, make: Make, text: MessageInput, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Buggy:
            async def send(self, text: OutgoingText) -> SmsAnswer:
                raise ZeroDivisionError(text.to)

        with caplog.at_level(logging.DEBUG), pytest.raises(ApplicationError) as caught:
            await run(make(texter=Buggy()), text)
        told = await run(make(), text)
        for secret in (PHONE, "9812345678", "hook-secret"):
            assert secret not in caplog.text + str(caught.value) + json.dumps(str(told))


@pytest.fixture
async def mail(shelf: Shelf) -> MessageInput:
    """An e-mail that waits to be sent."""
    await shelf.add_partner()
    await somebody(shelf)
    await tell(shelf, NotificationKind.WEEKLY_OUTCOMES)
    await fanned_out(shelf, MAIL_ONLY)
    [message] = await messages_of(shelf)
    return _task(message)


class TestTheMail:
    async def test_it_goes_to_the_person_once(self, make: Make, mail: MessageInput) -> None:
        office = PostOffice()
        activities = make(mail=office.mail)
        assert await run(activities, mail) == MessageResult(SENT, "smtp_250")
        assert await run(activities, mail) == MessageResult(SENT)
        [sent] = office.taken
        assert (sent.to, sent.message_id) == ("priya@chaipoint.example", mail.message_id)
        assert sent.preferences_url == "https://doorstep.example/dashboard/account/notifications"
        [item] = office.worded[0].items
        assert item.link == "https://doorstep.example/dashboard/p/shop/outcomes"
        assert (item.partner_name, item.time_zone) == ("Chai Point", "Asia/Kolkata")
        assert office.worded[0].recipient_name == "Priya"

    async def test_without_a_mail_server_it_is_skipped(
        self, make: Make, shelf: Shelf, mail: MessageInput
    ) -> None:
        assert await run(make(), mail) == MessageResult(SKIPPED)
        row = await shelf.one(NotificationMessageRow, mail.message_id)
        assert row.why == NO_MAIL_SERVER

    async def test_what_certainly_was_not_sent_is_tried_again(
        self, make: Make, mail: MessageInput
    ) -> None:
        office = PostOffice(MailFate.NOT_SENT, "smtp_451")
        activities = make(mail=office.mail)
        for delay in (*NOTIFICATION_DELAYS_S[:4], 3600.0, 3600.0):
            spread = spread_out(delay, spread_of(mail.message_id))
            assert await delay_of(activities, mail, "smtp_451") == spread
        office.fate = MailFate.SENT
        assert (await run(activities, mail)).state is SENT

    @pytest.mark.parametrize(
        ("fate", "state"),
        [
            (MailFate.UNKNOWN, UNKNOWN),
            (MailFate.REFUSED, REFUSED),
            (MailFate.REJECTED, REFUSED),
        ],
    )
    async def test_what_may_have_been_sent_or_never_will_be_is_not_repeated(
        self, make: Make, mail: MessageInput, fate: MailFate, state: MessageState
    ) -> None:
        office = PostOffice(fate, "smtp_550")
        activities = make(mail=office.mail)
        assert (await run(activities, mail)).state is state
        assert (await run(activities, mail)).state is state
        assert office.asked == 1

    async def test_what_came_meanwhile_goes_with_it(
        self, make: Make, shelf: Shelf, mail: MessageInput
    ) -> None:
        async def another() -> None:
            if office.asked == 1:
                await tell(shelf, NotificationKind.WEEKLY_OUTCOMES)
                await fanned_out(shelf, MAIL_ONLY)

        office = PostOffice(before_claim=another)
        assert (await run(make(mail=office.mail), mail)).state is SENT
        assert [len(one.items) for one in office.worded] == [1, 2]
        assert len(office.taken) == 1

    async def test_what_changes_all_the_time_is_tried_again_soon(
        self, make: Make, shelf: Shelf, mail: MessageInput
    ) -> None:
        async def another() -> None:
            await tell(shelf, NotificationKind.WEEKLY_OUTCOMES)
            await fanned_out(shelf, MAIL_ONLY)

        office = PostOffice(before_claim=another)
        assert await delay_of(make(mail=office.mail), mail, "changed") == 1
        assert office.taken == []
        assert (await shelf.one(NotificationMessageRow, mail.message_id)).attempts == 0

    async def test_two_at_once_send_one(self, make: Make, mail: MessageInput) -> None:
        both = asyncio.Barrier(2)

        async def together() -> None:
            if office.asked <= 2:
                await both.wait()

        office = PostOffice(before_claim=together)
        activities = make(mail=office.mail)
        results = await asyncio.gather(
            run(activities, mail), run(activities, mail), return_exceptions=True
        )
        assert len(office.taken) == 1
        assert [one for one in results if isinstance(one, MessageResult)]

    async def test_a_mistake_of_ours_before_the_claim_is_an_attempt(
        self, make: Make, mail: MessageInput
    ) -> None:
        class Buggy(Words):
            def render(self, content: MailContent) -> Rendered:
                raise ZeroDivisionError(content.recipient_name)

        office = PostOffice(words=Buggy())
        delay = await delay_of(make(mail=office.mail), mail, "our_fault")
        assert delay == spread_out(NOTIFICATION_DELAYS_S[0], spread_of(mail.message_id))

    async def test_called_off_on_the_wire_its_end_is_written_down(
        self, make: Make, shelf: Shelf, mail: MessageInput
    ) -> None:
        asked, go_on = asyncio.Event(), asyncio.Event()

        async def slowly() -> None:
            asked.set()
            await go_on.wait()

        office, environment = PostOffice(before_claim=slowly), ActivityEnvironment()
        trying = asyncio.create_task(run(make(mail=office.mail), mail, environment))
        await asked.wait()
        environment.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await trying
        assert (await shelf.one(NotificationMessageRow, mail.message_id)).state is SENT
