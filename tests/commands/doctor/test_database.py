"""The doctor and the database: away, not migrated, sealed with other keys."""

from collections.abc import Iterator

import pytest

from commands.doctor.checks import Check, Finding
from commands.ports import free_ports
from store.db.database import Database
from store.encryption.keyring import EncryptionKey, Keyring, new_key
from tests.commands.doctor.examined import examined
from tests.support.encryption import KEY
from tests.support.postgres import Postgres
from tests.support.shelf import Shelf


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """A database without tables."""
    name = postgres.fresh()
    yield postgres.url(name)
    postgres.drop(name)


class TestTheDatabase:
    async def test_migrated(self, database_url: str) -> None:
        found = await examined(database_url=database_url, encryption_keys=KEY.as_setting())
        assert found["database"].finding is Finding.OK
        assert found["notifications"].finding is Finding.OK
        assert found["encryption keys"].seen.startswith("test in DOORSTEP_ENCRYPTION_KEYS")
        assert found["stored data"].finding is Finding.OK

    async def test_away(self) -> None:
        port = free_ports(1)[0]
        url = f"postgresql+psycopg://someone:hunter2@127.0.0.1:{port}/doorstep"
        found = await examined(database_url=url)
        assert found["database"].finding is Finding.MISSING
        assert "does not answer" in found["database"].seen
        assert "hunter2" not in found["database"].seen
        assert found["database"].advice == "start it, or correct DOORSTEP_DATABASE_URL"
        assert "outbox" not in found

    async def test_without_its_tables(self, empty_url: str) -> None:
        found = await examined(database_url=empty_url, encryption_keys=KEY.as_setting())
        assert found["database"].finding is Finding.MISSING
        assert found["database"].seen.startswith("has no tables, needs ")
        assert found["database"].advice == "run `doorstep migrate`"
        assert "outbox" not in found


async def stored_data(url: str, *keys: EncryptionKey) -> Check:
    """What is said of stored data with these keys."""
    setting = ",".join(key.as_setting() for key in keys)
    return (await examined(database_url=url, encryption_keys=setting))["stored data"]


class TestWhatItIsSealedWith:
    async def test_a_key_that_the_database_s_own_need_is_missing(
        self, own_database_url: str
    ) -> None:
        found = await stored_data(own_database_url, new_key("k2"))
        assert found.finding is Finding.MISSING
        assert "test (sealed_keys.sealed)" in found.seen
        assert "DOORSTEP_ENCRYPTION_KEYS" in found.advice

    async def test_a_key_that_only_rows_need_is_missing(self, own_database_url: str) -> None:
        gone = new_key("k9")
        database = Database(own_database_url, Keyring([gone, KEY]))
        shelf = Shelf(database)
        await shelf.add_partner()
        await shelf.accept()
        database.close()
        found = await stored_data(own_database_url, KEY)
        assert found.finding is Finding.MISSING
        assert found.seen.endswith("not in the settings: k9 (events.body)")
        assert (await stored_data(own_database_url, KEY, gone)).finding is Finding.OK

    async def test_a_payload_s_key_is_read_out_of_its_bytes(self, own_database_url: str) -> None:
        gone = new_key("k-9_x")
        database = Database(own_database_url, Keyring([gone, KEY]))
        await Shelf(database).webhook()
        database.close()
        assert "payloads.body" in (await stored_data(own_database_url, KEY)).seen

    async def test_another_key_under_the_same_id(self, own_database_url: str) -> None:
        found = await stored_data(own_database_url, new_key("test"))
        assert found.finding is Finding.WRONG
        assert "another one than was used under its id" in found.seen
