"""The stores that a measurement runs on, each empty and in a folder of its own."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from benchmarks.ledger.options import Store
from benchmarks.ledger.postgres import Cluster
from benchmarks.processes import running
from benchmarks.waiting import until
from commands.ports import free_ports

STORES = tuple(Store)
_START_LIMIT_S = 60.0


@contextlib.asynccontextmanager
async def opened(store: Store, folder: Path) -> AsyncIterator[Mapping[str, str]]:
    """The settings that lead to an empty store; it stops when the context ends.

    SQLite is a file in the data folder and needs none. PostgreSQL is a server of our own.
    """
    if store is Store.SQLITE:
        yield {}
        return
    cluster = Cluster(folder, *free_ports(1))
    cluster.initialise()
    way = cluster.way(folder / "postgresql.log")
    async with running(way.name, way.command, folder) as server:

        async def serves() -> bool:
            server.check()
            return await cluster.serves()

        await until(serves, _START_LIMIT_S)
        await cluster.create_database()
        yield {"DOORSTEP_DATABASE_URL": cluster.url}
