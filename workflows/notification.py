"""`SendNotification`: sends one message of a notification."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.notifications import NotificationActivities
    from contracts.delivery import names
    from contracts.notifications.messages import MessageChannel, MessageInput, MessageResult
    from workflows import policies

_WAYS = {
    MessageChannel.EMAIL: (NotificationActivities.mail_notification, policies.ONE_MAIL, "mail it"),
    MessageChannel.SMS: (
        NotificationActivities.text_notification,
        policies.ONE_TEXT,
        "text the partner",
    ),
}
_POST = (NotificationActivities.post_notification, policies.ONE_ATTEMPT, "post it")


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
        activity, time_limit, summary = _WAYS.get(task.channel, _POST)
        return await workflow.execute_activity_method(
            activity,
            task,
            start_to_close_timeout=time_limit,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary=summary,
        )
