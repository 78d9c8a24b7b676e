"""A round of the retention on a real Temporal server: each job is an activity of its own, and what
stops one stops no other."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from contracts.delivery.retention import JobResult, RetentionDone, RetentionJob
from contracts.ids import IdKind, new_id
from workflows import Retention

WELL = JobResult(done=2, unreadable=1)


def jobs(ran: list[str], failing: Sequence[str] = ()) -> list[Callable[[], Any]]:
    """An activity for each job, which says that it ran, and fails where it is to."""

    def job(name: str) -> Callable[[], Any]:
        @activity.defn(name=name)
        async def run() -> JobResult:
            ran.append(name)
            if name in failing:
                raise ApplicationError("the database did not answer")
            return WELL

        return run

    return [job(one.value) for one in RetentionJob]


async def a_round(client: Client, activities: Sequence[Callable[[], Any]]) -> RetentionDone:
    queue = new_id(IdKind.ATTEMPT)
    async with Worker(client, task_queue=queue, workflows=[Retention], activities=activities):
        return await client.execute_workflow(
            Retention.run, id=f"retention/{queue}", task_queue=queue
        )


async def test_every_job_is_done_one_after_another(temporal: WorkflowEnvironment) -> None:
    ran: list[str] = []
    done = await a_round(temporal.client, jobs(ran))
    assert ran == [*RetentionJob]
    assert done == RetentionDone(dict.fromkeys(RetentionJob, 2))


async def test_one_that_fails_stops_no_other_and_the_round_says_so(
    temporal: WorkflowEnvironment,
) -> None:
    ran: list[str] = []
    failing = (RetentionJob.ERASE_OTPS, RetentionJob.DROP_OLD_EVENTS)
    with pytest.raises(WorkflowFailureError) as raised:
        await a_round(temporal.client, jobs(ran, failing))
    assert set(ran) == {*RetentionJob}
    assert ran.count(RetentionJob.ERASE_OTPS) == 3
    said = str(raised.value.cause)
    assert said == "erase_otps, drop_old_events failed; all else was done"
