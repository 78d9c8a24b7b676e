"""`post_notification` and `text_notification`: ops and the partner hear that an endpoint was
switched off."""

from collections.abc import Coroutine
from typing import Any

from temporalio import activity

from activities.failures import as_failures, charged
from activities.in_flight import heartbeats, insisted, seen_to_its_end
from activities.own_faults import or_after_a_mistake
from activities.twilio_sender import OutgoingText, Texter
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock
from contracts.delivery.names import FailureType
from contracts.endpoints.notifications import NotificationInput, NotificationResult, OpsWebhook
from contracts.sms.rules import TextRules
from store.db.database import Database
from store.deliveries.attempts import ReadyAttempt
from store.notifications.notifications import (
    ReadyNotification,
    note_mistake,
    ready_notification,
    settle_post,
    skip_waiting,
)
from store.sms.notification_texts import (
    ReadyNotificationText,
    claim_notification_text,
    settle_notification_text,
)

NO_OPS_WEBHOOK = "no ops webhook is set"


class NotificationActivities:
    """Sends notifications. `ops` is None where no operational webhook is set."""

    def __init__(
        self,
        database: Database,
        sender: WebhookSender,
        texter: Texter,
        clock: Clock,
        rules: TextRules,
        ops: OpsWebhook | None,
    ) -> None:
        self._database = database
        self._sender = sender
        self._texter = texter
        self._clock = clock
        self._rules = rules
        self._ops = ops

    @activity.defn
    async def post_notification(self, task: NotificationInput) -> NotificationResult:
        """Make one attempt of the operational webhook, signed and guarded as partners' webhooks
        are.

        Returns how the notification ended: sent, skipped, or failed after its last attempt. Raises
        `NotificationNotTaken` with the schedule's delay when ops's receiver did not take it.
        """
        with as_failures(), heartbeats():
            return _ended(
                await self._or_counted(task.notification_id, self._notify_ops(task.notification_id))
            )

    @activity.defn
    async def text_notification(self, task: NotificationInput) -> NotificationResult:
        """Send the text of a notification to the partner's contact phone, at most once.

        Returns how the notification ended: sent, skipped, or failed: refused for good, given up, or
        nobody can tell whether it was sent. Raises `NotificationNotTaken` with the schedule's delay
        when Twilio certainly sent nothing for now, or texts are stopped.
        """
        with as_failures(), heartbeats():
            work = seen_to_its_end(self._claim_and_send(task.notification_id))
            return _ended(await self._or_counted(task.notification_id, work))

    async def _or_counted(
        self, notification_id: str, work: Coroutine[Any, Any, NotificationResult]
    ) -> NotificationResult:
        """A mistake of ours counts as an attempt that told nobody: the schedule ends it, too."""

        async def counted(error: Exception) -> NotificationResult:
            told = await self._database.write(note_mistake, notification_id, self._clock())
            if told is None:
                raise error
            return told

        return await or_after_a_mistake(work, counted)

    async def _notify_ops(self, notification_id: str) -> NotificationResult:
        if self._ops is None:
            return await self._database.write(
                skip_waiting, notification_id, NO_OPS_WEBHOOK, self._clock()
            )
        ready = await self._database.read(ready_notification, notification_id)
        if isinstance(ready, NotificationResult):
            return ready
        return await self._post(notification_id, ready, self._ops)

    async def _post(
        self, notification_id: str, ready: ReadyNotification, ops: OpsWebhook
    ) -> NotificationResult:
        trial = ReadyAttempt(
            attempt_id=notification_id,
            number=ready.attempts + 1,
            event_id=notification_id,  # the `webhook-id`
            endpoint_id=ready.endpoint_id,
            url=ops.url,
            secrets=[ops.secret],
            body=ready.body,
        )
        answer = await self._sender.post(trial, sent_at=self._clock())
        return await insisted(
            lambda: self._database.write(settle_post, notification_id, answer, self._clock())
        )

    async def _claim_and_send(self, notification_id: str) -> NotificationResult:
        """The claim, the call and its end, as one: a claim without its call would look like a text
        that may have been sent."""
        ready = await self._database.write(
            claim_notification_text, notification_id, self._clock(), self._rules
        )
        if isinstance(ready, NotificationResult):
            return ready
        answer = await self._texter.send(_outgoing(ready))
        return await insisted(
            lambda: self._database.write(
                settle_notification_text, notification_id, answer, self._clock()
            )
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


def _ended(told: NotificationResult) -> NotificationResult:
    """How it ended; raises where it is tried again."""
    if told.again_in_s is not None:
        raise charged(FailureType.NOTIFICATION_NOT_TAKEN, told.code or "", told.again_in_s)
    return told
