"""`Retention`: what a Temporal Schedule runs every minute. Its history has counts in it."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.retention import RetentionActivities
    from contracts.delivery import names
    from contracts.delivery.messages import RetentionDone
    from workflows import policies


@workflow.defn(name=names.RETENTION)
class Retention:
    """Erases what has ended, expires dead letters, ages texts that nothing was heard of."""

    @workflow.run
    async def run(self) -> RetentionDone:
        """Do what there is to do, and say how much that was."""
        return await workflow.execute_activity_method(
            RetentionActivities.run_retention,
            start_to_close_timeout=policies.RETENTION,
            heartbeat_timeout=policies.RETENTION_HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="erase what has ended, expire dead letters",
        )
