"""`build_payload`: the first step of every event."""

from temporalio import activity

from activities.failures import as_failures
from contracts.clock import Clock
from contracts.messages import Plan, PlanEvent
from contracts.retry import RetrySchedule
from store.database import Database
from store.fallback import plan_with_fallback


class PayloadActivities:
    """Plans events: payload bytes once, and one delivery for each target."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @activity.defn
    async def build_payload(self, task: PlanEvent) -> Plan:
        """Render the payload, create the deliveries, give the plan; run again, the stored plan.

        Raises `EventUnknown`, for good, when the database has no such event.
        """
        with as_failures():
            schedule = RetrySchedule(task.retry_delays_s)
            return await self._database.write(
                plan_with_fallback, task.event_id, self._clock(), schedule
            )
