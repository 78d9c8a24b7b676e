"""The product's own embedded PostgreSQL, in the data folder of a run, with an empty database."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.processes import running
from benchmarks.waiting import until
from settings import Settings
from store.embedded import EmbeddedPostgres
from store.key_file import keyring_of
from store.migrate import migrate

POSTGRES = "postgresql"
_START_LIMIT_S = 60.0


@contextlib.asynccontextmanager
async def serving_postgres(settings: Settings, folder: Path) -> AsyncIterator[None]:
    """Run the server that these settings lead to; its database has all tables and no row."""
    embedded = EmbeddedPostgres(settings.data_dir, settings.postgres_port)
    await asyncio.to_thread(embedded.prepare)
    async with running(POSTGRES, embedded.command, folder, stop_signal=signal.SIGINT) as server:

        async def serves() -> bool:
            server.check()
            return await asyncio.to_thread(embedded.serves)

        await until(serves, _START_LIMIT_S)
        await asyncio.to_thread(embedded.create_database)
        await asyncio.to_thread(migrate, settings.store_url, keyring_of(*settings.key_source))
        yield
