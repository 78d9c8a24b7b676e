"""The bare handler is a fair one: the same columns and indexes, a row for every 202."""

import httpx
from sqlmodel import SQLModel

from benchmarks.bare_api import BARE, bare_app, create_table, stored
from benchmarks.events import PARTNER, EventMaker
from contracts.tiers import Tier
from store.db.database import Database
from store.tables import PartnerRow
from tests.support.encryption import KEYRING
from tests.support.shelf import NOW


def test_its_table_has_the_products_columns_and_indexes() -> None:
    events = SQLModel.metadata.tables["events"]
    assert [column.name for column in BARE.columns] == [column.name for column in events.columns]
    assert {index.name for index in BARE.indexes} == {f"bare_{one.name}" for one in events.indexes}


async def test_it_inserts_a_row_for_each_event(database_url: str) -> None:
    database = Database(database_url, KEYRING)
    create_table(database.engine)
    await database.write(
        lambda session: session.add(
            PartnerRow(
                id=PARTNER,
                name="Bench shop",
                tier=Tier.GROWTH,
                webhook_enabled=True,
                sms_enabled=False,
                sms_fallback=False,
                created_at=NOW,
            )
        )
    )
    maker = EventMaker("bare")
    transport = httpx.ASGITransport(bare_app(database))
    async with httpx.AsyncClient(transport=transport, base_url="http://bare") as client:
        for _ in range(5):
            answer = await client.post("/v1/events", content=maker.make()[1])
            assert answer.status_code == 202
    assert await database.read(stored) == 5
    database.close()
