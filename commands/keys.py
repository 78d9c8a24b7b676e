"""`doorstep keys …`: API keys, straight in the store, for whoever has the machine."""

from datetime import datetime, timedelta
from typing import Any

from commands.checked import checked
from commands.database import open_database
from contracts.access.api_keys import KeyCreate
from contracts.access.callers import COMMAND_LINE
from contracts.clock import Clock
from settings import Settings
from store.access import api_keys
from store.tables import ApiKeyRow

_PAGE = 100


async def create_key(
    settings: Settings, wish: dict[str, Any], days: int | None, clock: Clock
) -> tuple[ApiKeyRow, str]:
    """Make a key, which is shown only now. CommandFailed names what is wrong."""
    now = clock()
    expires_at = now + timedelta(days=days) if days is not None else None
    asked = checked(KeyCreate, {**wish, "expires_at": expires_at})
    async with open_database(settings) as database:
        return await database.write(api_keys.create_key, asked, now, actor=COMMAND_LINE)


async def list_keys(settings: Settings) -> list[ApiKeyRow]:
    """Every key, in the order they were made, revoked ones too."""
    rows: list[ApiKeyRow] = []
    async with open_database(settings) as database:
        while True:
            after = rows[-1].id if rows else None
            page = await database.read(api_keys.list_keys, after=after, limit=_PAGE)
            rows += page
            if len(page) < _PAGE:
                return rows


async def revoke_key(settings: Settings, key_id: str, clock: Clock) -> ApiKeyRow:
    """End a key for good. NotFound when there is none."""
    async with open_database(settings) as database:
        return await database.write(api_keys.revoke_key, key_id, clock(), actor=COMMAND_LINE)


def state_of(row: ApiKeyRow, now: datetime) -> str:
    """Whether a key works, in a word or two."""
    if row.revoked_at is not None:
        return f"revoked {row.revoked_at:%Y-%m-%d}"
    if row.expires_at is None:
        return "works"
    verb = "expired" if row.expires_at <= now else "expires"
    return f"{verb} {row.expires_at:%Y-%m-%d}"
