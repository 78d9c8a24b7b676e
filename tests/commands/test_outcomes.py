"""`doorstep outcomes rebuild`, as an operator runs it."""

from pathlib import Path

import pytest

from store.db.database import Database
from tests.commands.running import Finished, doorstep
from tests.support.encryption import KEY
from tests.support.outcomes import Days
from tests.support.shelf import Shelf, after, an_event, of_its_own_order

pytestmark = pytest.mark.extended


async def rebuild(database_url: str, *options: str) -> Finished:
    """The command, on this database."""
    return await doorstep(
        *("outcomes", "rebuild", *options),
        folder=Path.cwd(),
        DOORSTEP_DATABASE_URL=database_url,
        DOORSTEP_ENCRYPTION_KEYS=KEY.as_setting(),
    )


async def test_every_day_is_counted_as_the_worker_counts_it(
    database_url: str, database: Database
) -> None:
    shelf, days = Shelf(database), Days(database)
    webhook = await shelf.webhook()
    await webhook.attempt(200)
    await shelf.accept(of_its_own_order(an_event()), now=after(24 * 3600))
    ended = await rebuild(database_url, "--partner", "shop")
    assert (ended.code, ended.out, ended.err) == (0, "2 days counted\n", "")
    rebuilt = await days.rows()
    await days.look(after(25 * 3600))
    assert await days.rows() == rebuilt
    assert rebuilt == await days.fresh(after(25 * 3600))


async def test_of_nobody_it_says_so(database_url: str, database: Database) -> None:
    ended = await rebuild(database_url, "--partner", "nobody")
    assert (ended.code, ended.err) == (2, "doorstep: no partner nobody\n")
