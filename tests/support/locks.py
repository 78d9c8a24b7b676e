"""Rows that somebody else has locked, and what somebody else has begun."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from tests.support.shelf import Shelf
from tests.support.waiting import eventually


@asynccontextmanager
async def locked(
    shelf: Shelf, *rows: tuple[type[SQLModel], str], **changed: Any
) -> AsyncIterator[None]:
    """Somebody has these rows locked, FOR UPDATE, for as long as the context lasts, and changes
    them so before it is over."""

    def lock(session: Session) -> None:
        for kind, key in rows:
            row = session.get_one(kind, key, with_for_update=True)
            for name, value in changed.items():
                setattr(row, name, value)

    async with under_way(shelf, lock):
        yield


@asynccontextmanager
async def under_way(shelf: Shelf, work: Callable[[Session], object]) -> AsyncIterator[None]:
    """Somebody has done this work, and their transaction ends when the context is over."""
    held, go_on = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        work(session)
        session.flush()
        held.set()
        go_on.wait(60)

    holding = asyncio.create_task(shelf.database.write(hold))
    await asyncio.to_thread(held.wait, 30)
    try:
        yield
    finally:
        go_on.set()
        await holding


async def somebody_waits(shelf: Shelf) -> None:
    """Returns once a transaction of this database waits for a lock."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    await eventually(
        lambda: shelf.database.read(lambda session: session.execute(query).scalar_one())
    )
