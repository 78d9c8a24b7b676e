"""Migrations: up, down and up again, and the tables they make are the ones the code expects."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy import text as _sql
from sqlmodel import SQLModel

import store.tables
from contracts.errors import KeyMissing, StoreUnavailable
from contracts.events import TrackingEvent
from contracts.messages import SendResult
from contracts.states import DeadLetterReason
from store import outbox
from store.database import Database, create_database_engine
from store.event_bodies import body_of
from store.event_log import event_detail
from store.keyring import Keyring, new_key
from store.migrate import current_revision, migrate, newest_revision
from store.partners import secrets_in_force
from store.payloads import sendable_bytes
from store.tables import EventRow
from tests.store.rows_of_0001 import BODY, EXCERPT, PAYLOAD, SECRET, insert_rows_of_0001
from tests.support.encryption import KEYRING
from tests.support.postgres import Postgres
from tests.support.shelf import NOW, Shelf, Text, after

BOOKKEEPING = "alembic_version"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.fresh()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """The empty database."""
    engine = create_database_engine(empty_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {BOOKKEEPING}


def alembic(engine: Engine) -> Config:
    """What the `alembic` command would work with."""
    config = Config()
    folder = Path(store.tables.__file__).parents[1] / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["engine"] = engine
    return config


class TestUpAndDown:
    def test_up_on_an_empty_database(self, empty_url: str, engine: Engine) -> None:
        assert current_revision(engine) is None
        assert migrate(empty_url, KEYRING) == newest_revision()
        assert current_revision(engine) == newest_revision()
        assert tables(engine) == set(SQLModel.metadata.tables)

    def test_again_is_harmless(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        assert migrate(empty_url, KEYRING) == newest_revision()

    def test_down_leaves_nothing_and_up_again_works(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        command.downgrade(alembic(engine), "base")
        assert tables(engine) == set()
        assert current_revision(engine) is None
        migrate(empty_url, KEYRING)
        assert tables(engine) == set(SQLModel.metadata.tables)

    def test_the_tables_are_the_ones_that_the_code_expects(
        self, empty_url: str, engine: Engine
    ) -> None:
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, SQLModel.metadata) == []

    @pytest.mark.parametrize(
        ("table", "index", "where"),
        [
            ("events", "ix_events_outbox", "started_at IS NULL"),
            ("dead_letters", "uq_dead_letters_unresolved", "resolved_at IS NULL"),
            ("deliveries", "ix_deliveries_open", "state"),
        ],
    )
    def test_the_partial_indexes_are_partial(
        self, empty_url: str, engine: Engine, table: str, index: str, where: str
    ) -> None:
        """Which the comparison above does not look at."""
        migrate(empty_url, KEYRING)
        [found] = [one for one in inspect(engine).get_indexes(table) if one["name"] == index]
        condition = found["dialect_options"][f"{engine.dialect.name}_where"]
        assert where in str(condition)


class TestFrom010:
    """A database of version 0.1.0: its tables, and rows in clear."""

    @pytest.fixture
    def old(self, engine: Engine) -> Engine:
        """Migration 0001 with one event, its payload, a text, an attempt and a secret."""
        command.upgrade(alembic(engine), "0001")
        with engine.begin() as connection:
            insert_rows_of_0001(connection)
        return engine

    async def test_its_rows_work_after_the_migration(self, empty_url: str, old: Engine) -> None:
        migrate(empty_url, KEYRING)
        database = Database(empty_url, KEYRING)
        event = TrackingEvent.model_validate_json(BODY)
        try:
            assert (await database.write(outbox.accept, event, NOW)).duplicate
            row = await database.read(lambda s: s.get_one(EventRow, "evt-old"))
            assert await database.read(body_of, row) == event
            sent = await database.read(sendable_bytes, "evt-old", "1.0", NOW, timedelta())
            assert sent == PAYLOAD
            assert await database.read(secrets_in_force, "ep_1", NOW) == [SECRET]
            detail = await database.read(event_detail, "evt-old")
            assert dict(detail.excerpts) == {"att_1": EXCERPT}
        finally:
            database.close()

    def test_it_goes_back_while_nothing_is_encrypted(self, empty_url: str, old: Engine) -> None:
        migrate(empty_url, KEYRING)
        command.downgrade(alembic(old), "0001")
        with old.connect() as connection:
            assert connection.execute(_sql("SELECT body FROM events")).scalar_one() == BODY
            assert bytes(connection.execute(_sql("SELECT body FROM payloads")).scalar_one()) == (
                PAYLOAD
            )

    def test_it_does_not_go_back_over_encrypted_rows(self, empty_url: str, old: Engine) -> None:
        migrate(empty_url, KEYRING)
        with old.begin() as connection:
            connection.execute(_sql("UPDATE events SET body = '1:k1:AAAA'"))
        with pytest.raises(RuntimeError, match="events has encrypted rows"):
            command.downgrade(alembic(old), "0001")


class TestTextsOf0006:
    async def test_a_claim_in_flight_at_the_upgrade_is_not_sent_again(
        self, empty_url: str, engine: Engine
    ) -> None:
        """In its second round, whose text may have gone out; the first one's was refused."""
        text = await self._refused_once(empty_url)
        command.downgrade(alembic(engine), "0006")
        with engine.begin() as connection:
            connection.execute(_sql("UPDATE deliveries SET round = 2, state = 'delivering'"))
            [old] = connection.execute(_sql("SELECT * FROM sms_messages")).mappings().all()
            new = {**old, "id": "sms_2", "round": 2, "state": "claimed", "settled_at": None}
            names, values = ", ".join(new), ", ".join(f":{name}" for name in new)
            connection.execute(_sql(f"INSERT INTO sms_messages ({names}) VALUES ({values})"), new)
        migrate(empty_url, KEYRING)
        database = Database(empty_url, KEYRING)
        claimed = await Text(Shelf(database), text.event, text.id).claim(in_round=2)
        database.close()
        assert isinstance(claimed, SendResult)
        assert claimed.dead_letter is DeadLetterReason.UNKNOWN

    async def test_two_texts_of_one_round_go_down(self, empty_url: str, engine: Engine) -> None:
        text = await self._refused_once(empty_url, redirected_to="+919845012345")
        command.downgrade(alembic(engine), "0006")
        with engine.connect() as connection:
            rounds = connection.execute(_sql("SELECT round FROM sms_messages ORDER BY round"))
            assert rounds.scalars().all() == [1, 2]
            query = _sql("SELECT round FROM deliveries WHERE id = :id")
            assert connection.execute(query, {"id": text.id}).scalar_one() == 2

    async def _refused_once(self, url: str, redirected_to: str | None = None) -> Text:
        migrate(url, KEYRING)
        database = Database(url, KEYRING)
        shelf = Shelf(database)
        text = await shelf.text()
        await text.refuse(await text.ready())
        if redirected_to is not None:
            await text.keep(DeadLetterReason.EXHAUSTED)
            await shelf.redirect(text.id, redirected_to)
            await text.ready(in_round=2, now=after(30))
        database.close()
        return text


class TestTheIndexKey:
    def test_it_is_made_once(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            first = connection.execute(_sql("SELECT * FROM sealed_keys")).all()
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            assert connection.execute(_sql("SELECT * FROM sealed_keys")).all() == first
        assert {one.name for one in first} == {"index", "links"}

    def test_a_database_that_other_keys_sealed(self, empty_url: str) -> None:
        migrate(empty_url, KEYRING)
        with pytest.raises(KeyMissing, match="sealed with key test"):
            migrate(empty_url, Keyring([new_key("other")]))


class TestTrouble:
    def test_a_database_of_a_newer_version(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        with engine.begin() as connection:
            connection.execute(_sql(f"UPDATE {BOOKKEEPING} SET version_num = '9999'"))
        with pytest.raises(StoreUnavailable, match="newer version"):
            migrate(empty_url, KEYRING)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(StoreUnavailable, match="migration failed"):
            migrate(f"sqlite:///{tmp_path}/nowhere/doorstep.db", KEYRING)
