"""What can be known of the compose file without a container engine."""

import asyncio
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from background.health import WorkerHealth
from commands.ports import free_ports
from commands.worker_http import served_worker
from settings import load_settings, variable_names
from temporal_worker import GRACE
from tests.deployment.deployment_files import (
    COMPOSE_FILE,
    DOCS,
    POSTGRES_VARIABLES,
    ROOT,
    TEMPORAL_VARIABLES,
    TRACE_VARIABLES,
    env_example,
    faults_of_command,
    our_services,
    services,
)

_FOREIGN_VARIABLES = {
    "postgres": set(POSTGRES_VARIABLES),
    "temporalio/server": {
        "DB",
        "DB_PORT",
        "DBNAME",
        "VISIBILITY_DBNAME",
        "POSTGRES_SEEDS",
        "POSTGRES_USER",
        "POSTGRES_PWD",
        "BIND_ON_IP",
        "NUM_HISTORY_SHARDS",
        "DYNAMIC_CONFIG_FILE_PATH",
        "LOG_LEVEL",
    },
    "temporalio/admin-tools": {
        "DB",
        "DB_PORT",
        "DBNAME",
        "VISIBILITY_DBNAME",
        "POSTGRES_SEEDS",
        "POSTGRES_USER",
        "SQL_PASSWORD",
        "TEMPORAL_ADDRESS",
        "TEMPORAL_NAMESPACE",
        "RETENTION",
    },
    "temporalio/ui": {"TEMPORAL_ADDRESS", "TEMPORAL_DEFAULT_NAMESPACE"},
    "haproxy": set(),
}
"""What each image of others reads: Temporal's config/docker.yaml and UI reference, and our own
scripts in deploy/."""

_REFERENCE = re.compile(r"\$\{([A-Z_]+)(:\?[^}]*|:-[^}]*)?\}")
_SECRET = re.compile(r"PASSWORD|KEY|TOKEN|SECRET")


