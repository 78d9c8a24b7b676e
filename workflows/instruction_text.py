"""`SendInstructionText`: sends one text about an instruction, a code or a reminder."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.instruction_texts import InstructionTextActivities
    from contracts.delivery import names
    from contracts.instructions.texts import InstructionTextInput, InstructionTextResult
    from workflows import policies


@workflow.defn(name=names.SEND_INSTRUCTION_TEXT)
class SendInstructionText:
    """One text, from its first attempt to its end. The database knows how it stands: run again, it
    goes on where it was. Its history has ids, states and codes of Twilio in it."""

    @workflow.run
    async def run(self, task: InstructionTextInput) -> InstructionTextResult:
        """Try until it is sent, skipped or given up; gives how it ended."""
        result = await workflow.execute_activity_method(
            InstructionTextActivities.text_about_instruction,
            task,
            start_to_close_timeout=policies.ONE_TEXT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            summary="text the order's phone",
        )
        workflow.set_current_details(f"`{task.text_id}`: **{result.state}**")
        return result
