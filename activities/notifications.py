"""`post_notification`, `text_notification` and `mail_notification`: one message of a notification
each, on its way."""

from collections.abc import Coroutine
from typing import Any

from temporalio import activity

from activities.failures import as_failures, charged
from activities.in_flight import heartbeats, insisted, seen_to_its_end
from activities.mail_sender import Mail
from activities.own_faults import or_after_a_mistake
from activities.twilio_sender import OutgoingText, Texter
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock
from contracts.delivery.names import FailureType
from contracts.notifications.links import PREFERENCES
from contracts.notifications.mail import MailAnswer, MailContent, MailFate, OutgoingMail
from contracts.notifications.messages import MessageInput, MessageResult, MessageState
from contracts.notifications.webhooks import OpsWebhook
from contracts.sms.rules import TextRules
from store.db.database import Database
from store.deliveries.attempts import ReadyAttempt
from store.instructions.notifications import some_unanswered
from store.notifications.mails import CHANGED, ReadyMail, claim_mail, ready_mail, settle_mail
from store.notifications.messages import note_mistake, skip_waiting
from store.notifications.webhooks import ReadyPost, ready_post, settle_post
from store.sms.notification_texts import (
    ReadyNotificationText,
    claim_notification_text,
    settle_notification_text,
)

NO_MAIL_SERVER = "no mail server is set"
_PUT_TOGETHER_AT_MOST = 3
_SOON_S = 1.0


class NotificationActivities:
    """Sends messages of notifications. `ops` is None where no operational webhook is set, `mail`
    where no mail server is."""

    def __init__(
        self,
        database: Database,
        sender: WebhookSender,
        texter: Texter,
        clock: Clock,
        rules: TextRules,
        ops: OpsWebhook | None,
        mail: Mail | None = None,
    ) -> None:
        self._database = database
        self._sender = sender
        self._texter = texter
        self._clock = clock
        self._rules = rules
        self._ops = ops
        self._mail = mail

    @activity.defn
    async def post_notification(self, task: MessageInput) -> MessageResult:
        """Make one attempt of an operational webhook, signed and guarded as partners' webhooks are.

        Returns how the message ended: sent, skipped, or failed after its last attempt. Raises
        `NotificationNotTaken` with the schedule's delay when the receiver did not take it.
        """
        with as_failures(), heartbeats():
            return _ended(await self._or_counted(task, self._post(task.message_id)))

    @activity.defn
    async def text_notification(self, task: MessageInput) -> MessageResult:
        """Send a text to the partner's contact phone, at most once.

        Returns how the message ended. Raises `NotificationNotTaken` with the schedule's delay when
        Twilio certainly sent nothing for now, or texts are stopped.
        """
        with as_failures(), heartbeats():
            work = seen_to_its_end(self._claim_and_text(task.message_id))
            return _ended(await self._or_counted(task, work))

    @activity.defn
    async def mail_notification(self, task: MessageInput) -> MessageResult:
        """Send an e-mail to one person, at most once.

        Returns how the message ended. Raises `NotificationNotTaken` with a delay when the mail
        server certainly took nothing for now, or it can wait for the morning.
        """
        with as_failures(), heartbeats():
            work = seen_to_its_end(self._send_mail(task.message_id))
            return _ended(await self._or_counted(task, work))

    async def _or_counted(
        self, task: MessageInput, work: Coroutine[Any, Any, MessageResult]
    ) -> MessageResult:
        """A mistake of ours counts as an attempt that told nobody: the schedule ends it, too."""

        async def counted(error: Exception) -> MessageResult:
            result = await self._database.write(note_mistake, task.message_id, self._clock())
            if result is None:
                raise error
            return result

        return await or_after_a_mistake(work, counted)

    async def _post(self, message_id: str) -> MessageResult:
        write = self._database.write
        ready = await write(ready_post, message_id, self._clock(), self._ops)
        if isinstance(ready, MessageResult):
            return ready
        answer = await self._sender.post(_attempt(message_id, ready), sent_at=self._clock())
        return await insisted(lambda: write(settle_post, message_id, answer, self._clock()))

    async def _claim_and_text(self, message_id: str) -> MessageResult:
        """The claim, the call and its end, as one: a claim without its call would look like a text
        that may have been sent."""
        write = self._database.write
        ready = await write(claim_notification_text, message_id, self._clock(), self._rules)
        if isinstance(ready, MessageResult):
            return ready
        answer = await self._texter.send(_outgoing(ready))
        return await insisted(
            lambda: write(settle_notification_text, message_id, answer, self._clock())
        )

    async def _send_mail(self, message_id: str) -> MessageResult:
        """Put it together and send it; anew, where what is true has changed by the time the body
        would leave."""
        if self._mail is None:
            return await self._database.write(
                skip_waiting, message_id, NO_MAIL_SERVER, self._clock()
            )
        for _ in range(_PUT_TOGETHER_AT_MOST):
            ready = await self._database.write(
                ready_mail, message_id, self._clock(), self._mail.base_url, some_unanswered
            )
            if isinstance(ready, MessageResult):
                return ready
            answer = await self._hand_over(message_id, ready, self._mail)
            if answer.fate is not MailFate.STOPPED:
                return await self._settle_mail(message_id, answer)
        return MessageResult(MessageState.WAITING, CHANGED, _SOON_S)

    async def _settle_mail(self, message_id: str, answer: MailAnswer) -> MessageResult:
        return await insisted(
            lambda: self._database.write(settle_mail, message_id, answer, self._clock())
        )

    async def _hand_over(self, message_id: str, ready: ReadyMail, mail: Mail) -> MailAnswer:
        async def claim() -> bool:
            return await self._database.write(
                claim_mail, message_id, ready.told, self._clock(), some_unanswered
            )

        return await mail.sender.send(_worded(message_id, ready, mail), before_body=claim)


def _worded(message_id: str, ready: ReadyMail, mail: Mail) -> OutgoingMail:
    preferences_url = f"{mail.base_url}{PREFERENCES}" if ready.optional else None
    content = MailContent(
        items=ready.items,
        recipient_name=ready.name,
        language=ready.language,
        brand=mail.brand,
        base_url=mail.base_url,
        preferences_url=preferences_url,
    )
    rendered = mail.renderer.render(content)
    return OutgoingMail(
        message_id=message_id,
        to=ready.to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        preferences_url=preferences_url,
    )


def _attempt(message_id: str, ready: ReadyPost) -> ReadyAttempt:
    """As a webhook's attempt; its `webhook-id` is the notification's id."""
    return ReadyAttempt(
        attempt_id=message_id,
        number=ready.attempts + 1,
        event_id=ready.notification_id,
        endpoint_id=ready.endpoint_id or "",
        url=ready.receiver.url,
        secrets=[ready.receiver.secret],
        body=ready.body,
    )


def _outgoing(ready: ReadyNotificationText) -> OutgoingText:
    """Without a status callback: nobody waits for what becomes of it."""
    return OutgoingText(
        to=ready.to_phone,
        body=ready.body,
        sender=ready.sender,
        validity_s=ready.validity_s,
        status_callback=None,
    )


def _ended(result: MessageResult) -> MessageResult:
    """How it ended; raises where it is tried again."""
    if result.again_in_s is not None:
        raise charged(FailureType.NOTIFICATION_NOT_TAKEN, result.code or "", result.again_in_s)
    return result
