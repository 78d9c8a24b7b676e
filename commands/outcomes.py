"""`doorstep outcomes rebuild`: every day counted anew, out of the events' own rows."""

from collections.abc import AsyncIterator

from commands.database import open_database
from contracts.clock import Clock
from settings import Settings
from store.outcomes.counting import count_day
from store.outcomes.rollups import Day, days_with_events
from store.partners.partners import get_partner


async def rebuild(settings: Settings, partner_id: str | None, clock: Clock) -> AsyncIterator[Day]:
    """Count the days of a partner, or of all, one by one; gives each that was counted. NotFound
    without such a partner."""
    async with open_database(settings) as database:
        if partner_id is not None:
            await database.read(get_partner, partner_id)
        for day in await database.read(days_with_events, partner_id):
            await database.write(count_day, *day, clock())
            yield day
