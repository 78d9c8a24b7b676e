"""`doorstep keys replace-index-key` and `replace-link-key`: after an encryption key has leaked."""

import asyncio
from collections.abc import Awaitable, Callable

from commands.database import open_database
from settings import Settings
from store.db.database import Database
from store.encryption.reindexing import (
    INDEXED,
    IndexedColumn,
    begin_reindexing,
    end_reindexing,
    reindex_batch,
    replace_link_key,
)
from store.encryption.sealing import KEYS_FRESH_S

UNTIL_NOTICED_S = KEYS_FRESH_S + 10
"""Until every process has read that the key is being replaced, and its work before that is done:
no statement and no wait for a lock takes longer than ten seconds."""
_AT_ONCE = 500


async def replace_index_key(
    settings: Settings, wait: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> int:
    """Key every digest anew; gives how many. Meanwhile the others answer 503 and try again."""
    async with open_database(settings) as database:
        await database.write(begin_reindexing)
        await wait(UNTIL_NOTICED_S)
        done = 0
        for column in INDEXED:
            done += await _reindex(database, column)
        await database.write(end_reindexing)
        database.vault.read_anew()
        return done


async def _reindex(database: Database, column: IndexedColumn) -> int:
    done, after = 0, None
    while True:
        batch = await database.write(reindex_batch, column, after=after, limit=_AT_ONCE)
        if not batch.done:
            return done
        done, after = done + batch.done, batch.last


async def end_links(settings: Settings) -> None:
    """End every link that is out, at once."""
    async with open_database(settings) as database:
        await database.write(replace_link_key)
