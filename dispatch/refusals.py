"""What becomes of an event whose workflow Temporal did not take: put off, or failed for good."""

import logging
from datetime import datetime, timedelta

from temporalio.service import RPCError, RPCStatusCode

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from contracts.outages import Outage
from dispatch.calls import SETTLED_S, concerns_all
from store.db.database import Database
from store.events import outbox
from store.events.outbox import Startable

log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(seconds=30)
"""The waits after refusals double up to this: an outage that ends is noticed soon."""

IMPOSSIBLE_AFTER = timedelta(minutes=10)
"""So long Temporal has to find an event itself impossible, while it starts others."""


class Refusals:
    """What one dispatcher met, and what it makes of it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._outage = Outage(SETTLED_S, lambda: clock().timestamp())
        self._last_start_at: datetime | None = None

    def note_start(self) -> None:
        """Temporal took a workflow."""
        self._last_start_at = self._clock()
        if self._outage.ends():
            log.info("Temporal takes workflows again")

    async def note(self, event: Startable, error: Exception) -> None:
        """Put the event off, or say that it can never be started."""
        try:
            if self._is_impossible(event, error):
                reason = "Temporal refuses to start it: INVALID_ARGUMENT"
                log.error("event %s is failed: %s", event.event_id, reason, extra=event.ids)
                await self._database.write(outbox.mark_failed, event.event_id, reason)
            else:
                self._log_refusal(event, error)
                now = self._clock()
                wait = min(_FIRST_WAIT * 2 ** min(event.refusals, 10), _LONGEST_WAIT)
                await self._database.write(outbox.put_off, event.event_id, now, until=now + wait)
        except StoreUnavailable as trouble:
            if not trouble.is_logged:
                said = "event %s waits for its lease to end: %s"
                log.warning(said, event.event_id, trouble, extra=event.ids)

    def _log_refusal(self, event: Startable, error: Exception) -> None:
        """A line for each event that has trouble of its own; one for all while Temporal has."""
        said = _in_words(error)
        if not concerns_all(error):
            log.warning("event %s is started later: %s", event.event_id, said, extra=event.ids)
        elif self._outage.begins():
            waits = "Temporal takes no workflows, events wait, %s is the first: %s"
            log.warning(waits, event.event_id, said, extra=event.ids)

    def _is_impossible(self, event: Startable, error: Exception) -> bool:
        """Whether Temporal refuses this event alone, as such and for long. Every other answer may
        pass: a namespace fails over, a proxy has no route, nobody has registered an attribute."""
        since, others = event.refused_since, self._last_start_at
        return (
            isinstance(error, RPCError)
            and error.status is RPCStatusCode.INVALID_ARGUMENT
            and since is not None
            and others is not None
            and since + IMPOSSIBLE_AFTER <= self._clock()
            and since < others
        )


def _in_words(error: Exception) -> str:
    """What to log of an error: of a mistake of ours nothing that may name a customer."""
    if isinstance(error, RPCError):
        return f"{error.status.name} {error.message}".rstrip()
    return str(error) if isinstance(error, RuntimeError) else type(error).__name__
