"""`record_dead_letter`: what could not be delivered is kept, with its reason."""

from temporalio import activity

from activities.failures import as_failures
from contracts.clock import Clock
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeliveryState
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter


class DeadLetterActivities:
    """Keeps dead letters."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @activity.defn
    async def record_dead_letter(self, dead_letter: RecordDeadLetter) -> DeliveryState:
        """Make a delivery a dead letter, once; gives `delivered` if it was delivered meanwhile."""
        with as_failures():
            return await self._database.write(record_dead_letter, dead_letter, self._clock())
