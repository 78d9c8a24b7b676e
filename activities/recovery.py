"""`recover_step`: the next deliveries of a recovery are picked, and their workflows asked."""

import asyncio
from collections.abc import Sequence

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.concurrency import Asker
from activities.failures import as_failures
from activities.in_flight import heartbeats
from contracts.clock import Clock
from contracts.delivery.messages import RetryRequest
from contracts.delivery.names import FailureType
from contracts.delivery.recoveries import Recover, RecoveryStep
from contracts.errors import EngineUnavailable
from store.db.database import Database
from store.recoveries.steps import DeliveryToAsk, next_step

_AT_ONCE = 8


class RecoveryActivities:
    """Carries recoveries on."""

    def __init__(self, database: Database, asker: Asker, clock: Clock) -> None:
        self._database = database
        self._asker = asker
        self._clock = clock

    @activity.defn
    async def recover_step(self, task: Recover) -> RecoveryStep:
        """Send the next deliveries again; gives how the recovery stands. Run again, it goes on.

        What Temporal does not take makes the step fail, and is asked for again by a later one.
        """
        with as_failures(), heartbeats():
            step = await self._database.write(next_step, task.recovery_id, self._clock())
            await self._ask(task.recovery_id, step.wanted)
            return step.told

    async def _ask(self, recovery_id: str, wanted: Sequence[DeliveryToAsk]) -> None:
        """Ask for a few at once: each is of another order, or was asked for before."""
        for start in range(0, len(wanted), _AT_ONCE):
            few = wanted[start : start + _AT_ONCE]
            asked = await asyncio.gather(
                *(self._ask_for(recovery_id, one) for one in few), return_exceptions=True
            )
            for failed in asked:
                if isinstance(failed, EngineUnavailable):
                    raise ApplicationError(
                        "Temporal did not take a retry", type=FailureType.OUR_FAULT
                    )
                if failed is not None:
                    raise failed

    async def _ask_for(self, recovery_id: str, one: DeliveryToAsk) -> None:
        request = RetryRequest(
            requested_by=recovery_id,
            delivery_ids=[one.delivery_id],
            resend=one.resend,
            only_waiting=one.again,
        )
        await self._asker.request_retry(one.event, request)
