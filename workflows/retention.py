"""`Retention`: what a Temporal Schedule runs every minute. Its history has counts in it."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.retention import RetentionActivities
    from contracts.delivery import names
    from contracts.delivery.retention import JobResult, RetentionDone
    from workflows import policies

_JOBS = (
    RetentionActivities.erase_otps,
    RetentionActivities.erase_events,
    RetentionActivities.expire_dead_letters,
    RetentionActivities.age_texts,
    RetentionActivities.drop_phone_checks,
    RetentionActivities.drop_links,
    RetentionActivities.drop_health_sums,
    RetentionActivities.drop_old_events,
    RetentionActivities.drop_old_entries,
)
"""In the order in which a round does them. A new one goes to the end: rounds may be running."""


@workflow.defn(name=names.RETENTION)
class Retention:
    """Does one job after another, so that no more than one is in the deliveries' way. One that
    fails stops no other; the round then ends as failed, and the next one does it again."""

    @workflow.run
    async def run(self) -> RetentionDone:
        """Do what there is to do, and say how much that was."""
        done: dict[str, int] = {}
        failed: list[str] = []
        for job in _JOBS:
            name = job.__name__
            try:
                result: JobResult = await workflow.execute_activity_method(
                    job,
                    start_to_close_timeout=policies.RETENTION_JOB,
                    heartbeat_timeout=policies.RETENTION_HEARTBEAT,
                    retry_policy=policies.RETENTION,
                    summary=name.replace("_", " "),
                )
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                failed.append(name)
            else:
                done[name] = result.done
        if failed:
            raise ApplicationError(f"{', '.join(failed)} failed; all else was done")
        return RetentionDone(done)
