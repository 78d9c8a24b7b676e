"""Makes the links that were asked for at the sign-in, apart from whoever asks: so the answer takes
as long for an address that nobody has.

Several workers may do it at once: a request that one sees to the others pass over.
"""

import asyncio
from datetime import timedelta

from background.periodic import look_every
from contracts.clock import Clock
from store.access.password_resets import mail_reset_links
from store.db.database import Database

EVERY = timedelta(seconds=2)

_AT_ONCE = 100


class PasswordResets:
    """Looks for requests to reset a password, until it is told to stop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds; trouble with the store only makes it wait."""
        await look_every(EVERY, self.look, stop, "passwords are reset later")

    async def look(self) -> None:
        """Have a link mailed to whoever asked and has an account."""
        while await self._database.write(mail_reset_links, self._clock(), limit=_AT_ONCE):
            pass
