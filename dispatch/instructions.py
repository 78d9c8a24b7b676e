"""Starts the workflows that post instructions, and those that text about them."""

from temporalio.client import Client

from contracts.delivery import names
from contracts.ids import instruction_text_workflow_id, instructions_workflow_id
from contracts.instructions.posts import PostInstructions
from contracts.instructions.texts import InstructionTextInput
from dispatch.start import start
from store.instructions.texts import TextToStart
from workflows import DeliverInstructions, SendInstructionText


class InstructionWorkflows:
    """Talks to Temporal about instructions."""

    def __init__(self, client: Client, task_queue: str = names.TASK_QUEUE) -> None:
        self._client = client
        self._task_queue = task_queue

    async def post(self, task: PostInstructions, *, is_new: bool) -> None:
        """Have an order's instructions posted; its workflow hears of a new one. Where there is none
        that is new, one that runs is left alone.

        EngineUnavailable when Temporal does not take it: it has to be started later.
        """
        await start(
            self._client,
            DeliverInstructions.run,
            task,
            workflow_id=instructions_workflow_id(task.partner_id, task.order_id),
            task_queue=self._task_queue,
            partner_id=task.partner_id,
            order_id=task.order_id,
            summary=f"instructions for order {task.order_id} of {task.partner_id}",
            signal=names.INSTRUCTION_GIVEN if is_new else None,
        )

    async def text(self, text: TextToStart) -> None:
        """Have a text sent. EngineUnavailable when Temporal does not take it."""
        await start(
            self._client,
            SendInstructionText.run,
            InstructionTextInput(text.text_id),
            workflow_id=instruction_text_workflow_id(text.text_id),
            task_queue=self._task_queue,
            partner_id=text.partner_id,
            order_id=text.order_id,
            summary=f"{text.kind} for order {text.order_id} of {text.partner_id}",
        )
