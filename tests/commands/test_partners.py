"""`doorstep partners create`: everything in one transaction, the secret shown once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from commands.errors import CommandFailed
from commands.partners import Wish, create_partner
from contracts.clock import utc_now
from contracts.errors import Conflict, Invalid
from contracts.payload.signature import secret_key
from settings import Settings
from store.db.database import Database
from store.db.engine import create_database_engine
from store.db.revisions import floor_statement
from store.endpoints.endpoints import get_endpoint
from store.partners import partners
from tests.commands.running import doorstep
from tests.support.encryption import KEY
from tests.support.postgres import Postgres


def settings_of(database_url: str) -> Settings:
    """The settings for a database of the tests."""
    return Settings(database_url=database_url, encryption_keys=KEY.as_setting())


async def test_prints_ids_and_the_secret(database_url: str, database: Database) -> None:
    ended = await doorstep(
        *("partners", "create", "--name", "Chai & Co", "--tier", "enterprise", "--id", "chai"),
        *("--url", "http://127.0.0.1:9101/hook", "--event-types", "delivered, delivery_failed"),
        folder=Path.cwd(),
        DOORSTEP_DATABASE_URL=database_url,
        DOORSTEP_ENCRYPTION_KEYS=KEY.as_setting(),
        DOORSTEP_ALLOWED_NETWORKS="127.0.0.0/8",
    )
    assert (ended.code, ended.err) == (0, "")
    partner, endpoint, secret = (line.split() for line in ended.out.splitlines())
    assert partner == ["partner", "chai"]
    assert endpoint[0] == "endpoint"
    assert endpoint[2] == "http://127.0.0.1:9101/hook"
    assert secret_key(secret[1])
    row = await database.read(get_endpoint, endpoint[1])
    assert row.event_types == ["delivered", "delivery_failed"]


async def test_a_wrong_endpoint_creates_nothing(database_url: str, database: Database) -> None:
    settings = settings_of(database_url)
    wish = Wish("Chai & Co", "growth", "chai", urls=["https://chai.example", "ftp://chai"])
    with pytest.raises(CommandFailed, match="url: "):
        await create_partner(settings, wish, utc_now)
    assert await database.read(partners.list_partners, after=None, limit=1) == []


async def test_an_endpoint_inside_creates_nothing(database_url: str, database: Database) -> None:
    wish = Wish("Chai & Co", "growth", "chai", urls=["https://10.0.0.1/hook"])
    with pytest.raises(Invalid, match="must be public"):
        await create_partner(Settings(database_url=database_url), wish, utc_now)
    assert await database.read(partners.list_partners, after=None, limit=1) == []


async def test_channels_can_be_chosen(database_url: str) -> None:
    channels: dict[str, bool | None] = {"sms_fallback": True}
    wish = Wish("Chai & Co", "growth", "chai", channels=channels)
    created = await create_partner(settings_of(database_url), wish, utc_now)
    assert created.partner.sms_fallback
    assert created.partner.webhook_enabled


async def test_an_id_that_is_taken(database_url: str) -> None:
    settings = settings_of(database_url)
    await create_partner(settings, Wish("Chai & Co", "smb", "chai"), utc_now)
    with pytest.raises(Conflict, match="exists already"):
        await create_partner(settings, Wish("Chai & Co", "smb", "chai"), utc_now)


async def test_an_unknown_tier_names_the_known_ones(database_url: str) -> None:
    with pytest.raises(CommandFailed, match=r"tier: .*'smb', 'growth' or 'enterprise'"):
        await create_partner(
            settings_of(database_url),
            Wish("Chai & Co", "gold"),
            utc_now,
        )


async def test_a_database_without_tables_says_to_migrate(postgres: Postgres) -> None:
    settings = settings_of(postgres.url("postgres"))
    with pytest.raises(CommandFailed, match="run `doorstep migrate`"):
        await create_partner(settings, Wish("Chai & Co", "smb"), utc_now)


class TestADatabaseOfANewerVersion:
    @pytest.fixture
    def newer(self, own_database_url: str) -> Iterator[Engine]:
        engine = create_database_engine(own_database_url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        yield engine
        engine.dispose()

    async def test_one_that_only_added(self, own_database_url: str, newer: Engine) -> None:
        await create_partner(settings_of(own_database_url), Wish("Chai & Co", "smb"), utc_now)

    async def test_one_that_took_away_what_is_read_here(
        self, own_database_url: str, newer: Engine
    ) -> None:
        with newer.begin() as connection:
            connection.exec_driver_sql(floor_statement("9999"))
        with pytest.raises(CommandFailed, match="upgrade this one"):
            await create_partner(settings_of(own_database_url), Wish("Chai & Co", "smb"), utc_now)
