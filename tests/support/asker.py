"""Stands in for the gateway where only what is asked for matters."""

from dataclasses import dataclass, field

from activities.concurrency import ConcurrencyLimit
from contracts.delivery.messages import RetryRequest
from contracts.errors import EngineUnavailable
from store.db.database import Database
from store.events.outbox import Startable
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


def limit_of(database: Database, asker: Asker | None = None) -> ConcurrencyLimit:
    """What hands free places on, at the tests' usual time."""
    return ConcurrencyLimit(database, asker or Asker(), lambda: NOW)
