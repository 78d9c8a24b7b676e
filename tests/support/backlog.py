"""An endpoint with deliveries to recover, in a test of the store, and its recovery step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, select

from contracts.delivery.messages import PostWebhook, RecordDeadLetter, SendResult
from contracts.delivery.recoveries import RecoveryPreview, RecoveryRequest
from contracts.delivery.states import DeadLetterReason, EndpointState
from contracts.delivery.verdicts import Answer
from store.deliveries import attempt_endings, attempts
from store.deliveries.attempt_results import Settled
from store.deliveries.dead_lettering import record_dead_letter
from store.recoveries.recoveries import begin_recovery, preview
from store.recoveries.steps import DeliveryToAsk, Step, next_step
from store.tables import DeliveryRow, EndpointRow, EventRow, RecoveryRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import DELAYS, NOW, REQUEST, SCHEDULE, Shelf, after, an_event

_EACH_TO_EACH = """
INSERT INTO deliveries (id, event_id, partner_id, channel, target, endpoint_id, state, round,
    charged, attempts, created_at, changed_at)
SELECT event_id || endpoints.id, event_id, 'shop', 'webhook', endpoints.id, endpoints.id, 'held', 1,
    0, 0, accepted_at, accepted_at
FROM events, endpoints WHERE event_id LIKE 'other-%' AND endpoints.id LIKE 'ep_other%'
"""


@dataclass
class Backlog:
    """The endpoint of the partner `shop`, and its deliveries by the names that tests give them."""

    shelf: Shelf
    endpoint_id: str
    ids: dict[str, str] = field(default_factory=dict)

    async def held(self, name: str, order_id: str | None = None, **fields: Any) -> str:
        """A delivery that is held; gives its id. `made` is when, in seconds after NOW."""
        await self.switch(EndpointState.PAUSED)
        delivery_id = await self.planned(name, order_id, **fields)
        await self.switch(EndpointState.ENABLED)
        return delivery_id

    async def dead(self, name: str, order_id: str | None = None, **fields: Any) -> str:
        """A delivery that is a dead letter."""
        delivery_id = await self.planned(name, order_id, **fields)
        await self.bury(delivery_id)
        return delivery_id

    async def delivered(self, name: str, order_id: str | None = None, **fields: Any) -> str:
        """A delivery that has arrived."""
        delivery_id = await self.planned(name, order_id, **fields)
        await self.answer(delivery_id, 200)
        return delivery_id

    async def planned(
        self, name: str, order_id: str | None = None, *, made: float | None = None, **fields: Any
    ) -> str:
        """A delivery that is planned, of an order of its own where none is named; a microsecond
        after the one before it unless it is said when, so that all have an order."""
        made = len(self.ids) / 1_000_000 if made is None else made
        order = make_order(order_id=order_id or f"ORD-{name}", ordered_at=after(-3600).isoformat())
        known = {"event_id": name, "occurred_at": after(made).isoformat()}
        event = an_event(**{**known, "data": make_groups(order=order), **fields})
        [planned] = (await self.shelf.plan(event, now=after(made))).deliveries
        self.ids[name] = planned.delivery_id
        return planned.delivery_id

    async def bury(self, delivery_id: str) -> None:
        """Make it a dead letter."""
        dead_letter = RecordDeadLetter(delivery_id, DeadLetterReason.EXHAUSTED)
        await self.shelf.database.write(record_dead_letter, dead_letter, NOW)

    async def switch(self, state: EndpointState) -> None:
        """Switch the endpoint on or off."""
        await self.shelf.change(EndpointRow, self.endpoint_id, state=state)

    async def count(self, now: datetime = NOW, **asked: Any) -> RecoveryPreview:
        """What a recovery would send again."""
        wanted = RecoveryRequest.model_validate(asked)
        return await self.shelf.database.read(preview, self.endpoint_id, wanted, now)

    async def recover(self, seconds: float = 0, **asked: Any) -> RecoveryRow:
        """Begin a recovery, so many seconds after an hour after NOW."""
        wanted, now = RecoveryRequest.model_validate(asked), after(3600 + seconds)
        return await self.shelf.database.write(
            begin_recovery, self.endpoint_id, wanted, now, actor="test"
        )

    async def step(self, recovery: RecoveryRow, seconds: float = 0) -> Step:
        """Take a step of a recovery, so many seconds after an hour after NOW."""
        return await self.shelf.database.write(next_step, recovery.id, after(3600 + seconds))

    async def all_steps(self, recovery: RecoveryRow, status: int = 200) -> list[str]:
        """Step, with every attempt answered at once, until it ends; gives the names in the order of
        sending."""
        sent: list[str] = []
        for second in range(1_000):
            step = await self.step(recovery, second)
            sent += self.names(step.wanted)
            for one in step.wanted:
                await self.answer(one.delivery_id, status)
            if step.told.wait_s is None:
                return sent
        raise AssertionError(f"it never ended, after {sent}")

    async def answer(
        self, delivery_id: str, status: int, now: datetime = NOW
    ) -> Settled | SendResult:
        """Make one attempt of a delivery, in its round, as its workflow does."""
        row = await self.row(delivery_id)
        task = PostWebhook(row.event_id, row.id, row.round, DELAYS)
        ready = await self.shelf.database.write(attempts.begin_attempt, task, now, REQUEST)
        if isinstance(ready, SendResult):
            return ready
        answer = Answer(f"http_{status}", status)
        ended = attempt_endings.EndedAttempt(ready.attempt_id, answer, SCHEDULE)
        write = self.shelf.database.write
        return (await write(attempt_endings.finish_attempt, ended, now)).settled

    async def row(self, name: str) -> DeliveryRow:
        """A delivery as it is now, by its name or its id."""
        return await self.shelf.one(DeliveryRow, self.ids.get(name, name))

    def names(self, wanted: Sequence[DeliveryToAsk]) -> list[str]:
        """What a step asks for, by name."""
        named = {delivery_id: name for name, delivery_id in self.ids.items()}
        return [named[one.delivery_id] for one in wanted]


async def make_backlog(shelf: Shelf, **endpoint: Any) -> Backlog:
    """A partner called `shop` with one endpoint and nothing to recover yet."""
    await shelf.add_partner()
    return Backlog(shelf, (await shelf.add_endpoint(**endpoint)).id)


def add_others(session: Session, event_id: str) -> None:
    """Twenty thousand held deliveries of twenty other endpoints, like this event."""
    event, endpoint = session.get_one(EventRow, event_id), session.exec(select(EndpointRow)).one()
    events = [{**event.model_dump(), "event_id": f"other-{n}"} for n in range(1_000)]
    endpoints = [
        {**endpoint.model_dump(), "id": f"ep_other{n}", "url_key": f"other-{n}"} for n in range(20)
    ]
    session.execute(insert(EventRow), events)
    session.execute(insert(EndpointRow), endpoints)
    session.execute(text(_EACH_TO_EACH))
    session.execute(text("ANALYZE"))
