"""The server of production on this machine: what the compose file starts, from the same files.

Its environment is the compose file's, with other addresses and a password of the rig; its two
databases lie in the PostgreSQL that has Doorstep's; the scripts and the dynamic configuration are
those of deploy/.
"""

import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.engine.build import SERVER
from benchmarks.engine.deployed import DEPLOY, environment_of, postgres_options
from commands.errors import CommandFailed
from commands.ports import LOOPBACK
from commands.temporal_server import find_server
from settings import Settings, temporal_options
from store.db.embedded import SUPERUSER, EmbeddedPostgres, password_file

_PORTS = (
    "FRONTEND_HTTP_PORT",
    "FRONTEND_MEMBERSHIP_PORT",
    "HISTORY_GRPC_PORT",
    "HISTORY_MEMBERSHIP_PORT",
    "MATCHING_GRPC_PORT",
    "MATCHING_MEMBERSHIP_PORT",
    "WORKER_GRPC_PORT",
    "WORKER_MEMBERSHIP_PORT",
)
_STEP_LIMIT_S = 120
_LINES_SHOWN = 5


class ProductionEngine:
    """All of Temporal's services in one process, on PostgreSQL."""

    def __init__(
        self, temporal: Path, postgresql: Path, settings: Settings, inner_ports: Sequence[int]
    ) -> None:
        """The first two are the folders of their programs."""
        self._programs = temporal
        self._settings = settings
        self.postgres = EmbeddedPostgres(
            settings.data_dir, settings.postgres_port, postgres_options(), postgresql
        )
        self._ports = dict(zip(_PORTS, map(str, inner_ports), strict=True))
        self._password = secrets.token_urlsafe(24)

    @property
    def description(self) -> str:
        """What it is, for a report."""
        shards = self.environment["NUM_HISTORY_SHARDS"]
        return f"on PostgreSQL {self.postgres.version}, {shards} shards"

    @property
    def command(self) -> Sequence[str]:
        """What the image runs."""
        return [str(self._programs / SERVER), "start"]

    @property
    def environment(self) -> Mapping[str, str]:
        """What compose gives the server; the server reads all of its configuration from it."""
        here = {
            "POSTGRES_PWD": self._password,
            "BIND_ON_IP": LOOPBACK,
            "DYNAMIC_CONFIG_FILE_PATH": str(DEPLOY / "temporal" / "dynamic-config.yaml"),
            "FRONTEND_GRPC_PORT": str(self._settings.temporal_port),
        }
        return environment_of("temporal", {**self._database, **here, **self._ports})

    def prepare(self) -> None:
        """Make the roles and databases, and bring Temporal's own to its schema."""
        roles = {
            "POSTGRES_USER": SUPERUSER,
            "POSTGRES_DB": SUPERUSER,
            "POSTGRES_DOORSTEP_PASSWORD": secrets.token_urlsafe(24),
            "POSTGRES_TEMPORAL_PASSWORD": self._password,
            "PGHOST": LOOPBACK,
            "PGPORT": str(self._settings.postgres_port),
            "PGPASSFILE": str(password_file(self._settings.data_dir)),
        }
        _run("postgres/create-databases.sh", roles, self.postgres.programs)
        given = environment_of("temporal-schema", self._database | {"SQL_PASSWORD": self._password})
        _run("temporal/set-up-schema.sh", given, self._programs)

    def make_namespace(self) -> None:
        """Make it with the compose file's retention."""
        options = temporal_options(self._settings)
        here = {
            "TEMPORAL_ADDRESS": options["target_host"],
            "TEMPORAL_NAMESPACE": options.get("namespace", "default"),
        }
        given = environment_of("temporal-namespace", here)
        _run("temporal/create-namespace.sh", given, Path(find_server()).parent)

    @property
    def _database(self) -> dict[str, str]:
        return {"POSTGRES_SEEDS": LOOPBACK, "DB_PORT": str(self._settings.postgres_port)}


def _run(script: str, given: Mapping[str, str], programs: Path) -> None:
    """Run a script of deploy/, with the folder of the programs that it calls."""
    done = subprocess.run(
        ["/bin/sh", str(DEPLOY / script)],
        env={**given, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_STEP_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join(done.stdout.strip().splitlines()[-_LINES_SHOWN:])
        raise CommandFailed(f"deploy/{script} failed:\n{said}")
