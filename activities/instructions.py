"""`post_instruction`: the OMS hears of an order's instructions, one attempt at a time."""

from temporalio import activity

from activities.failures import as_failures
from activities.in_flight import heartbeats, insisted
from activities.own_faults import or_after_a_mistake
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock
from contracts.instructions.posts import OmsWebhook, PostInstructions, PostResult
from store.db.database import Database
from store.deliveries.attempts import ReadyAttempt
from store.instructions.posts import ReadyPost, begin_post, note_mistake, settle_post

OMS = "oms"
"""What stands in logs for the endpoint's id."""


class InstructionActivities:
    """Posts instructions. `oms` is None where no OMS webhook is set."""

    def __init__(
        self, database: Database, sender: WebhookSender, clock: Clock, oms: OmsWebhook | None
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._oms = oms

    @activity.defn
    async def post_instruction(self, task: PostInstructions) -> PostResult:
        """Make one attempt for the first instruction of the order that waits, signed and guarded as
        partners' webhooks are; gives how long the next one waits, if there is one.

        A mistake of ours counts as an attempt that told nobody: the schedule ends it, too.
        """

        async def counted(_error: Exception) -> PostResult:
            return await self._database.write(note_mistake, task, self._clock())

        with as_failures(), heartbeats():
            return await or_after_a_mistake(self._post(task), counted)

    async def _post(self, task: PostInstructions) -> PostResult:
        ready = await self._database.write(
            begin_post, task, self._clock(), has_webhook=self._oms is not None
        )
        if isinstance(ready, PostResult) or self._oms is None:
            return ready if isinstance(ready, PostResult) else PostResult()
        answer = await self._sender.post(_request(ready, self._oms), sent_at=self._clock())
        return await insisted(
            lambda: self._database.write(settle_post, ready.attempt_id, answer, self._clock())
        )


def _request(ready: ReadyPost, oms: OmsWebhook) -> ReadyAttempt:
    return ReadyAttempt(
        attempt_id=ready.attempt_id,
        number=ready.number,
        event_id=ready.instruction_id,  # the `webhook-id`
        endpoint_id=OMS,
        url=oms.url,
        secrets=[oms.secret],
        body=ready.body,
    )
