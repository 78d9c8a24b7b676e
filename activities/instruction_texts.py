"""`text_about_instruction`: the code of a change, or a reminder, to the order's phone."""

from temporalio import activity

from activities.failures import as_failures, charged
from activities.in_flight import heartbeats, insisted, seen_to_its_end
from activities.own_faults import or_after_a_mistake
from activities.twilio_sender import OutgoingText, Texter
from contracts.clock import Clock
from contracts.delivery.names import FailureType
from contracts.instructions.texts import InstructionTextInput, InstructionTextResult
from contracts.sms.rules import TextRules
from store.db.database import Database
from store.instructions.texts import (
    ReadyInstructionText,
    claim_text,
    note_text_mistake,
    settle_text,
)


class InstructionTextActivities:
    """Sends texts about instructions, each at most once."""

    def __init__(self, database: Database, texter: Texter, clock: Clock, rules: TextRules) -> None:
        self._database = database
        self._texter = texter
        self._clock = clock
        self._rules = rules

    @activity.defn
    async def text_about_instruction(self, task: InstructionTextInput) -> InstructionTextResult:
        """Claim and send a text; gives how it ended.

        Raises `InstructionTextNotTaken` with the schedule's delay where it certainly was not sent
        for now.
        """

        async def counted(error: Exception) -> InstructionTextResult:
            result = await self._database.write(note_text_mistake, task.text_id, self._clock())
            if result is None:
                raise error
            return result

        with as_failures(), heartbeats():
            work = seen_to_its_end(self._claim_and_send(task.text_id))
            return _ended(await or_after_a_mistake(work, counted))

    async def _claim_and_send(self, text_id: str) -> InstructionTextResult:
        """The claim, the call and its end, as one: a claim without its call would look like a text
        that may have been sent."""
        ready = await self._database.write(claim_text, text_id, self._clock(), self._rules)
        if isinstance(ready, InstructionTextResult):
            return ready
        answer = await self._texter.send(_outgoing(ready))
        return await insisted(
            lambda: self._database.write(settle_text, text_id, answer, self._clock())
        )


def _outgoing(ready: ReadyInstructionText) -> OutgoingText:
    """Without a status callback: whoever gets no code asks for another."""
    return OutgoingText(
        to=ready.to_phone,
        body=ready.body,
        sender=ready.sender,
        validity_s=ready.validity_s,
        status_callback=None,
    )


def _ended(result: InstructionTextResult) -> InstructionTextResult:
    """How it ended; raises where it is tried again."""
    if result.again_in_s is not None:
        raise charged(FailureType.INSTRUCTION_TEXT_NOT_TAKEN, result.code or "", result.again_in_s)
    return result
