"""PostgreSQL's own programs, and how they reach a database."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from commands.errors import CommandFailed
from commands.system import without_ours
from contracts.errors import ConfigurationError
from store.db.embedded import wheel_programs

_NEEDED = ("pg_dump", "pg_restore", "psql")


@dataclass(frozen=True)
class Reached:
    """A database for libpq's programs. The password goes by the environment: everybody on the
    machine can read command lines."""

    conninfo: str
    environment: Mapping[str, str] = field(repr=False)


def reached(url: str) -> Reached:
    """The database of a SQLAlchemy URL."""
    parsed = make_url(url)
    _, options = parsed.get_dialect()().create_connect_args(parsed)
    password = options.pop("password", None)
    environment = without_ours(os.environ)
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    return Reached(make_conninfo(**options), environment)


def find_programs(server: int) -> Path:
    """The folder of the programs to use with a server of this major version: of the same one if
    there is one here, else of a newer one. CommandFailed says what is missing."""
    found = dict(_found())
    fitting = sorted(major for major in found if major >= server)
    if fitting:
        return found[fitting[0]]
    here = f"those here are of {max(found)}" if found else "there are none here"
    raise CommandFailed(
        f"the server is PostgreSQL {server}, which pg_dump, pg_restore and psql of {server} or "
        f"newer work with: {here}. Install PostgreSQL's client programs, or doorstep[embedded]"
    )


def _found() -> Iterator[tuple[int, Path]]:
    """What is on the PATH and in the wheel, by major version."""
    on_path = shutil.which("pg_dump")
    folders = [Path(on_path).parent] if on_path else []
    with suppress(ConfigurationError):
        folders.append(wheel_programs())
    for folder in folders:
        if all((folder / name).exists() for name in _NEEDED):
            said = subprocess.run(  # noqa: S603 - PostgreSQL's own, no shell
                [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
            )
            words = [word for word in said.stdout.split() if word[0].isdigit()]
            if words:
                yield int(words[0].split(".")[0]), folder
