"""`RecoverEndpoint`: sends an endpoint's deliveries again, a step at a time, until it has ended."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.recovery import RecoveryActivities
    from contracts.delivery import names
    from contracts.delivery.recoveries import Recover, RecoveryStep
    from workflows import policies

STEPS_A_RUN = 200
"""After so many steps it goes on with an empty history."""


@workflow.defn(name=names.RECOVER_ENDPOINT)
class RecoverEndpoint:
    """The one recovery of an endpoint. What is to be sent is the database's to know: run again, it
    goes on where it was. Its history has ids and counts in it."""

    @workflow.init
    def __init__(self, task: Recover) -> None:
        self._task = task
        self._last: RecoveryStep | None = None

    @workflow.run
    async def run(self, task: Recover) -> RecoveryStep:
        """Send again until nothing is left; gives how it stands at the end.

        Where workers have versions, each new history begins with the current one, so that a long
        recovery keeps no old worker from going. A recovery that begins while the one before it is
        being ended is carried on, too.
        """
        del task  # the same as in __init__
        ended = await self._go_on()
        if ended is None:
            workflow.continue_as_new(
                self._task,
                initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
            )
        return ended

    @workflow.signal(name=names.RECOVER)
    def recover(self, task: Recover) -> None:
        """Carry this recovery on: the one before it, if there was one, has ended."""
        self._task = task

    @workflow.query(name=names.STATUS)
    def status(self) -> RecoveryStep | None:
        """How it stood after the last step of this run; None before the first."""
        return self._last

    async def _go_on(self) -> RecoveryStep | None:
        """Step by step to the end; None when the history has become long enough before."""
        for _ in range(STEPS_A_RUN):
            task = self._task
            self._last = step = await self._take_step(task)
            self._show(step)
            if step.wait_s is not None:
                await workflow.sleep(timedelta(seconds=step.wait_s), summary="until the next step")
            elif self._task == task:
                return step
            if workflow.info().is_continue_as_new_suggested():
                break
        return None

    async def _take_step(self, task: Recover) -> RecoveryStep:
        return await workflow.execute_activity_method(
            RecoveryActivities.recover_step,
            task,
            start_to_close_timeout=policies.RECOVERY_STEP,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="send the next deliveries again",
        )

    def _show(self, step: RecoveryStep) -> None:
        """Say in the Temporal UI how far it has got."""
        workflow.set_current_details(
            f"`{self._task.recovery_id}`, to {step.host or 'the endpoint'}: **{step.state}**"
            f"{f' ({step.reason})' if step.reason else ''}, {step.asked} of {step.found} sent "
            f"again, {step.open} of them on their way"
        )
