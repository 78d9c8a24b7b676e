"""The scripts that compose mounts, run against the real PostgreSQL and the real Temporal."""

import base64
import hashlib
import hmac
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import yaml
from sqlalchemy import make_url
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from store.db.migrate import migrate, newest_revision
from tests.deployment.deployment_files import ROOT, services
from tests.support.encryption import KEYRING
from tests.support.postgres import Postgres

pytestmark = pytest.mark.extended

_PASSWORDS = {
    "POSTGRES_DOORSTEP_PASSWORD": 'it\'s "quoted"; DROP',
    "POSTGRES_TEMPORAL_PASSWORD": "another",
}


class TestTheDatabases:
    def test_each_role_owns_its_own(self, prepared: Postgres) -> None:
        assert _owners(prepared) == {
            "doorstep": "doorstep",
            "temporal": "temporal",
            "temporal_visibility": "temporal",
        }

    @pytest.mark.parametrize(
        ("role", "database"),
        [
            ("doorstep", "temporal"),
            ("doorstep", "temporal_visibility"),
            ("temporal", "doorstep"),
        ],
    )
    def test_neither_reaches_the_other_s(
        self, prepared: Postgres, role: str, database: str
    ) -> None:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            _connect_as(prepared, role, database)

    @pytest.mark.parametrize("role", ["doorstep", "temporal"])
    def test_neither_is_a_superuser(self, prepared: Postgres, role: str) -> None:
        [row] = _query(
            prepared,
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = %s",
            role,
        )
        assert row == (False,)

    def test_the_migrations_need_no_more_than_the_role_has(self, prepared: Postgres) -> None:
        password = _PASSWORDS["POSTGRES_DOORSTEP_PASSWORD"]
        url = make_url(prepared.url("doorstep")).set(username="doorstep", password=password)
        assert migrate(url.render_as_string(hide_password=False), KEYRING) == newest_revision()

    @pytest.mark.parametrize("role", ["doorstep", "temporal"])
    def test_the_passwords_are_taken_as_they_are(self, prepared: Postgres, role: str) -> None:
        query = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
        [(kept,)] = _query(prepared, query, role)
        assert _opens(str(kept), _PASSWORDS[f"POSTGRES_{role.upper()}_PASSWORD"])


class TestTheNamespace:
    async def test_it_is_made_once_with_its_retention(self, temporal: WorkflowEnvironment) -> None:
        name = f"shop-{uuid4().hex[:8]}"
        address = temporal.client.service_client.config.target_host
        for _ in range(2):
            _run("deploy/temporal/create-namespace.sh", **_namespace(name, address))
        assert await _retention_days(temporal.client, name) == 7

    async def test_one_that_is_there_stays_as_it_is(self, temporal: WorkflowEnvironment) -> None:
        name = f"shop-{uuid4().hex[:8]}"
        address = temporal.client.service_client.config.target_host
        _run("deploy/temporal/create-namespace.sh", **_namespace(name, address))
        _run("deploy/temporal/create-namespace.sh", **_namespace(name, address, retention="3d"))
        assert await _retention_days(temporal.client, name) == 7

    async def test_it_fails_while_temporal_is_away(self) -> None:
        with pytest.raises(subprocess.CalledProcessError):
            _run("deploy/temporal/create-namespace.sh", **_namespace("shop", "127.0.0.1:9"))


class TestTheSchema:
    def test_each_database_is_set_up_and_then_updated(self, tmp_path: Path) -> None:
        """The tool itself is built by `make engine`, which runs it: here its place is taken by one
        that writes down its arguments."""
        calls = _calls_of_the_schema_tool(tmp_path)
        common = "--plugin postgres12 --endpoint postgres --port 5432 --user temporal --database"
        assert calls == [
            f"{common} temporal setup-schema --version 0.0",
            f"{common} temporal update-schema --schema-name postgresql/v12/temporal",
            f"{common} temporal_visibility setup-schema --version 0.0",
            f"{common} temporal_visibility update-schema --schema-name postgresql/v12/visibility",
        ]

    def test_it_stops_at_the_first_failure(self, tmp_path: Path) -> None:
        with pytest.raises(subprocess.CalledProcessError):
            _calls_of_the_schema_tool(tmp_path, exit_code=1)
        assert len((tmp_path / "calls").read_text().splitlines()) == 1


