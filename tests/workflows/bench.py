"""One event's workflow on a real Temporal server, over fake activities."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import Worker

from contracts.delivery import names
from contracts.delivery.messages import DeliverEvent, EventStatus, RetryRequest
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import DeliveryState
from contracts.ids import IdKind, new_id, workflow_id
from dispatch.gateway import Gateway
from store.events.outbox import Startable
from tests.support.waiting import eventually
from tests.workflows.fake_activities import FakeActivities
from workflows import DeliverTrackingEvent


@dataclass
class Bench:
    """What a test does to the workflow of one event, and what it sees of it."""

    client: Client
    fake: FakeActivities
    task_queue: str = field(default_factory=lambda: new_id(IdKind.ATTEMPT))
    event_id: str = field(default_factory=lambda: new_id(IdKind.TEST_EVENT))

    @property
    def handle(self) -> WorkflowHandle[Any, EventStatus]:
        """The workflow, its newest run."""
        return self.client.get_workflow_handle(workflow_id(self.event_id), result_type=EventStatus)

    async def run(self) -> dict[str, DeliveryState]:
        """Start it and wait for its end: the states that it returns."""
        await self.start()
        return await self.end()

    async def start(self) -> None:
        """Start it as the dispatcher does."""
        await self._gateway.start(self._event)

    async def start_with_tasks_of(self, limit: timedelta) -> None:
        """Start it with a time limit of its own for workflow tasks."""
        await self.client.start_workflow(
            DeliverTrackingEvent.run,
            DeliverEvent(self.event_id, "shop", "delivered", "ORD-1"),
            id=workflow_id(self.event_id),
            task_queue=self.task_queue,
            task_timeout=limit,
        )

    async def retry(
        self, *delivery_ids: str, resend: bool = False, only_waiting: bool = False
    ) -> None:
        """Ask for a retry as the API does: with start."""
        request = RetryRequest("usr_1", list(delivery_ids), resend, only_waiting)
        await self._gateway.request_retry(self._event, request)

    async def cancel(self) -> None:
        """Cancel it as ops do in the Temporal UI, and wait until it has been told."""
        await self.handle.cancel()
        await self.has_handled("workflow_execution_cancel_requested_event_attributes")

    async def end(self) -> dict[str, DeliveryState]:
        """Wait for its end: the states that it returns."""
        return _states(await self.handle.result())

    async def ended_as(self) -> WorkflowExecutionStatus | None:
        """How Temporal says that it ended, once it has."""
        described = await eventually(self.handle.describe, lambda seen: bool(seen.close_time))
        return described.status

    async def states(self) -> dict[str, DeliveryState]:
        """What the query `status` says now."""
        status: EventStatus = await self.handle.query(names.STATUS, result_type=EventStatus)
        return _states(status)

    async def becomes(self, delivery_id: str, state: DeliveryState) -> None:
        """Wait until the query says so of a delivery."""
        await eventually(
            self.states, lambda seen: seen.get(delivery_id) is state, ignoring=RPCError
        )

    async def is_idle(self, *, attempts: int) -> None:
        """Wait until so many attempts have left and nothing runs: the workflow waits for a timer, a
        backoff or a signal."""

        async def look() -> bool:
            raw = (await self.handle.describe()).raw_description
            running = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
            busy = [one for one in raw.pending_activities if one.state == running]
            left = len(self.fake.attempts) >= attempts
            return left and not busy and not raw.HasField("pending_workflow_task")

        await eventually(look)

    async def has_heard(self, signals: int) -> None:
        """Wait until it has handled so many signals."""
        await self.has_handled("workflow_execution_signaled_event_attributes", signals)

    async def has_handled(self, kind: str, count: int = 1) -> None:
        """Wait until a workflow task has ended after so many events of a kind."""

        def holds(events: Sequence[HistoryEvent]) -> bool:
            places = [place for place, one in enumerate(events) if one.HasField(kind)]  # type: ignore[arg-type]
            after = events[places[count - 1] :] if len(places) >= count else []
            return any(one.HasField("workflow_task_completed_event_attributes") for one in after)

        await eventually(self._events, holds)

    async def has_scheduled(self, activity: str) -> None:
        """Wait until an activity of this name is in the history."""
        await eventually(self.scheduled, lambda seen: activity in seen)

    async def scheduled(self) -> dict[str, timedelta]:
        """The activities in the history, with how long after the start each was scheduled first, by
        the server's clock."""
        events = await self._events()
        found: dict[str, timedelta] = {}
        for one in events:
            name = one.activity_task_scheduled_event_attributes.activity_type.name
            if name:
                found.setdefault(name, _moment(one) - _moment(events[0]))
        return found

    async def length(self) -> int:
        """How many events its history has."""
        return len(await self._events())

    async def lasted(self) -> timedelta:
        """From its start to its end, by the server's clock."""
        events = await self._events()
        return _moment(events[-1]) - _moment(events[0])

    async def _events(self) -> Sequence[HistoryEvent]:
        return (await self.handle.fetch_history()).events

    @property
    def _gateway(self) -> Gateway:
        return Gateway(self.client, RetrySchedule(), self.task_queue)

    @property
    def _event(self) -> Startable:
        return Startable(self.event_id, "shop", "delivered", "ORD-1", 3)


@asynccontextmanager
async def serving(client: Client, fake: FakeActivities) -> AsyncIterator[Bench]:
    """A worker with the fake activities, for as long as the context lasts."""
    bench = Bench(client, fake)
    worker = Worker(
        client,
        task_queue=bench.task_queue,
        workflows=[DeliverTrackingEvent],
        activities=fake.activities,
    )
    async with worker:
        try:
            yield bench
        finally:
            fake.let_go()


def _moment(event: HistoryEvent) -> timedelta:
    """A moment as what has passed since the epoch."""
    return timedelta(seconds=event.event_time.seconds, microseconds=event.event_time.nanos / 1000)


def _states(status: EventStatus) -> dict[str, DeliveryState]:
    return {one.delivery_id: one.state for one in status.deliveries}
