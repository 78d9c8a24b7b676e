"""`Upkeep`: what a Temporal Schedule runs every minute. Its history has counts in it."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.upkeep import UpkeepActivities
    from contracts import names
    from contracts.messages import UpkeepDone
    from workflows import policies


@workflow.defn(name=names.UPKEEP)
class Upkeep:
    """Erases what has ended, expires dead letters, ages texts that nothing was heard of."""

    @workflow.run
    async def run(self) -> UpkeepDone:
        """Do what there is to do, and say how much that was."""
        return await workflow.execute_activity_method(
            UpkeepActivities.keep_up,
            start_to_close_timeout=policies.UPKEEP,
            heartbeat_timeout=policies.UPKEEP_HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="erase what has ended, expire dead letters",
        )
