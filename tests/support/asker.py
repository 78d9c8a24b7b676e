"""Stands in for the gateway where only what is asked for matters."""

from dataclasses import dataclass, field

from activities.slots import Slots
from contracts.errors import EngineUnavailable
from contracts.messages import RetryRequest
from store.database import Database
from store.outbox import Startable
from tests.support.shelf import NOW


@dataclass
class Asker:
    """Writes down what it is asked for; Temporal is away for it while `away` is set."""

    asked: list[tuple[Startable, RetryRequest]] = field(default_factory=list)
    away_from: int | None = None
    mistake: Exception | None = None

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """Write a retry down."""
        if self.mistake is not None:
            raise self.mistake
        if self.away_from is not None and len(self.asked) >= self.away_from:
            raise EngineUnavailable("Temporal is away")
        self.asked.append((event, request))

    @property
    def events(self) -> list[str]:
        """Which events were asked for, in this order."""
        return [event.event_id for event, _ in self.asked]


def slots_of(database: Database, asker: Asker | None = None) -> Slots:
    """What hands free slots on, at the tests' usual time."""
    return Slots(database, asker or Asker(), lambda: NOW)
