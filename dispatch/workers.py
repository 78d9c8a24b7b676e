"""Which workers are at work: seen by Temporal within seconds.

Temporal remembers a poller for five minutes, also one whose process was killed or stopped. When it
polled last says little of an idle one: its poll waits for a minute. So a worker also sends
heartbeats; where a server keeps none, only a minute's silence says that a worker is gone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerRequest,
    ListWorkersRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from contracts.clock import Clock
from dispatch.connection import HEARTBEATS_EVERY

SEEN_WITHIN = 3 * HEARTBEATS_EVERY
LONGEST_POLL = timedelta(seconds=75)
"""A poll that found nothing is answered after a minute, and then the next one comes."""


@dataclass(frozen=True)
class SeenWorker:
    """A worker's process, how long ago it showed itself, and whether that says that it lives."""

    identity: str
    ago: timedelta
    lives: bool


_ANSWER_LIMIT = timedelta(seconds=5)
_KINDS = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


async def workers_at_work(client: Client, task_queue: str, clock: Clock) -> set[str]:
    """The identities that poll a queue for workflows and for activities, and live. RPCError where
    Temporal does not say."""
    return {one.identity for one in await workers_seen(client, task_queue, clock) if one.lives}


async def workers_seen(client: Client, task_queue: str, clock: Clock) -> list[SeenWorker]:
    """All that Temporal remembers of a queue's workers, the one that was seen last first. RPCError
    where it does not say."""
    polled_at = await last_polls(client, task_queue)
    beat_at = await _heartbeats(client, task_queue)
    now = clock()

    def seen(identity: str) -> SeenWorker:
        if identity in beat_at:
            ago = now - max(beat_at[identity], polled_at[identity])
            return SeenWorker(identity, ago, ago <= SEEN_WITHIN)
        ago = now - polled_at[identity]
        return SeenWorker(identity, ago, ago <= LONGEST_POLL)

    return sorted(map(seen, polled_at), key=lambda one: one.ago)


async def last_polls(client: Client, task_queue: str) -> dict[str, datetime]:
    """Who polls a queue for workflows and for activities, and when it did so last. RPCError where
    Temporal does not say."""
    workflows, activities = [await _pollers_of(client, task_queue, kind) for kind in _KINDS]
    return {one: max(at, activities[one]) for one, at in workflows.items() if one in activities}


async def _pollers_of(
    client: Client, task_queue: str, kind: "TaskQueueType.ValueType"
) -> dict[str, datetime]:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=task_queue), task_queue_type=kind
    )
    answer = await client.workflow_service.describe_task_queue(request, timeout=_ANSWER_LIMIT)
    return {one.identity: _moment(one.last_access_time) for one in answer.pollers}


async def _heartbeats(client: Client, task_queue: str) -> dict[str, datetime]:
    """The last heartbeat of each worker; none from a server that does not know them."""
    service, found = client.workflow_service, dict[str, datetime]()
    listing = ListWorkersRequest(namespace=client.namespace, query=f"TaskQueue = '{task_queue}'")
    try:
        for one in (await service.list_workers(listing, timeout=_ANSWER_LIMIT)).workers:
            request = DescribeWorkerRequest(
                namespace=client.namespace, worker_instance_key=one.worker_instance_key
            )
            described = await service.describe_worker(request, timeout=_ANSWER_LIMIT)
            beat = described.worker_info.worker_heartbeat
            at = _moment(beat.heartbeat_time)
            found[beat.worker_identity] = max(at, found.get(beat.worker_identity, at))
    except RPCError:  # one that ended meanwhile is as well known by its polls
        return found
    return found


def _moment(timestamp: Timestamp) -> datetime:
    return timestamp.ToDatetime(UTC)
