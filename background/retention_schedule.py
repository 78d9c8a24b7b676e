"""The Temporal Schedule that runs the retention. Ops may pause it in the Temporal UI; it stays
so."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from contracts.delivery import names
from contracts.outages import Outage
from workflows import Retention

log = logging.getLogger(__name__)

_LATE_ROUNDS = timedelta(minutes=1)
"""Rounds that a server outage swallowed are not made up for: the next one does their work."""

_LONGEST_ROUND = timedelta(hours=1)
_AGAIN_AFTER = timedelta(seconds=30)
_NOT_NOW = (
    "Temporal did not take the schedule that erases old data, asked again every %g s; "
    "a schedule that is there already goes on: %s"
)


class RetentionSchedule:
    """Has the schedule made once, however often Temporal has to be asked."""

    def __init__(
        self,
        client: Client,
        every: timedelta,
        task_queue: str = names.TASK_QUEUE,
        again_after: timedelta = _AGAIN_AFTER,
    ) -> None:
        self._client = client
        self._every = every
        self._task_queue = task_queue
        self._again_after_s = again_after.total_seconds()

    async def run(self, stop: asyncio.Event) -> None:
        """Ask until Temporal has taken it or `stop` is set. Deliveries do not wait for it."""
        outage = Outage()
        while not stop.is_set():
            try:
                await schedule_retention(self._client, self._every, self._task_queue)
            except RPCError as error:
                if outage.begins():
                    log.warning(_NOT_NOW, self._again_after_s, error.message)
            else:
                if outage.ends():
                    log.info("Temporal has taken the schedule that erases old data")
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(self._again_after_s):
                    await stop.wait()


async def schedule_retention(
    client: Client, every: timedelta, task_queue: str = names.TASK_QUEUE
) -> None:
    """Make the schedule, or bring it to what this version wants; safe to do again, and at once
    from several processes. RPCError when Temporal does not take it."""
    wanted = _schedule(every, task_queue)
    try:
        await client.create_schedule(names.RETENTION_SCHEDULE, wanted)
    except ScheduleAlreadyRunningError:

        def bring_up_to_date(seen: ScheduleUpdateInput) -> ScheduleUpdate:
            return ScheduleUpdate(replace(wanted, state=seen.description.schedule.state))

        await client.get_schedule_handle(names.RETENTION_SCHEDULE).update(bring_up_to_date)


def _schedule(every: timedelta, task_queue: str) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            Retention.run,
            id=names.RETENTION_SCHEDULE,
            task_queue=task_queue,
            execution_timeout=_LONGEST_ROUND,
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_LATE_ROUNDS),
    )
