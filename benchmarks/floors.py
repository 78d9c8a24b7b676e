"""Empty workflows: what the engine alone costs, on the same server and in the same kind of worker.

They are registered under the product's own workflow name, each on a task queue of its own, so that
the product's gateway starts them: with the same input and the same start options, by construction.
"""

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from contracts.delivery.messages import DeliverEvent
    from contracts.delivery.names import DELIVER_TRACKING_EVENT
    from workflows import policies

SAME_SHAPE = "same_shape"
ONE_ACTIVITY = "one_activity"
_LOCAL, _SCHEDULED = "floor_local", "floor_scheduled"


@activity.defn(name=_LOCAL)
async def do_nothing_locally(event_id: str) -> None:
    """The local activity."""
    del event_id


@activity.defn(name=_SCHEDULED)
async def do_nothing(event_id: str) -> None:
    """The scheduled activity."""
    del event_id


ACTIVITIES = (do_nothing_locally, do_nothing)
"""What both floors need."""


@workflow.defn(name=DELIVER_TRACKING_EVENT)
class SameShape:
    """Two local activities, as a delivery of one webhook to an endpoint that is well has; both do
    nothing."""

    @workflow.run
    async def run(self, event: DeliverEvent) -> None:
        """Run both, one after the other."""
        for _ in range(2):
            await workflow.execute_local_activity(
                do_nothing_locally,
                event.event_id,
                schedule_to_close_timeout=policies.PLAN_LOCALLY_FOR,
                retry_policy=policies.ONCE,
            )


@workflow.defn(name=DELIVER_TRACKING_EVENT)
class OneActivity:
    """A single scheduled activity that does nothing."""

    @workflow.run
    async def run(self, event: DeliverEvent) -> None:
        """Run it."""
        await workflow.execute_activity(
            do_nothing,
            event.event_id,
            start_to_close_timeout=policies.ONE_ATTEMPT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
        )


WORKFLOWS = {SAME_SHAPE: SameShape, ONE_ACTIVITY: OneActivity}
"""The floors by name; the name is the task queue too."""
