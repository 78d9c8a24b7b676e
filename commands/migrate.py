"""Bring the database and Temporal to what this version needs. Safe to do again."""

from temporalio.client import Client
from temporalio.service import RPCError

from commands.database import read_revision
from commands.errors import CommandFailed
from dispatch.connection import connect, register_search_attributes
from settings import Settings, temporal_options
from store.db.migrate import migrate
from store.encryption.key_file import keyring_of
from workflows import search_attributes


def migrate_database(settings: Settings) -> str:
    """Apply the migrations that are missing; gives the revision reached."""
    read_revision(settings)
    return migrate(settings.store_url, keyring_of(*settings.key_source))


async def migrate_namespace(settings: Settings) -> list[str]:
    """Register the search attributes that are missing; gives their names."""
    return await register(await connect(temporal_options(settings)))


async def register(client: Client) -> list[str]:
    """Register what is missing. CommandFailed where Temporal does not let us."""
    try:
        return await register_search_attributes(client)
    except RPCError as error:
        names = ", ".join(key.name for key in search_attributes.ALL)
        raise CommandFailed(
            f"Temporal did not register the search attributes ({error.message}): "
            f"register them by hand in namespace {client.namespace}: {names}"
        ) from None
