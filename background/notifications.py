"""Starts the workflows that send notifications, for as long as some wait in the database.

Several workers may do it at once: a notification has one workflow, whoever starts it.
"""

import asyncio
from datetime import timedelta

from temporalio.client import Client

from background.periodic import look_every
from contracts.clock import Clock
from contracts.delivery import names
from contracts.endpoints.notifications import NotificationInput
from contracts.ids import notification_workflow_id
from dispatch.start import start
from store.db.database import Database
from store.notifications.notifications import (
    NotificationToStart,
    mark_asked,
    notifications_to_start,
)
from workflows import SendNotification

EVERY = timedelta(seconds=2)


class Notifications:
    """Looks for notifications that wait, until it is told to stop."""

    def __init__(
        self,
        database: Database,
        client: Client,
        clock: Clock,
        task_queue: str = names.TASK_QUEUE,
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._task_queue = task_queue

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds; trouble with the store or Temporal only makes it wait."""
        await look_every(EVERY, self.look, stop, "notifications wait")

    async def look(self) -> None:
        """Look once. A worker that is killed in here starts nothing twice and leaves nothing out:
        what it had not marked is asked for again, and has its workflow already."""
        for notification in await self._database.read(notifications_to_start, self._clock()):
            await self._start(notification)
            await self._database.write(mark_asked, notification.notification_id, self._clock())

    async def _start(self, notification: NotificationToStart) -> None:
        """Have a notification sent. EngineUnavailable when Temporal does not take it."""
        await start(
            self._client,
            SendNotification.run,
            NotificationInput(notification.notification_id, notification.channel),
            workflow_id=notification_workflow_id(notification.notification_id),
            task_queue=self._task_queue,
            partner_id=notification.partner_id,
            summary=f"about endpoint {notification.endpoint_id} of {notification.partner_id}",
        )