class TestTheDynamicConfiguration:
    def test_priority_and_fairness_are_on(self) -> None:
        config = yaml.safe_load((ROOT / "deploy/temporal/dynamic-config.yaml").read_text())
        assert config == {
            "matching.useNewMatcher": [{"value": True}],
            "matching.enableFairness": [{"value": True}],
        }

    def test_the_server_is_pointed_at_it(self) -> None:
        path = services()["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"]
        assert (
            f"./deploy/temporal/dynamic-config.yaml:{path}:ro" in services()["temporal"]["volumes"]
        )


@pytest.fixture(scope="module")
def prepared(postgres: Postgres) -> Iterator[Postgres]:
    """The server after the script has run; everything is removed again."""
    with psycopg.connect(_conninfo(postgres, "postgres")) as connection:
        host, port = connection.info.host, connection.info.port
    _run(
        "deploy/postgres/create-databases.sh",
        POSTGRES_USER="postgres",
        POSTGRES_DB="postgres",
        PGHOST=host,
        PGPORT=str(port),
        PGPASSWORD=postgres.password,
        PATH=f"{_programs(postgres)}:{os.environ['PATH']}",
        **_PASSWORDS,
    )
    yield postgres
    for database in _owners(postgres):
        postgres.drop(database)
    for role in ("doorstep", "temporal"):
        postgres.execute(f"DROP ROLE {role}")


def _run(script: str, **environment: str) -> None:
    subprocess.run(
        ["sh", str(ROOT / script)],
        env={"PATH": os.environ["PATH"], **environment},
        check=True,
        capture_output=True,
        timeout=60,
    )


def _programs(postgres: Postgres) -> str:
    """The folder that psql lies in: beside the server that is running."""
    [(folder,)] = _query(postgres, "SELECT setting FROM pg_config WHERE name = %s", "BINDIR")
    return str(folder)


def _conninfo(postgres: Postgres, database: str) -> str:
    return postgres.url(database).replace("postgresql+psycopg:", "postgresql:")


def _connect_as(postgres: Postgres, role: str, database: str) -> None:
    password = _PASSWORDS[f"POSTGRES_{role.upper()}_PASSWORD"]
    psycopg.connect(_conninfo(postgres, database), user=role, password=password).close()


def _opens(kept: str, password: str) -> bool:
    """Whether a password is the one behind PostgreSQL's SCRAM-SHA-256 entry (RFC 5802)."""
    _, rounds_and_salt, keys = kept.split("$")
    rounds, salt = rounds_and_salt.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    client_key = hmac.new(salted, b"Client Key", hashlib.sha256).digest()
    return hashlib.sha256(client_key).digest() == base64.b64decode(keys.split(":")[0])


def _query(postgres: Postgres, query: str, *values: str) -> list[Any]:
    with psycopg.connect(_conninfo(postgres, "postgres")) as connection:
        return connection.execute(query.encode(), values).fetchall()


def _owners(postgres: Postgres) -> dict[str, str]:
    rows = _query(
        postgres,
        "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname = ANY(%s)",
        "{doorstep,temporal,temporal_visibility}",
    )
    return dict(rows)


def _namespace(name: str, address: str, retention: str | None = None) -> dict[str, str]:
    """What compose gives the script, at another address."""
    given = services()["temporal-namespace"]["environment"]
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_NAMESPACE": name,
        "RETENTION": retention or given["RETENTION"],
    }


async def _retention_days(client: Client, namespace: str) -> int:
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=namespace)
    )
    return described.config.workflow_execution_retention_ttl.ToTimedelta().days


def _calls_of_the_schema_tool(folder: Path, exit_code: int = 0) -> list[str]:
    tool, calls = folder / "temporal-sql-tool", folder / "calls"
    tool.write_text(f'#!/bin/sh\necho "$@" >> "{calls}"\nexit {exit_code}\n')
    tool.chmod(0o755)
    given = services()["temporal-schema"]["environment"]
    values = {name: value for name, value in given.items() if not value.startswith("${")}
    _run("deploy/temporal/set-up-schema.sh", PATH=f"{folder}:{os.environ['PATH']}", **values)
    return calls.read_text().splitlines()
