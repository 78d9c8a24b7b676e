"""The doctor sees no settings of this machine."""

import os

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.commands.doctor.examined import NOTHING

_ELSEWHERE = {"TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE", "DOORSTEP_PUBLIC_URL"}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("TWILIO_") or name in _ELSEWHERE:
            monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_ADDRESS", NOTHING)


@pytest.fixture
def temporal_is_there(temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings name the Temporal server of the tests."""
    address = temporal.client.service_client.config.target_host
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
