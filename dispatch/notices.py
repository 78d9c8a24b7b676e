"""Starts the workflows that send notices, for as long as some wait in the database.

Several workers may do it at once: a notice has one workflow, whoever starts it.
"""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError

from contracts import names
from contracts.clock import Clock
from contracts.errors import EngineUnavailable
from contracts.ids import notice_workflow_id
from contracts.notices import Tell
from dispatch.rounds import look_every
from store.database import Database
from store.notices import NoticeToStart, mark_asked, notices_to_start
from workflows import TellOfEndpoint, search_attributes

EVERY = timedelta(seconds=2)
_CALL_LIMIT = timedelta(seconds=5)


class Notices:
    """Looks for notices that wait, until it is told to stop."""

    def __init__(
        self,
        database: Database,
        client: Client,
        clock: Clock,
        task_queue: str = names.TASK_QUEUE,
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._task_queue = task_queue

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds; trouble with the store or Temporal only makes it wait."""
        await look_every(EVERY, self.look, stop, "notices wait")

    async def look(self) -> None:
        """Look once. A worker that is killed in here starts nothing twice and leaves nothing out:
        what it had not marked is asked for again, and has its workflow already."""
        for notice in await self._database.read(notices_to_start, self._clock()):
            await self._start(notice)
            await self._database.write(mark_asked, notice.notice_id, self._clock())

    async def _start(self, notice: NoticeToStart) -> None:
        """Have a notice sent. EngineUnavailable when Temporal does not take it."""
        attributes = [SearchAttributePair(search_attributes.PARTNER_ID, notice.partner_id)]
        try:
            await self._client.start_workflow(
                TellOfEndpoint.run,
                Tell(notice.notice_id, notice.channel),
                id=notice_workflow_id(notice.notice_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=TypedSearchAttributes(attributes),
                static_summary=f"notice of endpoint {notice.endpoint_id} of {notice.partner_id}",
                rpc_timeout=_CALL_LIMIT,
            )
        except (RPCError, RuntimeError) as error:
            raise EngineUnavailable("Temporal did not take a notice") from error
