"""Rows that somebody else has locked."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel import Session, SQLModel

from tests.support.shelf import Shelf


@asynccontextmanager
async def locked(shelf: Shelf, *rows: tuple[type[SQLModel], str]) -> AsyncIterator[None]:
    """Somebody has these rows locked, FOR UPDATE, for as long as the context lasts."""
    held, go_on = threading.Event(), threading.Event()

    def lock(session: Session) -> None:
        for kind, key in rows:
            session.get_one(kind, key, with_for_update=True)
        held.set()
        go_on.wait(60)

    holding = asyncio.create_task(shelf.database.write(lock))
    await asyncio.to_thread(held.wait, 30)
    try:
        yield
    finally:
        go_on.set()
        await holding
