"""`doorstep backup`: the whole database in one file, while the system runs."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from commands.database import read_revision
from commands.errors import CommandFailed
from commands.postgres_programs import find_programs, reached
from contracts.errors import StoreUnavailable
from settings import Settings
from store.db.engine import create_database_engine
from store.db.errors import in_one_line
from store.db.restoring import server_major
from store.encryption.key_file import NAME as KEY_FILE


@dataclass(frozen=True)
class Backup:
    """What was written. `keys` says where the encryption keys are, which are not in it."""

    file: Path
    size: int
    server: int
    keys: str


def back_up(settings: Settings, file: Path) -> Backup:
    """Write the database, as it is at one moment, into a new file.

    It gets its name when it is whole: half of one is never taken for a backup. CommandFailed says
    why there is none.
    """
    if read_revision(settings) is None:
        raise CommandFailed("the database has no tables of Doorstep: there is nothing to back up")
    if file.exists():
        raise CommandFailed(f"{file} is there already: name another file")
    server = major_of(settings)
    programs, database = find_programs(server), reached(settings.store_url)
    part = file.with_name(f"{file.name}.part")
    words = ["--format=custom", "--no-password", f"--file={part}", f"--dbname={database.conninfo}"]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
        [str(programs / "pg_dump"), *words],
        env=dict(database.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        part.unlink(missing_ok=True)
        raise CommandFailed(f"pg_dump made no backup: {what_failed(done.stderr)}")
    part.rename(file)
    return Backup(file, file.stat().st_size, server, where_the_keys_are(settings))


def major_of(settings: Settings) -> int:
    """The major version of the server. StoreUnavailable without an answer."""
    engine = create_database_engine(settings.store_url)
    try:
        return server_major(engine)
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the database does not answer ({in_one_line(error)})") from None
    finally:
        engine.dispose()


def where_the_keys_are(settings: Settings) -> str:
    """Where this system has its encryption keys."""
    setting, folder = settings.key_source
    if setting is not None or folder is None:
        return "DOORSTEP_ENCRYPTION_KEYS"
    return str(folder / KEY_FILE)


def what_failed(said: str) -> str:
    """The error that a program names, in one line: the lines after it may quote whole rows."""
    lines = said.strip().splitlines()
    errors = [line for line in lines if "error" in line.lower() or "FATAL" in line]
    return next(iter(errors or lines), "it does not say why")
