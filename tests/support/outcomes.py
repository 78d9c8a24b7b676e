"""Outcomes for tests: rows counted beside the events, and rows counted afresh."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from contracts.outcomes.counts import COUNTED
from store.db.database import Database
from store.outcomes.counting import count_day
from store.outcomes.marking import mark_changed_days
from store.outcomes.rollups import count_next_due, days_with_events
from store.tables import OUTCOME_DAYS

TODAY = date(2026, 3, 2)
"""The day of NOW in India."""

A_DAY: dict[str, Any] = {
    "events_accepted": 1_600,
    "orders": 400,
    "webhooks": 1_597,
    "webhooks_within_90s": 1_594,
    "webhooks_within_policy": 1_595,
    "webhooks_delivered": 1_597,
    "propagation_buckets": [50],
    "propagation_counts": [1_597],
    "first_attempts": 300,
    "first_attempts_delivered": 270,
    "orders_delivered": 290,
    "orders_returned": 10,
}
"""A day of a partner that has nearly all that was promised."""


class Days:
    """The rows of days, counted beside the events, and counted afresh."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, now: datetime) -> None:
        """What the worker's part does in one look."""
        while await self._database.write(mark_changed_days, now):
            pass
        while await self._database.write(count_next_due, now):
            pass

    async def rows(self) -> dict[tuple[str, date], dict[str, Any]]:
        """Every row that was counted, without the times of counting."""
        rows = await self._database.read(
            lambda session: session.execute(OUTCOME_DAYS.select()).mappings().all()
        )
        names = (*COUNTED, "propagation_buckets", "propagation_counts", "time_zone")
        return {
            (row["partner_id"], row["day"]): {name: row[name] for name in names}
            for row in rows
            if row["counted_at"] is not None
        }

    async def fresh(self, now: datetime) -> dict[tuple[str, date], dict[str, Any]]:
        """The rows of all days, counted in an empty table; what was there is put back."""
        before = await self._database.write(_taken_out)
        await self.rebuild(now)
        rows = await self.rows()
        await self._database.write(_put_back, before)
        return rows

    async def rebuild(self, now: datetime) -> None:
        """What the command does."""
        for partner_id, day, zone in await self._database.read(days_with_events):
            await self._database.write(count_day, partner_id, day, zone, now)

    async def of(self, day: date = TODAY, partner_id: str = "shop") -> dict[str, Any]:
        """One row, without what is 0."""
        row = (await self.rows())[partner_id, day]
        return {name: row[name] for name in COUNTED if row[name]}

    async def marked(self) -> set[date]:
        """The days that are to be counted."""
        query = select(OUTCOME_DAYS.c.day).where(OUTCOME_DAYS.c.due_at.is_not(None))
        return set(await self._database.read(lambda s: s.execute(query).scalars().all()))

    async def due_at(self, day: date = TODAY) -> datetime | None:
        """When it is counted again."""
        query = OUTCOME_DAYS.select().where(OUTCOME_DAYS.c.day == day)
        row = await self._database.read(lambda s: s.execute(query).mappings().one())
        due_at: datetime | None = row["due_at"]
        return due_at


def _taken_out(session: Session) -> list[dict[str, Any]]:
    rows = [dict(row) for row in session.execute(OUTCOME_DAYS.select()).mappings()]
    session.execute(OUTCOME_DAYS.delete())
    return rows


def _put_back(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(OUTCOME_DAYS.delete())
    if rows:
        session.execute(OUTCOME_DAYS.insert(), rows)


async def add_day(database: Database, day: date, partner_id: str = "shop", **counts: Any) -> None:
    """A day as it is counted; what is not named is 0."""
    row = {"partner_id": partner_id, "day": day, "time_zone": "Asia/Kolkata", **counts}
    await database.write(lambda session: session.execute(OUTCOME_DAYS.insert().values(row)))
