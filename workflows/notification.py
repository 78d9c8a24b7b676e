"""`SendNotification`: sends one notification of an endpoint that Doorstep switched off."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.notifications import NotificationActivities
    from contracts.delivery import names
    from contracts.endpoints.notifications import (
        NotificationChannel,
        NotificationInput,
        NotificationResult,
    )
    from workflows import policies


@workflow.defn(name=names.SEND_NOTIFICATION)
class SendNotification:
    """One notification, from its first attempt to its end. The database knows how it stands: run
    again, it goes on where it was. Its history has ids, states and codes in it."""

    @workflow.run
    async def run(self, task: NotificationInput) -> NotificationResult:
        """Try until it is sent, skipped or given up; gives how it ended."""
        told = await self._tell(task)
        workflow.set_current_details(f"`{task.notification_id}`: **{told.state}**")
        return told

    async def _tell(self, task: NotificationInput) -> NotificationResult:
        if task.channel is NotificationChannel.OPS_WEBHOOK:
            return await workflow.execute_activity_method(
                NotificationActivities.post_notification,
                task,
                start_to_close_timeout=policies.ONE_ATTEMPT,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.OUR_FAULTS,
                summary="tell ops",
            )
        return await workflow.execute_activity_method(
            NotificationActivities.text_notification,
            task,
            start_to_close_timeout=policies.ONE_TEXT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="tell the partner",
        )
