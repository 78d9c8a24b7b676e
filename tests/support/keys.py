"""API keys for tests."""

from datetime import datetime

from contracts.access.api_keys import KeyCreate
from contracts.access.callers import Scope
from contracts.clock import utc_now
from store.access.api_keys import create_key
from store.db.database import Database


async def make_key(
    database: Database,
    scope: Scope = Scope.OPS,
    partner_id: str | None = None,
    *,
    expires_at: datetime | None = None,
    now: datetime | None = None,
) -> tuple[str, str]:
    """A key that is in force: its id, and itself."""
    asked = KeyCreate(scope=scope, label="a test", partner_id=partner_id, expires_at=expires_at)
    row, token = await database.write(create_key, asked, now or utc_now(), actor="test")
    return row.id, token
