"""What the product's POST /v1/events is measured against: a bare FastAPI handler and one INSERT.

`python -m benchmarks.bare_api PORT` serves it with the product's own uvicorn settings. It checks
nothing and encrypts nothing: no key, no model, no duplicate, no sequence. Its table has the columns
and indexes of the product's events and lies in the same database; it writes through the product's
connections, so both promise the same to survive a power cut, and both stand in the same line of
writers.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request
from sqlalchemy import Engine, Index, MetaData, Table, func, insert, select
from sqlmodel import Session, SQLModel

from commands.ports import LOOPBACK, listen
from commands.serve_api import serve_app
from commands.signals import stop_on_signals
from settings import load_settings
from store.db.database import Database
from store.encryption.key_file import keyring_of
from store.tables import EventRow, PartnerRow

_NAME = "bare_events"
_OF = SQLModel.metadata.tables[str(EventRow.__tablename__)]
_PARTNERS = SQLModel.metadata.tables[str(PartnerRow.__tablename__)]


def bare_table() -> Table:
    """The product's table of events under another name, its indexes under other names too."""
    metadata = MetaData()
    _PARTNERS.to_metadata(metadata)  # the foreign key leads there
    table = _OF.to_metadata(metadata, name=_NAME)
    for index in [*table.indexes]:
        table.indexes.remove(index)
        options = {key: value for key, value in index.dialect_kwargs.items() if value is not None}
        Index(f"bare_{index.name}", *index.columns, unique=index.unique, **options)
    return table


BARE = bare_table()


def create_table(engine: Engine) -> None:
    """Make the empty table where it is missing."""
    BARE.create(engine, checkfirst=True)


def stored(session: Session) -> int:
    """How many rows it has."""
    rows: int = session.execute(select(func.count()).select_from(BARE)).scalar_one()
    return rows


def bare_app(database: Database) -> FastAPI:
    """The app; its table is made when it starts."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(create_table, database.engine)
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/events", status_code=202)
    async def take(request: Request) -> dict[str, str]:
        """Insert one row."""
        body = await request.body()
        row = _row(json.loads(body), body)
        await database.write(_insert, row)
        return {"event_id": row["event_id"]}

    return app


def _insert(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(BARE), row)


def _row(event: dict[str, Any], body: bytes) -> dict[str, Any]:
    order = event["data"]["order"]
    return {
        "event_id": event["event_id"],
        "partner_id": event["partner_id"],
        "order_id": order["order_id"],
        "event_type": event["type"],
        "sequence": 1,
        "is_test": False,
        "occurred_at": datetime.fromisoformat(event["occurred_at"]),
        "accepted_at": datetime.now(UTC),
        "body": body.decode(),
        "body_digest": hashlib.sha256(body).hexdigest(),
        "customer_phone_index": order["customer"]["phone"],
        "state": "accepted",
        "delivery_count": 0,
    }


async def serve(port: int) -> None:
    """Answer until a signal."""
    stop = stop_on_signals()
    settings = load_settings()
    database = Database(settings.store_url, keyring_of(*settings.key_source))
    with listen(LOOPBACK, port, "PORT") as listening:
        await serve_app(bare_app(database), listening, stop)
    database.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
