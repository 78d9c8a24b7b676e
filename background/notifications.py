"""Makes the messages of notifications, and starts the workflows that send them, for as long as some
wait in the database.

Several workers may do it at once: a notification is fanned out once, and a message has one
workflow, whoever starts it.
"""

import asyncio
from datetime import timedelta

from temporalio.client import Client

from background.periodic import look_every
from contracts.clock import Clock
from contracts.delivery import names
from contracts.ids import notification_workflow_id
from contracts.notifications.kinds import BUNDLE_AFTER
from contracts.notifications.messages import Channels, MessageInput
from dispatch.start import start
from store.db.database import Database
from store.notifications.fan_out import fan_out
from store.notifications.messages import MessageToStart, mark_asked, messages_to_start
from workflows import SendNotification

EVERY = timedelta(seconds=2)


class Notifications:
    """Looks for notifications and messages that wait, until it is told to stop. `wait` is how long
    what can be bundled waits for others."""

    def __init__(
        self,
        database: Database,
        client: Client,
        clock: Clock,
        channels: Channels,
        task_queue: str = names.TASK_QUEUE,
        wait: timedelta = BUNDLE_AFTER,
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._channels = channels
        self._task_queue = task_queue
        self._wait = wait

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds; trouble with the store or Temporal only makes it wait."""
        await look_every(EVERY, self.look, stop, "notifications wait")

    async def look(self) -> None:
        """Look once. A worker that is killed in here starts nothing twice and leaves nothing out:
        what it had not marked is asked for again, and has its workflow already."""
        write = self._database.write
        while await write(fan_out, self._clock(), self._channels, self._wait):
            pass
        for message in await self._database.read(messages_to_start, self._clock()):
            await self._start(message)
            await write(mark_asked, message.message_id, self._clock())

    async def _start(self, message: MessageToStart) -> None:
        """Have a message sent. EngineUnavailable when Temporal does not take it."""
        await start(
            self._client,
            SendNotification.run,
            MessageInput(message.message_id, message.channel),
            workflow_id=notification_workflow_id(message.message_id),
            task_queue=self._task_queue,
            partner_id=message.partner_id,
            summary=f"{message.channel} to {message.partner_id or 'ops'}",
        )
