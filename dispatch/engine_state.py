"""How Temporal does, for a page: whether it answers within a second, its version, its workers."""

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError

from contracts.clock import Clock
from contracts.delivery import names
from dispatch.calls import answered_within
from dispatch.gateway import QUERY_LIMIT
from dispatch.workers import SeenWorker, workers_seen


@dataclass(frozen=True)
class EngineState:
    """What Temporal says of itself, and of the workers that it remembers."""

    version: str
    namespace: str
    workers: Sequence[SeenWorker]


class EngineWatch:
    """Looks at Temporal, and never waits for it for long."""

    def __init__(self, client: Client, clock: Clock, task_queue: str = names.TASK_QUEUE) -> None:
        self._client = client
        self._clock = clock
        self._task_queue = task_queue

    async def look(self) -> EngineState | None:
        """How it does now; None when it does not answer all of it within a second."""
        client = self._client
        try:
            async with answered_within(QUERY_LIMIT):
                request = GetSystemInfoRequest()
                info = await client.workflow_service.get_system_info(request, timeout=QUERY_LIMIT)
                workers = await workers_seen(client, self._task_queue, self._clock)
        except (RPCError, RuntimeError):
            return None
        return EngineState(info.server_version, client.namespace, workers)
