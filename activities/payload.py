"""`build_payload`: the first step of every event."""

from collections.abc import Sequence

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import as_failures
from activities.first_attempts import TWILIO, FirstAttempts
from activities.own_faults import bounded
from contracts.clock import Clock
from contracts.delivery.messages import Plan, PlanEvent
from contracts.delivery.names import FailureType
from contracts.delivery.states import Channel
from contracts.errors import NotFound
from store.db.database import Database
from store.db.grouping import Grouping
from store.deliveries.fallback import plan_with_fallback
from store.deliveries.own_faults import count_event_fault, fail_event
from store.deliveries.planning import PlannedEvent

_MOST_TOGETHER = 32
"""Events that are planned in one transaction."""


class PayloadActivities:
    """Plans events: payload bytes once, and one delivery for each target. `public_url` is where
    customers reach the tracking page, None: nowhere."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        first: FirstAttempts | None = None,
        public_url: str | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._first = first or FirstAttempts()
        self._public_url = public_url
        self._plan = Grouping(self._plan_together, most=_MOST_TOGETHER, at_once=1)

    @activity.defn
    async def build_payload(self, task: PlanEvent) -> Plan:
        """Render the payload, create the deliveries, give the plan; run again, the stored plan.

        Raises `EventUnknown`, for good, when the database has no such event, and `OurFault`, for
        good, when mistakes of ours stop it again and again: then the event is `failed`.
        """

        async def give_up() -> Plan:
            await self._database.write(fail_event, task.event_id)
            raise ApplicationError(
                "the event is failed: mistakes of ours keep it from being planned",
                type=FailureType.OUR_FAULT,
                non_retryable=True,
            )

        with as_failures():
            return await bounded(
                self._plan_one(task),
                self._database,
                lambda session: count_event_fault(session, task.event_id),
                give_up,
            )

    async def _plan_one(self, task: PlanEvent) -> Plan:
        attempts = 0
        try:
            planned = await self._plan(task) or await self._plan_alone(task)
            if planned is None:
                raise NotFound(f"no event {task.event_id}")
            attempts = self._keep(planned)
        finally:
            self._first.planned(task.event_id, attempts)
        return planned.plan

    def _keep(self, planned: PlannedEvent) -> int:
        """Keep the attempts that leave at once; gives how many."""
        at_once = [one for one in planned.plan.deliveries if one.at_once]
        for one in at_once:
            if one.channel is Channel.SMS:
                self._first.begin(TWILIO, one.delivery_id, planned.event.event_id)
            else:
                self._first.keep(one.delivery_id, planned.opened[one.delivery_id])
        return len(at_once)

    async def _plan_together(self, tasks: Sequence[PlanEvent]) -> Sequence[PlannedEvent | None]:
        return await self._database.write(
            plan_with_fallback,
            tasks,
            self._clock(),
            self._first.at_once(),
            wait=False,
            public_url=self._public_url,
        )

    async def _plan_alone(self, task: PlanEvent) -> PlannedEvent | None:
        """Plan one event in a transaction of its own: its wait for a lock delays no other."""
        [planned] = await self._database.write(
            plan_with_fallback,
            [task],
            self._clock(),
            self._first.at_once(),
            public_url=self._public_url,
        )
        return planned
