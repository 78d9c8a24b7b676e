"""`TellOfEndpoint`: sends one notice of an endpoint that Doorstep switched off."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.notices import NoticeActivities
    from contracts import names
    from contracts.notices import NoticeChannel, Tell, Told
    from workflows import policies


@workflow.defn(name=names.TELL_OF_ENDPOINT)
class TellOfEndpoint:
    """One notice, from its first try to its end. The database knows how it stands: run again, it
    goes on where it was. Its history has ids, states and codes in it."""

    @workflow.run
    async def run(self, task: Tell) -> Told:
        """Try until it is sent, skipped or given up; gives how it ended."""
        told = await self._tell(task)
        workflow.set_current_details(f"`{task.notice_id}`: **{told.state}**")
        return told

    async def _tell(self, task: Tell) -> Told:
        if task.channel is NoticeChannel.OPS_WEBHOOK:
            return await workflow.execute_activity_method(
                NoticeActivities.post_notice,
                task,
                start_to_close_timeout=policies.ONE_TRY,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.OUR_FAULTS,
                summary="tell ops",
            )
        return await workflow.execute_activity_method(
            NoticeActivities.text_notice,
            task,
            start_to_close_timeout=policies.ONE_TEXT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="tell the partner",
        )
