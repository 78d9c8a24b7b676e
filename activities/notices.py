"""`post_notice` and `text_notice`: ops and the partner hear that an endpoint was switched off."""

from collections.abc import Coroutine
from typing import Any

from temporalio import activity

from activities.failures import as_failures, charged
from activities.on_the_wire import heartbeats, insisted, seen_to_its_end
from activities.own_faults import or_after_a_mistake
from activities.twilio_sender import OutgoingText, Texter
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock
from contracts.names import FailureType
from contracts.notices import OpsWebhook, Tell, Told
from contracts.sms.rules import TextRules
from store.attempts import ReadyAttempt
from store.database import Database
from store.notices import ReadyNotice, note_mistake, ready_notice, settle_post, skip_waiting
from store.sms.notice_texts import ReadyNoticeText, claim_notice_text, settle_notice_text

NO_OPS_WEBHOOK = "no ops webhook is set"


class NoticeActivities:
    """Sends notices. `ops` is None where no operational webhook is set."""

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
    async def post_notice(self, task: Tell) -> Told:
        """Make one try of the operational webhook, signed and guarded as partners' webhooks are.

        Returns how the notice ended: sent, skipped, or failed after its last try. Raises
        `NoticeNotTaken` with the schedule's delay when ops's receiver did not take it.
        """
        with as_failures(), heartbeats():
            return _ended(await self._or_counted(task.notice_id, self._tell_ops(task.notice_id)))

    @activity.defn
    async def text_notice(self, task: Tell) -> Told:
        """Send the text of a notice to the partner's contact phone, at most once.

        Returns how the notice ended: sent, skipped, or failed: refused for good, given up, or
        nobody can tell whether it was sent. Raises `NoticeNotTaken` with the schedule's delay when
        Twilio certainly sent nothing for now, or texts are stopped.
        """
        with as_failures(), heartbeats():
            work = seen_to_its_end(self._claim_and_send(task.notice_id))
            return _ended(await self._or_counted(task.notice_id, work))

    async def _or_counted(self, notice_id: str, work: Coroutine[Any, Any, Told]) -> Told:
        """A mistake of ours counts as a try that told nobody: the schedule ends it, too."""

        async def counted(error: Exception) -> Told:
            told = await self._database.write(note_mistake, notice_id, self._clock())
            if told is None:
                raise error
            return told

        return await or_after_a_mistake(work, counted)

    async def _tell_ops(self, notice_id: str) -> Told:
        if self._ops is None:
            return await self._database.write(
                skip_waiting, notice_id, NO_OPS_WEBHOOK, self._clock()
            )
        ready = await self._database.read(ready_notice, notice_id)
        if isinstance(ready, Told):
            return ready
        return await self._post(notice_id, ready, self._ops)

    async def _post(self, notice_id: str, ready: ReadyNotice, ops: OpsWebhook) -> Told:
        trial = ReadyAttempt(
            attempt_id=notice_id,
            number=ready.tries + 1,
            event_id=notice_id,  # the `webhook-id`
            endpoint_id=ready.endpoint_id,
            url=ops.url,
            secrets=[ops.secret],
            body=ready.body,
        )
        answer = await self._sender.post(trial, sent_at=self._clock())
        return await insisted(
            lambda: self._database.write(settle_post, notice_id, answer, self._clock())
        )

    async def _claim_and_send(self, notice_id: str) -> Told:
        """The claim, the call and its end, as one: a claim without its call would look like a text
        that may have been sent."""
        ready = await self._database.write(claim_notice_text, notice_id, self._clock(), self._rules)
        if isinstance(ready, Told):
            return ready
        answer = await self._texter.send(_outgoing(ready))
        return await insisted(
            lambda: self._database.write(settle_notice_text, notice_id, answer, self._clock())
        )


def _outgoing(ready: ReadyNoticeText) -> OutgoingText:
    """Without a status callback: nobody waits for what becomes of it."""
    return OutgoingText(
        to=ready.to_phone,
        body=ready.body,
        sender=ready.sender,
        validity_s=ready.validity_s,
        status_callback=None,
    )


def _ended(told: Told) -> Told:
    """How it ended; raises where it is tried again."""
    if told.again_in_s is not None:
        raise charged(FailureType.NOTICE_NOT_TAKEN, told.code or "", told.again_in_s)
    return told