class TestTheServices:
    def test_there_is_one_for_each_part(self) -> None:
        assert set(services()) == {
            "postgres",
            "temporal-schema",
            "temporal",
            "temporal-namespace",
            "temporal-ui",
            "set-up",
            "api",
            "proxy",
            "worker",
        }

    @pytest.mark.parametrize("name", services())
    def test_every_dependency_exists_and_can_reach_its_condition(self, name: str) -> None:
        for needed, how in services()[name].get("depends_on", {}).items():
            other = services()[needed]
            if how["condition"] == "service_healthy":
                assert "test" in other["healthcheck"]
            else:
                assert how["condition"] == "service_completed_successfully"
                assert other["restart"].startswith("on-failure"), "it ends by itself"

    @pytest.mark.parametrize("name", services())
    def test_what_is_published_is_published_on_loopback_only(self, name: str) -> None:
        for port in services()[name].get("ports", []):
            assert port.startswith("127.0.0.1:"), port

    def test_nobody_outside_reaches_the_database(self) -> None:
        assert "ports" not in services()["postgres"]

    @pytest.mark.parametrize("name", services())
    def test_every_image_has_an_exact_version(self, name: str) -> None:
        image = services()[name]["image"]
        exact = re.fullmatch(r"[a-z/-]+:\d+\.\d+[\d.]*(-[a-z]+)?", image)
        assert exact or image == "doorstep:local"

    def test_the_server_is_the_one_that_the_tests_run_on(self) -> None:
        said = subprocess.run(
            [_beside_python("temporal"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        server = services()["temporal"]["image"].partition(":")[2]
        ui = services()["temporal-ui"]["image"].partition(":")[2]
        assert f"Server {server}, UI {ui}" in said
        assert services()["temporal-schema"]["image"] == f"temporalio/admin-tools:{server}"
        assert services()["temporal-namespace"]["image"] == f"temporalio/admin-tools:{server}"

    @pytest.mark.parametrize("name", ["api", "worker"])
    def test_apis_and_workers_can_be_many(self, name: str) -> None:
        assert "container_name" not in services()[name]
        assert "ports" not in services()[name]

    @pytest.mark.parametrize("name", services())
    def test_every_log_is_rotated(self, name: str) -> None:
        assert services()[name]["logging"] == {
            "driver": "json-file",
            "options": {"max-size": "20m", "max-file": "5"},
        }

    def test_every_container_s_memory_is_bounded_to_what_the_file_says_in_all(self) -> None:
        limits = {name: _mebibytes(one["mem_limit"]) for name, one in services().items()}
        ending = {name for name, one in services().items() if one["restart"] != "unless-stopped"}
        lasting = sum(limit for name, limit in limits.items() if name not in ending)
        text = " ".join(COMPOSE_FILE.read_text().replace("#", "").split())
        [(all_the_time, at_first)] = re.findall(r"together (\d+) GiB and, .*? (\d+) GiB more", text)
        assert 0 <= int(all_the_time) * 1024 - lasting < 512
        assert sum(limits[name] for name in ending) == int(at_first) * 1024
        assert limits["worker"] > limits["api"]

    @pytest.mark.parametrize(
        ("service", "name"),
        [
            ("api", "DOORSTEP_API_METRICS_PORT"),
            ("worker", "DOORSTEP_WORKER_METRICS_PORT"),
            ("worker", "DOORSTEP_SDK_METRICS_PORT"),
        ],
    )
    def test_metrics_are_served_where_the_runbook_says_and_published_nowhere(
        self, service: str, name: str
    ) -> None:
        port = services()[service]["environment"][name]
        rows = (DOCS / "runbook.md").read_text().splitlines()
        [row] = [line for line in rows if line.startswith("|") and name in line]
        assert f"`{service}:{port}`" in row
        assert not any(port in one for one in services()[service].get("ports", []))

    def test_a_worker_that_has_to_go_may_finish_its_attempts(self) -> None:
        grace = services()["worker"]["stop_grace_period"]
        assert timedelta(seconds=int(grace.removesuffix("s"))) > GRACE

    def test_the_proxy_is_published_and_looks_for_apis_where_they_listen(self) -> None:
        api, proxy = services()["api"], services()["proxy"]
        text = (ROOT / "deploy" / "haproxy" / "compose.cfg").read_text()
        [bound] = re.findall(r"^    bind :(\d+)$", text, flags=re.MULTILINE)
        assert proxy["ports"] == [f"127.0.0.1:8080:{bound}"]
        [port] = re.findall(r"^    server-template api \d+ api:(\d+) ", text, flags=re.MULTILINE)
        assert port == api["environment"]["DOORSTEP_API_PORT"]
        assert any("/haproxy/compose.cfg:" in mount for mount in proxy["volumes"])
        assert f"http://127.0.0.1:{bound}/healthz" in proxy["healthcheck"]["test"]
        assert "healthcheck" not in api, "the image's own"

    def test_the_api_believes_the_proxy_who_the_client_is(self) -> None:
        how = services()["api"]["environment"]["DOORSTEP_PROXIES"]
        [shown] = [line.value for line in env_example() if line.name == "DOORSTEP_PROXIES"]
        assert _interpolated(how) == shown

    @pytest.mark.parametrize("name", sorted(set(our_services()) - {"api", "worker"}))
    def test_the_image_s_check_of_the_api_is_off_elsewhere(self, name: str) -> None:
        assert services()[name]["healthcheck"] == {"disable": True}

    async def test_the_worker_s_health_is_its_own(self) -> None:
        [port] = free_ports(1)
        with served_worker(CollectorRegistry(), WorkerHealth(), "127.0.0.1", port):
            assert await asyncio.to_thread(_checked, "worker", port) == 0
        assert await asyncio.to_thread(_checked, "worker", port) != 0

    @pytest.mark.parametrize("name", our_services())
    def test_our_own_run_without_rights(self, name: str) -> None:
        service = services()[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]

    @pytest.mark.parametrize("name", services())
    def test_every_file_that_is_mounted_exists_and_is_read_only(self, name: str) -> None:
        volumes = yaml.safe_load(COMPOSE_FILE.read_text())["volumes"]
        for mount in services()[name].get("volumes", []):
            source, _, rest = mount.partition(":")
            if source.startswith("./"):
                assert (ROOT / source).is_file()
                assert rest.endswith(":ro")
            else:
                assert source in volumes


class TestItsVariables:
    @pytest.mark.parametrize("name", our_services())
    def test_ours_are_settings(self, name: str) -> None:
        known = {*variable_names(), *TEMPORAL_VARIABLES, *TRACE_VARIABLES}
        assert set(services()[name]["environment"]) <= known

    @pytest.mark.parametrize("name", sorted(set(services()) - set(our_services())))
    def test_those_of_others_are_read_by_their_image(self, name: str) -> None:
        image = services()[name]["image"].partition(":")[0]
        assert set(services()[name].get("environment", {})) <= _FOREIGN_VARIABLES[image]

    def test_every_reference_stands_in_env_example(self) -> None:
        assert {name for name, _ in _references()} <= {line.name for line in env_example()}

    def test_what_env_example_leaves_on_is_required_here_and_the_other_way_round(self) -> None:
        required = {name for name, how in _references() if how.startswith(":?")}
        assert required == {line.name for line in env_example() if not line.off}

    def test_no_secret_has_a_default(self) -> None:
        for name, how in _references():
            assert not (_SECRET.search(name) and how.startswith(":-")), name
        for service in services().values():
            for name, value in service.get("environment", {}).items():
                if _SECRET.search(name) and value is not None:
                    assert _REFERENCE.fullmatch(value), name

    def test_only_who_needs_a_secret_has_it(self) -> None:
        holders = {
            name: {
                one for one, service in services().items() if name in service.get("environment", {})
            }
            for name in (
                "DOORSTEP_OPERATOR_KEY",
                "TWILIO_AUTH_TOKEN",
                "TWILIO_WEBHOOK_SECRET",
                "POSTGRES_PASSWORD",
                "DOORSTEP_SMTP_PASSWORD",
            )
        }
        assert holders == {
            "DOORSTEP_OPERATOR_KEY": {"api"},
            "TWILIO_AUTH_TOKEN": {"api", "worker"},  # status callbacks are signed with it
            "TWILIO_WEBHOOK_SECRET": {"api"},
            "POSTGRES_PASSWORD": {"postgres"},
            "DOORSTEP_SMTP_PASSWORD": {"worker"},
        }

    def test_time_is_not_compressed_in_production(self) -> None:
        assert "TIME_SCALE" not in COMPOSE_FILE.read_text()

    @pytest.mark.parametrize("name", our_services())
    def test_the_settings_take_what_a_service_is_given(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable, value in services()[name]["environment"].items():
            if value is not None:
                monkeypatch.setenv(variable, _interpolated(value))
        settings = load_settings()
        assert settings.store_url == "postgresql+psycopg://doorstep:secret@postgres:5432/doorstep"
        assert (settings.operator_key is not None) == (name == "api")

    def test_api_and_worker_start_workflows_with_the_same_schedule(self) -> None:
        given = {name: set(one["environment"]) for name, one in our_services().items()}
        assert "DOORSTEP_RETRY_DELAYS" in given["api"] & given["worker"]

    def test_api_and_worker_know_of_e_mail_and_in_whose_name_it_is(self) -> None:
        shared = {name for name in variable_names() if name.startswith("DOORSTEP_BRAND_")}
        for name in ("api", "worker"):
            given = set(services()[name]["environment"])
            assert shared | {"DOORSTEP_MAIL_FROM", "DOORSTEP_SMTP_HOST"} <= given

    def test_api_and_worker_go_by_the_same_rules_for_texts(self) -> None:
        rules = {
            *(name for name in variable_names() if name.startswith("DOORSTEP_SMS_")),
            "DOORSTEP_PUBLIC_URL",
            "TWILIO_SENDER",
        }
        for name in ("api", "worker"):
            assert rules <= set(services()[name]["environment"])


class TestItsCommands:
    @pytest.mark.parametrize("name", our_services())
    def test_each_is_a_command_with_these_options(self, name: str) -> None:
        assert faults_of_command(services()[name]["command"]) == []

    @pytest.mark.parametrize("name", our_services())
    def test_each_runs_outside_a_container(self, name: str) -> None:
        run = subprocess.run(
            [_beside_python("doorstep"), *services()[name]["command"], "--help"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert "Usage" in run.stdout


def _mebibytes(limit: str) -> int:
    """A limit of memory, as compose writes it."""
    number, unit = int(limit[:-1]), limit[-1]
    return number * {"m": 1, "g": 1024}[unit]


def _checked(name: str, port: int) -> int:
    """Run the check of the worker's health as compose does; gives its exit code."""
    _, _, *words = services()[name]["healthcheck"]["test"]
    return subprocess.run(
        [sys.executable, *words],
        env={"DOORSTEP_WORKER_METRICS_PORT": str(port)},
        capture_output=True,
        timeout=30,
        check=False,
    ).returncode


def _beside_python(program: str) -> str:
    """A program that the packages of this environment brought along."""
    return str(Path(sys.executable).parent / program)


def _references() -> list[tuple[str, str]]:
    """Each `${NAME…}` of the file, and what follows the name."""
    return _REFERENCE.findall(COMPOSE_FILE.read_text())


def _interpolated(value: str) -> str:
    """A value as compose fills it in, where only secrets are set."""

    def fill(match: re.Match[str]) -> str:
        how = match[2] or ""
        if how.startswith(":-"):
            return how.removeprefix(":-")
        return "a-long-operator-key" if match[1] == "DOORSTEP_OPERATOR_KEY" else "secret"

    return _REFERENCE.sub(fill, value)
