"""A pause ends with those who began it, or with ops."""

import pytest

from contracts.errors import Conflict
from contracts.partners import PartnerChange
from store.db.database import Database
from store.partners import partners
from store.tables import (
    PartnerRow,
)
from tests.support.shelf import NOW, Shelf


class TestPause:
    async def test_what_ops_paused_ops_resumes(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await pause(database, True, by_ops=True)
        with pytest.raises(Conflict):
            await pause(database, False, by_ops=False)
        assert (await shelf.one(PartnerRow, "shop")).paused_at is not None
        await pause(database, False, by_ops=True)

    async def test_an_owner_ends_their_own(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await pause(database, True, by_ops=False)
        await pause(database, False, by_ops=False)
        assert (await shelf.one(PartnerRow, "shop")).paused_at is None


async def pause(database: Database, on: bool, *, by_ops: bool) -> None:
    asked = PartnerChange.model_validate({"paused": on})
    write = database.write
    await write(partners.change_partner, "shop", asked, NOW, actor="t", by_ops=by_ops)
