"""`SendNotification`: sends one message of a notification."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.notifications import NotificationActivities
    from contracts.delivery import names
    from contracts.notifications.messages import MessageChannel, MessageInput, MessageResult
    from workflows import policies


@workflow.defn(name=names.SEND_NOTIFICATION)
class SendNotification:
    """One message, from its first attempt to its end. The database knows how it stands: run again,
    it goes on where it was. Its history has ids, states and codes in it."""

    @workflow.run
    async def run(self, task: MessageInput) -> MessageResult:
        """Try until it has ended; gives how."""
        result = await self._send(task)
        workflow.set_current_details(f"`{task.message_id}`: **{result.state}**")
        return result

    async def _send(self, task: MessageInput) -> MessageResult:
        if task.channel is MessageChannel.EMAIL:
            return await workflow.execute_activity_method(
                NotificationActivities.mail_notification,
                task,
                start_to_close_timeout=policies.ONE_MAIL,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.OUR_FAULTS,
                summary="mail it",
            )
        if task.channel is MessageChannel.SMS:
            return await workflow.execute_activity_method(
                NotificationActivities.text_notification,
                task,
                start_to_close_timeout=policies.ONE_TEXT,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.OUR_FAULTS,
                summary="text the partner",
            )
        return await workflow.execute_activity_method(
            NotificationActivities.post_notification,
            task,
            start_to_close_timeout=policies.ONE_ATTEMPT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="post it",
        )
