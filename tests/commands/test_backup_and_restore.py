"""`doorstep backup` and `doorstep restore`, as an operator runs them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from commands.backup_loading import load_backup
from commands.errors import CommandFailed
from commands.postgres_programs import find_programs, reached
from contracts.access.users import Invite, Role
from store.access.invitations import invite
from store.access.sessions import begin_for
from store.db.database import Database
from store.db.embedded import EmbeddedPostgres
from store.db.engine import create_database_engine
from store.db.restoring import MORE_THAN_WERE_GIVEN, has_tables, server_major
from tests.commands.running import doorstep
from tests.support.encryption import KEY, KEYRING
from tests.support.postgres import Postgres, all_rows, serving_postgres
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended

NO_TEMPORAL = {"TEMPORAL_ADDRESS": "127.0.0.1:1"}


def settings_of(url: str) -> dict[str, str]:
    keys = {"DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting()}
    return {"DOORSTEP_DATABASE_URL": url, **keys, **NO_TEMPORAL}


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres.fresh()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """The empty database; no connection of it is kept."""
    engine = create_database_engine(empty_url)
    yield engine
    engine.dispose()


@pytest.fixture
async def backup(own_database_url: str, tmp_path: Path) -> Path:
    """The backup of a database with an event and its text in it, and somebody who is signed in;
    nobody is connected to it."""
    database = Database(own_database_url, KEYRING)
    await Shelf(database).text()
    await database.write(_sign_in)
    database.close()
    file = tmp_path / "doorstep.dump"
    made = await doorstep("backup", str(file), folder=tmp_path, **settings_of(own_database_url))
    assert (made.code, made.err) == (0, "")
    assert "keep a copy of DOORSTEP_ENCRYPTION_KEYS apart" in made.out
    return file


def _sign_in(session: Session) -> None:
    now = datetime.now(UTC)
    asked = Invite(email="asha@ops.example", name="Asha", role=Role.OPS)
    user, _token = invite(session, asked, now, actor="operator")
    begin_for(session, user.id, now)


class TestABackup:
    async def test_only_its_owner_reads_it_and_none_is_overwritten(
        self, backup: Path, tmp_path: Path, own_database_url: str
    ) -> None:
        assert backup.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in tmp_path.iterdir()] == ["doorstep.dump"]
        settings = settings_of(own_database_url)
        again = await doorstep("backup", str(backup), folder=tmp_path, **settings)
        assert (again.code, again.err.count("\n")) == (2, 1)
        assert "is there already" in again.err

    async def test_of_nothing(self, tmp_path: Path, empty_url: str) -> None:
        ended = await doorstep("backup", "x.dump", folder=tmp_path, **settings_of(empty_url))
        assert ended.code == 2
        assert "nothing to back up" in ended.err
        assert list(tmp_path.iterdir()) == []

    async def test_where_it_cannot_be_written(self, tmp_path: Path, own_database_url: str) -> None:
        settings = settings_of(own_database_url)
        ended = await doorstep("backup", "none/x.dump", folder=tmp_path, **settings)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "pg_dump made no backup" in ended.err


class TestARestore:
    async def test_every_row_is_back_and_it_is_marked(
        self, backup: Path, tmp_path: Path, own_database_url: str, empty_url: str
    ) -> None:
        before = datetime.now(UTC)
        ended = await doorstep("restore", str(backup), folder=tmp_path, **settings_of(empty_url))
        assert (ended.code, ended.err) == (0, "")
        assert "Temporal does not answer" in ended.out
        old, new = (rows_of(url) for url in (own_database_url, empty_url))
        [mark], [entry] = new.pop("restores"), new.pop("audit_entries")[-1:]
        assert before < mark["lost_until"] == mark["restored_at"] < datetime.now(UTC)
        assert entry["action"] == "database.restored"
        assert old.pop("restores") == []
        assert len(old.pop("audit_entries")) > 0
        assert (len(old.pop("dashboard_sessions")), new.pop("dashboard_sessions")) == (1, [])
        assert new == old

    async def test_as_a_role_that_owns_the_database_and_nothing_else(
        self, backup: Path, tmp_path: Path, postgres: Postgres
    ) -> None:
        name = postgres.fresh()
        postgres.execute("CREATE ROLE plain LOGIN PASSWORD 'hunter2'")
        postgres.execute(f"ALTER DATABASE {name} OWNER TO plain")
        url = f"postgresql+psycopg://plain:hunter2@127.0.0.1:{postgres.port}/{name}"
        restored = await doorstep("restore", str(backup), folder=tmp_path, **settings_of(url))
        assert (restored.code, restored.err) == (0, "")
        again = await doorstep("backup", "again.dump", folder=tmp_path, **settings_of(url))
        assert (again.code, again.err) == (0, "")
        postgres.drop(name)
        postgres.execute("DROP ROLE plain")

    async def test_no_instruction_gets_a_number_that_the_oms_may_know(
        self, backup: Path, tmp_path: Path, empty_url: str, engine: Engine
    ) -> None:
        await doorstep("restore", str(backup), folder=tmp_path, **settings_of(empty_url))
        with engine.connect() as connection:
            number = connection.exec_driver_sql("SELECT nextval('instruction_numbers')").scalar()
        assert number == 1 + MORE_THAN_WERE_GIVEN + 1

    async def test_what_it_is_told_of_the_end(
        self, backup: Path, tmp_path: Path, empty_url: str
    ) -> None:
        ended_at = datetime.now(UTC) - timedelta(hours=1)
        words = ["restore", str(backup), "--stopped-at", ended_at.isoformat()]
        ended = await doorstep(*words, folder=tmp_path, **settings_of(empty_url))
        assert ended.code == 0
        assert f"until {ended_at:%Y-%m-%d %H:%M:%S}Z" in ended.out
        assert rows_of(empty_url)["restores"][0]["lost_until"] == ended_at

    @pytest.mark.parametrize("told", ["2026-11-29T21:40", "2999-01-01T00:00Z", "yesterday"])
    async def test_no_such_end(
        self, backup: Path, tmp_path: Path, empty_url: str, engine: Engine, told: str
    ) -> None:
        words = ["restore", str(backup), "--stopped-at", told]
        ended = await doorstep(*words, folder=tmp_path, **settings_of(empty_url))
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "--stopped-at" in ended.err
        assert not has_tables(engine)

    async def test_never_over_what_is_there(
        self, backup: Path, tmp_path: Path, own_database_url: str
    ) -> None:
        settings = settings_of(own_database_url)
        ended = await doorstep("restore", str(backup), folder=tmp_path, **settings)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "is not empty" in ended.err

    async def test_not_while_somebody_is_connected(
        self, backup: Path, tmp_path: Path, empty_url: str, engine: Engine
    ) -> None:
        with psycopg.connect(empty_url.replace("postgresql+psycopg:", "postgresql:")):
            ended = await doorstep(
                "restore", str(backup), folder=tmp_path, **settings_of(empty_url)
            )
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "others are connected to this database (1 from 127.0.0.1)" in ended.err
        assert not has_tables(engine)

    async def test_half_a_file_restores_nothing(
        self, backup: Path, tmp_path: Path, empty_url: str, engine: Engine
    ) -> None:
        whole = backup.read_bytes()
        backup.write_bytes(whole[: len(whole) - 3000])
        ended = await doorstep("restore", str(backup), folder=tmp_path, **settings_of(empty_url))
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert not has_tables(engine)

    async def test_nothing_is_there_without_the_marks(
        self, backup: Path, empty_url: str, engine: Engine
    ) -> None:
        programs = find_programs(server_major(engine))
        with pytest.raises(CommandFailed, match="division by zero"):
            load_backup(programs, reached(empty_url), backup, ["SELECT 1 / 0"])
        assert not has_tables(engine)

    async def test_with_other_keys_it_says_which_one_is_missing(
        self, backup: Path, tmp_path: Path, empty_url: str
    ) -> None:
        other = await doorstep("keys", "new-encryption-key", folder=tmp_path)
        settings = {**settings_of(empty_url), "DOORSTEP_ENCRYPTION_KEYS": other.out.strip()}
        ended = await doorstep("restore", str(backup), folder=tmp_path, **settings)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "sealed with key test" in ended.err


class TestRestoredByOtherMeans:
    async def test_it_is_marked(self, tmp_path: Path, own_database_url: str) -> None:
        settings = settings_of(own_database_url)
        ended = await doorstep("restore", "--after-own-restore", folder=tmp_path, **settings)
        assert (ended.code, ended.err) == (0, "")
        assert len(rows_of(own_database_url)["restores"]) == 1

    async def test_an_empty_one_was_not_restored(self, tmp_path: Path, empty_url: str) -> None:
        settings = settings_of(empty_url)
        ended = await doorstep("restore", "--after-own-restore", folder=tmp_path, **settings)
        assert ended.code == 2
        assert "restore it first" in ended.err

    @pytest.mark.parametrize("words", [[], ["x.dump", "--after-own-restore"]])
    async def test_one_or_the_other(self, tmp_path: Path, words: list[str]) -> None:
        ended = await doorstep("restore", *words, folder=tmp_path, **NO_TEMPORAL)
        assert ended.code == 2
        assert "--after-own-restore" in ended.err


async def test_the_embedded_database_in_a_new_folder(tmp_path: Path, unused_tcp_port: int) -> None:
    """`doorstep up` does not run there: the server is started for it, and stopped."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    file = tmp_path / "doorstep.dump"
    with serving_postgres(old) as port:
        running = {"DOORSTEP_DATA_DIR": str(old), "DOORSTEP_POSTGRES_PORT": str(port)}
        EmbeddedPostgres(old, port).create_database()
        await doorstep("migrate", "--database-only", folder=tmp_path, **running)
        made = await doorstep("backup", str(file), folder=tmp_path, **running)
        assert (made.code, made.err) == (0, "")
        assert f"keep a copy of {old}/encryption-keys apart" in made.out
    elsewhere = {"DOORSTEP_DATA_DIR": str(new), "DOORSTEP_POSTGRES_PORT": str(unused_tcp_port)}
    without = await doorstep("restore", str(file), folder=tmp_path, **elsewhere, **NO_TEMPORAL)
    assert without.code == 2
    assert "encryption-keys: put the file" in without.err
    (new / "encryption-keys").write_bytes((old / "encryption-keys").read_bytes())
    ended = await doorstep("restore", str(file), folder=tmp_path, **elsewhere, **NO_TEMPORAL)
    assert (ended.code, ended.err) == (0, "")
    assert (new / "postgresql" / "PG_VERSION").exists()
    assert not (new / "postgresql" / "postmaster.pid").exists()


class TestPrograms:
    def test_none_is_new_enough(self) -> None:
        with pytest.raises(CommandFailed, match=r"PostgreSQL 99.*those here are of \d+"):
            find_programs(99)

    def test_those_of_the_server_s_own_version_are_taken_first(self, engine: Engine) -> None:
        folder = find_programs(server_major(engine))
        assert "pginstall18" in str(folder)

    def test_no_password_is_on_a_command_line(self) -> None:
        database = reached("postgresql+psycopg://me:hunter2@db:5433/doorstep?sslmode=require")
        assert "hunter2" not in database.conninfo
        assert "hunter2" not in repr(database)
        assert database.environment["PGPASSWORD"] == "hunter2"
        assert {"host=db", "port=5433", "sslmode=require"} < set(database.conninfo.split())
        assert not any(name.startswith("DOORSTEP_") for name in database.environment)


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    database = Database(url, KEYRING)
    try:
        return {table.name: [dict(row) for row in rows] for table, rows in all_rows(database)}
    finally:
        database.close()
