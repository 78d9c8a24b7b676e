"""The Temporal Schedule that runs the upkeep. Ops may pause it in the Temporal UI; it stays so."""

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

from contracts import names
from workflows import Upkeep

_LATE_ROUNDS = timedelta(minutes=1)
"""Rounds that a server outage swallowed are not made up for: the next one does their work."""

_LONGEST_ROUND = timedelta(hours=1)


async def schedule_upkeep(
    client: Client, every: timedelta, task_queue: str = names.TASK_QUEUE
) -> None:
    """Make the schedule, or bring it to what this version wants; safe to do again, and at once
    from several processes. RPCError when Temporal does not take it."""
    wanted = _schedule(every, task_queue)
    try:
        await client.create_schedule(names.UPKEEP_SCHEDULE, wanted)
    except ScheduleAlreadyRunningError:

        def bring_up_to_date(seen: ScheduleUpdateInput) -> ScheduleUpdate:
            return ScheduleUpdate(replace(wanted, state=seen.description.schedule.state))

        await client.get_schedule_handle(names.UPKEEP_SCHEDULE).update(bring_up_to_date)


def _schedule(every: timedelta, task_queue: str) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            Upkeep.run,
            id=names.UPKEEP_SCHEDULE,
            task_queue=task_queue,
            execution_timeout=_LONGEST_ROUND,
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_LATE_ROUNDS),
    )
