"""Checks for notifications that no event triggers: time has passed, or something waits too long.

Several workers may do it at once: one looks, and what one has told another does not tell again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from background.mistakes import log_mistake
from background.periodic import look_every
from contracts.clock import Clock
from contracts.errors import KeyMissing, SealBroken, StoreUnavailable
from contracts.notifications.kinds import NotificationKind
from store.db.database import Database
from store.dead_letters.notifications import (
    notify_of_failed_deliveries,
    partners_with_failed_deliveries,
)
from store.endpoints.disabled_soon import endpoints_disabled_soon, warn_of_disabling
from store.instructions.notifications import notify_of_unanswered, partners_with_unanswered
from store.notifications.checks import begin_check, note_check
from store.outcomes.notifications import notify_of_week, partners_with_a_week

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Check:
    """What is looked for: whose turn it may be, by id, and a transaction for each."""

    kind: NotificationKind
    find: Callable[[Session, datetime], Sequence[str]]
    notify: Callable[[Session, str, datetime], bool]


CHECKS = (
    Check(NotificationKind.ENDPOINT_DISABLED_SOON, endpoints_disabled_soon, warn_of_disabling),
    Check(
        NotificationKind.FAILED_DELIVERIES,
        partners_with_failed_deliveries,
        notify_of_failed_deliveries,
    ),
    Check(NotificationKind.INSTRUCTIONS_UNANSWERED, partners_with_unanswered, notify_of_unanswered),
    Check(NotificationKind.WEEKLY_OUTCOMES, partners_with_a_week, notify_of_week),
)


class NotificationChecks:
    """Looks for something to tell, until it is told to stop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look every minute; trouble with the store only makes it wait."""
        what_waits = "what people should know is looked for later"
        await look_every(EVERY, lambda: self.look(stop), stop, what_waits)

    async def look(self, stop: asyncio.Event) -> None:
        """Make the checks whose time has come."""
        for check in CHECKS:
            if not stop.is_set():
                await self._make(check, stop)

    async def _make(self, check: Check, stop: asyncio.Event) -> None:
        """One check, if it is time. A mistake of ours in it keeps it from having gone through, and
        no other check from being made."""
        try:
            if await self._database.write(begin_check, check.kind, self._clock()):
                await self._go_through(check, stop)
        except StoreUnavailable:
            raise
        except Exception as error:
            log_mistake(f"nobody is told of {check.kind}", error)

    async def _go_through(self, check: Check, stop: asyncio.Event) -> None:
        """A transaction for each that is found. Where one fails the others are told all the same,
        and the check is not noted as complete."""
        all_went = True
        for one in await self._database.read(check.find, self._clock()):
            if stop.is_set():
                return
            all_went &= await self._notify(check, one)
        if all_went:
            await self._database.write(note_check, check.kind, self._clock())

    async def _notify(self, check: Check, one: str) -> bool:
        """Whether that went: what cannot be opened does not, nor where we have made a mistake."""
        try:
            await self._database.write(check.notify, one, self._clock())
        except (KeyMissing, SealBroken) as error:
            log.warning("nobody is told of %s of %s: %s", check.kind, one, error)
        except StoreUnavailable:
            raise
        except Exception as error:
            log_mistake(f"nobody is told of {check.kind} of {one}", error)
        else:
            return True
        return False
