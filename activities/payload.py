"""`build_payload`: the first step of every event."""

from temporalio import activity

from activities.failures import as_failures
from contracts.clock import Clock
from contracts.messages import Plan
from store.database import Database
from store.planning import plan_event


class PayloadActivities:
    """Plans events: payload bytes once, and one delivery for each target."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @activity.defn
    async def build_payload(self, event_id: str) -> Plan:
        """Render the payload, create the deliveries, give the plan; run again, the stored plan.

        Raises `EventUnknown`, for good, when the database has no such event.
        """
        with as_failures():
            return await self._database.write(plan_event, event_id, self._clock())
