"""`DeliverInstructions`: posts the instructions of one order to the OMS, one after the other."""

from contextlib import suppress
from dataclasses import replace

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.instructions import InstructionActivities
    from contracts.delivery import names
    from contracts.instructions.posts import PostInstructions, PostResult
    from workflows import policies

STEPS_A_RUN = 200
"""After so many steps it goes on with an empty history."""


@workflow.defn(name=names.DELIVER_INSTRUCTIONS)
class DeliverInstructions:
    """The instructions of one order, each until the OMS has taken it or it is of no use any more.
    What is to be posted is the database's to know. Its history has ids, states and codes in it."""

    @workflow.init
    def __init__(self, task: PostInstructions) -> None:
        self._task = task
        self._is_new = False
        self._last: PostResult | None = None

    @workflow.run
    async def run(self, task: PostInstructions) -> PostResult:
        """Post until nothing waits; gives how the last step ended. The waits are its timers; a new
        instruction ends one, since it may have taken the place of what waits."""
        del task  # the same as in __init__
        ended = await self._go_on()
        if ended is None:
            workflow.continue_as_new(
                self._task,
                initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
            )
        return ended

    @workflow.signal(name=names.INSTRUCTION_GIVEN)
    def instruction_given(self, task: PostInstructions) -> None:
        """Another instruction of the order waits, or one is to be posted again."""
        del task  # of this order, as all are
        self._is_new = True

    @workflow.query(name=names.STATUS)
    def status(self) -> PostResult | None:
        """How it stood after the last step of this run; None before the first."""
        return self._last

    async def _go_on(self) -> PostResult | None:
        """Step by step to the end; None when the history has become long enough before."""
        for _ in range(STEPS_A_RUN):
            self._is_new = False
            self._last = step = await self._post()
            self._show(step)
            if step.wait_s is not None:
                await self._wait(step)
            elif not self._is_new:
                return step
            if workflow.info().is_continue_as_new_suggested():
                break
        return None

    async def _post(self) -> PostResult:
        return await workflow.execute_activity_method(
            InstructionActivities.post_instruction,
            self._task,
            start_to_close_timeout=policies.ONE_ATTEMPT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="post the next instruction to the OMS",
        )

    async def _wait(self, step: PostResult) -> None:
        """Until the next attempt is due, or another instruction comes."""
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._is_new, timeout=step.wait_s, timeout_summary="until the next attempt"
            )
        waited = None if self._is_new else step.waits
        self._task = replace(self._task, waited_for=waited)

    def _show(self, step: PostResult) -> None:
        """Say in the Temporal UI how it stands."""
        if step.instruction_id is not None:
            code = f" ({step.code})" if step.code else ""
            workflow.set_current_details(f"`{step.instruction_id}`: **{step.state}**{code}")
