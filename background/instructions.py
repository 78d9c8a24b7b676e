"""What instructions need beside Temporal's own: their workflows started, their endings written.

Several workers may do it at once: an order has one workflow, whoever starts it, and rows that one
writes another passes over.
"""

import asyncio
from datetime import timedelta

from background.periodic import look_every
from contracts.clock import Clock
from contracts.instructions.posts import PostInstructions
from dispatch.instructions import InstructionWorkflows
from store.db.database import Database
from store.instructions.endings import end_what_is_over
from store.instructions.reminders import plan_reminders
from store.instructions.texts import mark_text_asked, texts_to_start
from store.instructions.waiting_posts import mark_asked, orders_to_post

EVERY = timedelta(seconds=2)
SWEEP_EVERY = timedelta(seconds=15)
"""Whoever reads, decides or posts looks by themselves whether an order went on."""

_AT_ONCE = 100


class Instructions:
    """Looks for what waits to be posted or texted, and for what has ended."""

    def __init__(self, database: Database, workflows: InstructionWorkflows, clock: Clock) -> None:
        self._database = database
        self._workflows = workflows
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set; trouble with the store or Temporal only makes it wait."""
        await asyncio.gather(
            look_every(EVERY, self.look, stop, "instructions wait"),
            look_every(SWEEP_EVERY, self.sweep, stop, "instructions end later"),
        )

    async def look(self) -> None:
        """Have the next ones posted, and the next texts sent. A worker that is killed in here
        leaves nothing out: what it had not marked is asked for again, and has its workflow already.
        """
        for order in await self._database.read(orders_to_post, self._clock()):
            task = PostInstructions(order.partner_id, order.order_id)
            await self._workflows.post(task, is_new=order.is_new)
            await self._database.write(mark_asked, order.ids, self._clock())
        for text in await self._database.read(texts_to_start, self._clock()):
            await self._workflows.text(text)
            await self._database.write(mark_text_asked, text.text_id, self._clock())

    async def sweep(self) -> None:
        """Write down which have ended, and who is to be reminded."""
        for work in (end_what_is_over, plan_reminders):
            while await self._database.write(work, self._clock(), limit=_AT_ONCE) == _AT_ONCE:
                pass
