"""`build_payload`: the first step of every event."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import as_failures
from activities.own_faults import bounded
from contracts.clock import Clock
from contracts.delivery.messages import Plan, PlanEvent
from contracts.delivery.names import FailureType
from contracts.delivery.retry import RetrySchedule
from store.db.database import Database
from store.deliveries.fallback import plan_with_fallback
from store.deliveries.own_faults import count_event_fault, fail_event


class PayloadActivities:
    """Plans events: payload bytes once, and one delivery for each target."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

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
            schedule = RetrySchedule(task.retry_delays_s)
            return await bounded(
                self._database.write(plan_with_fallback, task.event_id, self._clock(), schedule),
                self._database,
                lambda session: count_event_fault(session, task.event_id),
                give_up,
            )
