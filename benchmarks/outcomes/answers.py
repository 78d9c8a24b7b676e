"""Customers who answer a failed delivery on its page, and the OMS that follows them."""

import random
from dataclasses import dataclass, field

from benchmarks.ledger.counts import Request
from benchmarks.ledger.customers import Customers
from benchmarks.outcomes.operator import Operator
from benchmarks.outcomes.orders import PlayedEvent
from benchmarks.waiting import until
from sandbox.http_connection import Head
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Step
from store.tracking.links import LinkedOrder

_POSTED_WITHIN_S = 120.0


@dataclass
class Answers:
    """Each answer goes all the way: the page, the signed webhook to the OMS, its decision. `stuck`
    are orders whose instruction never reached the OMS."""

    secret: str
    port: int
    stuck: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """The OMS's own endpoint; it takes everything."""
        self.oms = Merchant(
            name="the OMS", secret=self.secret, port=self.port, behaviour=self._take
        )

    async def give(self, event: PlayedEvent, customers: Customers, operator: Operator) -> None:
        """Answer a failed delivery; returns once the OMS has accepted."""
        if event.order.answer is None:
            return
        order = LinkedOrder(event.partner_id, event.order_id)
        dice = random.Random(f"{customers.seed}/{event.order_id}")
        await customers.give(order, event.order.answer.value, dice)
        instruction_id = await operator.instruction(event.partner_id, event.order_id)

        async def oms_has_it() -> bool:
            return instruction_id in self._taken

        try:
            await until(oms_has_it, _POSTED_WITHIN_S, every_s=0.05)
        except TimeoutError:
            self.stuck.append(event.order_id)
            return
        await operator.accept(instruction_id)

    def posts(self) -> list[Request]:
        """What reached the OMS."""
        return [
            Request("oms", one.webhook_id, one.accepted, one.verified) for one in self.oms.received
        ]

    def _take(self, head: Head) -> Step:
        self._taken.add(head.webhook_id)
        return Answer(200)
