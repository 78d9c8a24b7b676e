"""A demo has an environment of its own: whatever is set around it is neither used nor touched."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from commands.demo.environment import TIME_SCALE, make_environment
from commands.temporal_server import is_embedded
from settings import Settings, load_settings

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AROUND = {
    "PATH": "/usr/bin",
    "DOORSTEP_DATABASE_URL": "postgresql+psycopg://the.real/one",
    "TEMPORAL_ADDRESS": "the.real.cloud:7233",
    "TWILIO_ACCOUNT_SID": "ACthe-real-one",
}


@pytest.fixture
def entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that the demo's processes read."""
    for name, value in AROUND.items():
        monkeypatch.setenv(name, value)
    made = make_environment(Settings(data_dir=tmp_path), AROUND, NOW)
    for name in AROUND:
        monkeypatch.delenv(name)
    for name, value in made.variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_nothing_real_is_reached(entered: Settings) -> None:
    assert entered.database_url is None
    assert is_embedded(entered)
    assert entered.twilio_base_url is not None
    assert entered.twilio_base_url.startswith("http://127.0.0.1:")
    assert entered.twilio_account_sid != AROUND["TWILIO_ACCOUNT_SID"]


def test_the_sandbox_tells_the_api_what_becomes_of_texts(entered: Settings) -> None:
    assert entered.public_url == f"http://{entered.api_host}:{entered.api_port}"


def test_time_is_compressed_and_loopback_opened(entered: Settings) -> None:
    assert entered.time_scale == TIME_SCALE
    assert entered.allowed_networks == (ip_network("127.0.0.0/8"),)


def test_a_port_that_is_set_is_used(tmp_path: Path) -> None:
    set_here = Settings(data_dir=tmp_path, api_port=18080, temporal_ui_port=18233)
    made = make_environment(set_here, {}, NOW).variables
    assert made["DOORSTEP_API_PORT"] == "18080"
    assert made["DOORSTEP_TEMPORAL_UI_PORT"] == "18233"
    assert made["DOORSTEP_PUBLIC_URL"] == "http://127.0.0.1:18080"
    ports = {value for name, value in made.items() if name.endswith("_PORT")}
    assert len(ports) == 5


def test_every_demo_has_a_folder_of_its_own(tmp_path: Path) -> None:
    around = Settings(data_dir=tmp_path)
    folders = {make_environment(around, {}, NOW).folder for _ in range(2)}
    assert len(folders) == 2
    assert all(folder.name.startswith("demo-20260102-030405-") for folder in folders)


def test_the_rest_of_the_environment_is_handed_on(tmp_path: Path) -> None:
    environment = make_environment(Settings(data_dir=tmp_path), AROUND, NOW).variables
    assert environment["PATH"] == "/usr/bin"


def test_a_time_scale_that_is_set_is_kept(tmp_path: Path) -> None:
    made = make_environment(Settings(data_dir=tmp_path, time_scale=0.5), {}, NOW)
    assert made.variables["DOORSTEP_TIME_SCALE"] == "0.5"
