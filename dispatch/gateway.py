"""The one place that starts, signals and asks workflows."""

import logging
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import (
    Priority,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from contracts.delivery import names
from contracts.delivery.messages import DeliverEvent, EventStatus, RetryRequest
from contracts.delivery.retry import RetrySchedule
from contracts.errors import EngineUnavailable
from contracts.ids import workflow_id
from contracts.outages import Outage
from contracts.tracing import NO_TRACING, Tracing
from dispatch.calls import CALL_LIMIT, answered_within
from dispatch.start import SUMMARY_BYTES
from store.events.outbox import Startable
from workflows import DeliverTrackingEvent, search_attributes

log = logging.getLogger(__name__)

QUERY_LIMIT = timedelta(seconds=1)
_EAGERLY_STARTED = "__temporal_eagerly_started"
"""What the SDK notes on a handle; it has no public name for it. Without it, no start was eager."""


class Execution(StrEnum):
    """What Temporal knows of an event's workflow. `ended`: by itself, by ops, or by a failure."""

    RUNNING = "running"
    CANCELLED = "cancelled"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Gateway:
    """Talks to Temporal about events. `schedule` is what new workflows retry by."""

    def __init__(
        self,
        client: Client,
        schedule: RetrySchedule,
        task_queue: str = names.TASK_QUEUE,
        tracing: Tracing = NO_TRACING,
    ) -> None:
        self._client = client
        self._tracing = tracing
        self._schedule = schedule
        self._task_queue = task_queue
        self._outage = Outage()

    async def start(self, event: Startable, *, eagerly: bool = False) -> bool:
        """Start the workflow of an event. Already started means started, unless ops put an end to
        it or it failed before it did its work: then it runs again.

        `eagerly` asks the server to hand the first task to a worker of this very client; gives
        whether it did. RPCError when Temporal does not take it.
        """
        with suppress(WorkflowAlreadyStartedError):
            return await self._start(
                event, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY, eagerly=eagerly
            )
        return False

    async def start_again(self, event: Startable) -> None:
        """Run an event's workflow again on its stored plan, unless it is running.

        RPCError when Temporal does not take it.
        """
        await self._start(event, WorkflowIDReusePolicy.ALLOW_DUPLICATE)

    async def execution(self, event_id: str) -> Execution:
        """What Temporal knows of an event's workflow. RPCError when it does not answer."""
        try:
            handle = self._client.get_workflow_handle(workflow_id(event_id))
            async with answered_within(CALL_LIMIT):
                described = await handle.describe(rpc_timeout=CALL_LIMIT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND and not _lacks_namespace(error):
                return Execution.UNKNOWN
            raise
        if described.status is WorkflowExecutionStatus.RUNNING:
            return Execution.RUNNING
        cancelled = described.status is WorkflowExecutionStatus.CANCELED
        return Execution.CANCELLED if cancelled else Execution.ENDED

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """Ask for deliveries to be sent again: a running workflow hears it, an ended one runs
        again on its stored plan. EngineUnavailable when Temporal does not take it."""
        try:
            await self._start(event, WorkflowIDReusePolicy.ALLOW_DUPLICATE, signal=request)
        except (RPCError, RuntimeError) as error:
            raise EngineUnavailable("Temporal did not take the retry: ask again") from error

    async def status(self, event_id: str) -> EventStatus | None:
        """What the workflow says of an event; None when no worker answers within a second."""
        handle = self._client.get_workflow_handle(workflow_id(event_id))
        try:
            async with answered_within(QUERY_LIMIT):
                status: EventStatus = await handle.query(
                    names.STATUS, result_type=EventStatus, rpc_timeout=QUERY_LIMIT
                )
            return status
        except (RPCError, RuntimeError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
            return None

    async def ping(self) -> None:
        """Ask Temporal for a sign of life. EngineUnavailable if there is none: the log hears of it
        once, and once that there is one again."""
        try:
            await self._require_health()
        except EngineUnavailable as error:
            if self._outage.begins():
                log.warning("%s", error)
            error.is_logged = True
            raise
        if self._outage.ends():
            log.info("Temporal answers again")

    async def _require_health(self) -> None:
        try:
            healthy = await self._client.service_client.check_health(timeout=QUERY_LIMIT)
        except (RPCError, RuntimeError) as error:
            raise EngineUnavailable("Temporal does not answer") from error
        if not healthy:
            raise EngineUnavailable("Temporal says that it is not serving")

    async def _start(
        self,
        event: Startable,
        reuse: WorkflowIDReusePolicy,
        *,
        signal: RetryRequest | None = None,
        eagerly: bool = False,
    ) -> bool:
        """In the event's own trace, whoever asks for it and in whatever other trace."""
        with self._tracing.going_on_from(event.traceparent):
            async with answered_within(CALL_LIMIT):
                return await self._start_in_its_trace(event, reuse, signal=signal, eagerly=eagerly)

    async def _start_in_its_trace(
        self,
        event: Startable,
        reuse: WorkflowIDReusePolicy,
        *,
        signal: RetryRequest | None,
        eagerly: bool,
    ) -> bool:
        message = self._message(event)
        handle = await self._client.start_workflow(
            DeliverTrackingEvent.run,
            message,
            id=workflow_id(event.event_id),
            task_queue=self._task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=names.REQUEST_RETRY if signal else None,
            start_signal_args=[signal] if signal else [],
            search_attributes=search_attributes.at_start(message),
            static_summary=_summary(event),
            priority=Priority(priority_key=event.priority, fairness_key=event.partner_id),
            request_eager_start=eagerly,
            rpc_timeout=CALL_LIMIT,
        )
        return bool(getattr(handle, _EAGERLY_STARTED, False))

    def _message(self, event: Startable) -> DeliverEvent:
        return DeliverEvent(
            event_id=event.event_id,
            partner_id=event.partner_id,
            event_type=event.event_type,
            order_id=event.order_id,
            retry_delays_s=[float(delay) for delay in self._schedule.delays_s],
            priority=event.priority,
        )


def _summary(event: Startable) -> str:
    """One line for the Temporal UI, which takes 400 bytes at the most."""
    said = f"{event.event_type} of order {event.order_id} for {event.partner_id}"
    return said.encode()[:SUMMARY_BYTES].decode(errors="ignore")


def _lacks_namespace(error: RPCError) -> bool:
    """Whether it is the namespace that is not found, as while it fails over, and no workflow."""
    details = error.grpc_status.details
    return any(one.Is(NamespaceNotFoundFailure.DESCRIPTOR) for one in details)
