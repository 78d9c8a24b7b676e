"""`.env.example`, the settings and the Temporal SDK know the same variables."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from settings import Settings, load_settings, temporal_options
from tests.deployment.deployment_files import (
    POSTGRES_VARIABLES,
    TEMPORAL_VARIABLES,
    all_variables,
    env_example,
)

_REQUIRED = {*POSTGRES_VARIABLES, "DOORSTEP_OPERATOR_KEY", "DOORSTEP_ENCRYPTION_KEYS"}


class TestTheFile:
    def test_it_names_every_variable_once_and_no_other(self) -> None:
        named = Counter(line.name for line in env_example())
        assert named == Counter(list(all_variables()))

    @pytest.mark.parametrize("line", env_example(), ids=lambda line: line.name)
    def test_the_line_above_says_what_the_code_says(self, line: Any) -> None:
        assert line.meaning == all_variables()[line.name]

    def test_only_what_compose_requires_is_on(self) -> None:
        assert {line.name for line in env_example() if not line.off} == _REQUIRED

    def test_what_is_required_has_no_value_to_forget_to_change(self) -> None:
        assert [line.value for line in env_example() if not line.off] == [""] * len(_REQUIRED)

    def test_a_variable_whose_default_it_shows_really_has_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = {line.name: line.value for line in env_example()}
        untouched = Settings()
        for name in _with_a_default():
            monkeypatch.setenv(name, shown[name])
        assert len(_with_a_default()) > 5
        assert load_settings() == untouched

    def test_every_example_is_a_value_that_the_settings_take(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for line in env_example():
            if line.name.startswith(("DOORSTEP_", "TWILIO_")):
                monkeypatch.setenv(line.name, line.value)
        settings = load_settings()
        assert settings.twilio_sender == "MG00000000000000000000000000000000"
        assert [str(one) for one in settings.allowed_networks] == ["127.0.0.0/8"]


class TestTheTemporalVariables:
    @pytest.fixture(autouse=True)
    def _no_temporal_variables(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in TEMPORAL_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(tmp_path))  # the SDK's default file lies below it
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def test_without_any_the_embedded_server_is_meant(self) -> None:
        assert temporal_options(Settings(temporal_port=7999)) == {"target_host": "127.0.0.1:7999"}

    @pytest.mark.parametrize("name", TEMPORAL_VARIABLES)
    def test_the_sdk_heeds_each(
        self, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("TEMPORAL_TLS", "true")
        monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(_profiles(tmp_path, "one", "two")))
        if name != "TEMPORAL_PROFILE":
            monkeypatch.setenv("TEMPORAL_PROFILE", "one")
        before = _options()
        monkeypatch.setenv(name, _other_value(name, tmp_path))
        assert _options() != before

    def test_an_empty_one_counts_as_not_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without = _options()
        for name in ("TEMPORAL_API_KEY", "TEMPORAL_NAMESPACE", "TEMPORAL_ADDRESS"):
            monkeypatch.setenv(name, "")
        assert _options() == without


def _with_a_default() -> list[str]:
    """Settings whose line in the file shows the default, not an example."""
    examples = {"DOORSTEP_ALLOWED_NETWORKS", "DOORSTEP_PROXIES"}
    return [
        line.name
        for line in env_example()
        if line.name.startswith("DOORSTEP_")
        and line.off
        and Settings.model_fields[line.name.removeprefix("DOORSTEP_").lower()].default is not None
        and line.name not in examples
    ]


def _options() -> dict[str, Any]:
    """The options as text, so that TLS settings compare by what is in them."""
    return {name: repr(value) for name, value in temporal_options(Settings()).items()}


def _profiles(folder: Path, *names: str) -> Path:
    file = folder / f"{'-'.join(names)}.toml"
    file.write_text("".join(f'[profile.{name}]\naddress = "{name}:7233"\n' for name in names))
    return file


def _other_value(name: str, folder: Path) -> str:
    if name == "TEMPORAL_TLS":
        return "false"
    if name == "TEMPORAL_PROFILE":
        return "two"
    if name == "TEMPORAL_CONFIG_FILE":
        file = folder / "elsewhere.toml"
        file.write_text('[profile.one]\naddress = "elsewhere:7233"\n')
        return str(file)
    if name.endswith("_PATH"):
        file = folder / "some.pem"
        file.write_text("PEM")
        return str(file)
    return "other:1"
