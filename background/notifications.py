"""Makes the messages of notifications, and starts the workflows that send them, for as long as some
wait in the database.

Several workers may do it at once: a notification is fanned out once, and a message has one
workflow, whoever starts it.
"""

import asyncio
from datetime import timedelta

from temporalio.client import Client

from background.mistakes import log_mistake
from background.periodic import look_every
from contracts.clock import Clock
from contracts.delivery import names
from contracts.errors import StoreUnavailable
from contracts.ids import notification_workflow_id
from contracts.notifications.kinds import BUNDLE_AFTER
from contracts.notifications.messages import Channels, MessageInput
from dispatch.start import start
from store.db.database import Database
from store.notifications.fan_out import due_notifications, fan_out, leave_untold
from store.notifications.waiting_messages import MessageToStart, mark_asked, messages_to_start
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
        try:
            await self._fan_out()
        except StoreUnavailable:
            raise
        except Exception as error:
            log_mistake("notifications are not fanned out", error)
        write = self._database.write
        for message in await self._database.read(messages_to_start, self._clock()):
            await self._start(message)
            await write(mark_asked, message.message_id, self._clock())

    async def _fan_out(self) -> None:
        """All that is due at once; after a mistake of ours each by itself, so that none waits for
        another's sake."""
        try:
            while await self._database.write(fan_out, self._clock(), self._channels, self._wait):
                pass
        except StoreUnavailable:
            raise
        except Exception as error:
            log_mistake("notifications are fanned out one by one", error)
            for one in await self._database.write(due_notifications, self._clock(), self._wait):
                await self._fan_out_one(one)

    async def _fan_out_one(self, notification_id: str) -> None:
        write, now = self._database.write, self._clock()
        try:
            await write(fan_out, now, self._channels, self._wait, notification_id)
        except StoreUnavailable:
            raise
        except Exception as error:
            log_mistake(f"nobody is told of notification {notification_id}", error)
            why = f"a mistake of ours: {type(error).__name__}"
            await write(leave_untold, notification_id, why, now)

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
