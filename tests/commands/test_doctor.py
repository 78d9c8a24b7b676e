"""`doorstep doctor`: what is there, what is missing, and what to do about it."""

import os
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from commands.doctor import Check, Finding, examine, is_well
from commands.ports import free_ports
from sandbox.serving import LocalServer
from settings import Settings
from tests.commands.running import doorstep
from tests.support.encryption import KEY

NOTHING = "127.0.0.1:1"
_ELSEWHERE = {
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_PROFILE",
    "DOORSTEP_PUBLIC_URL",
}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("TWILIO_") or name in _ELSEWHERE:
            monkeypatch.delenv(name)


async def checks(**fields: Any) -> dict[str, Check]:
    """What the doctor finds, by name."""
    api_port, postgres_port = free_ports(2)
    fields = {"api_port": api_port, "postgres_port": postgres_port} | fields
    return {check.name: check for check in await examine(Settings(**fields))}


class TestAnEmptyMachine:
    async def test_names_all_that_is_missing_with_advice(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TEMPORAL_ADDRESS", NOTHING)
        found = await checks(data_dir=tmp_path / "not-there")
        missing = {name for name, check in found.items() if check.finding is Finding.MISSING}
        assert missing == {"operator key", "database", "Temporal", "API"}
        assert all(found[name].advice for name in missing)
        assert not is_well(list(found.values()))
        assert not (tmp_path / "not-there").exists()

    @pytest.mark.extended
    async def test_the_command_prints_it_and_gives_exit_code_1(self, tmp_path: Path) -> None:
        ended = await doorstep(
            "doctor", folder=tmp_path, TEMPORAL_ADDRESS=NOTHING, DOORSTEP_POSTGRES_PORT="1"
        )
        assert (ended.code, ended.err) == (1, "")
        assert f"missing  Temporal           no answer at {NOTHING}" in ended.out
        assert "`doorstep up`" in ended.out
        assert "note     Twilio             not set: TWILIO_ACCOUNT_SID, TWILIO_AUTH_T" in ended.out
        assert "note     public URL         not set: DOORSTEP_PUBLIC_URL" in ended.out
        assert "note     ops webhook        not set: DOORSTEP_OPS_WEBHOOK_URL" in ended.out


class TestWhatIsThere:
    async def test_a_migrated_database(self, database_url: str) -> None:
        found = await checks(database_url=database_url, encryption_keys=KEY.as_setting())
        assert found["database"].finding is Finding.OK
        assert found["encryption keys"].seen.startswith("test in DOORSTEP_ENCRYPTION_KEYS")

    async def test_no_encryption_key_for_a_database_that_makes_none(self) -> None:
        found = await checks(database_url="postgresql+psycopg://someone@127.0.0.1:1/doorstep")
        assert found["encryption keys"].finding is Finding.MISSING
        assert "DOORSTEP_ENCRYPTION_KEYS is not set" in found["encryption keys"].seen

    async def test_a_database_that_is_away(self) -> None:
        port = free_ports(1)[0]
        url = f"postgresql+psycopg://someone:hunter2@127.0.0.1:{port}/doorstep"
        found = await checks(database_url=url)
        assert found["database"].finding is Finding.MISSING
        assert "does not answer" in found["database"].seen
        assert "hunter2" not in found["database"].seen

    async def test_temporal_with_search_attributes_but_no_worker(
        self, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = temporal.client.service_client.config.target_host
        monkeypatch.setenv("TEMPORAL_ADDRESS", address)
        found = await checks()
        assert found["Temporal"].finding is Finding.OK
        assert found["search attributes"].finding is Finding.OK
        assert found["worker"].advice == "run `doorstep worker` or `doorstep up`"

    async def test_an_api_that_is_alive_but_not_ready(self) -> None:
        app = FastAPI()
        app.get("/healthz")(lambda: {"status": "ok"})
        server = LocalServer(app)
        await server.start()
        try:
            found = await checks(api_port=int(server.url.rpartition(":")[2]))
        finally:
            await server.stop()
        assert found["API"].finding is Finding.MISSING
        assert "alive" in found["API"].seen
        assert "not ready" in found["API"].seen


class TestTexts:
    @pytest.mark.parametrize(
        ("account", "finding", "seen", "advice"),
        [
            (
                {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_SENDER": "DOORST"},
                Finding.OK,
                "texts are sent as DOORST",
                "",
            ),
            (
                {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t"},
                Finding.NOTE,
                "not set: TWILIO_SENDER",
                "each partner with texts needs a sender of its own",
            ),
            (
                {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_SENDER": "DOORST"},
                Finding.NOTE,
                "not set: TWILIO_AUTH_TOKEN",
                "no text is sent until they are set",
            ),
            (
                {"TWILIO_AUTH_TOKEN": "t"},
                Finding.NOTE,
                "not set: TWILIO_ACCOUNT_SID",
                "no text is sent until they are set",
            ),
        ],
    )
    async def test_the_account_and_its_sender(
        self, account: dict[str, str], finding: Finding, seen: str, advice: str
    ) -> None:
        found = (await checks(**account))["Twilio"]
        assert found == Check("Twilio", finding, seen, advice)

    async def test_where_status_callbacks_come_in(self) -> None:
        found = (await checks(public_url="https://doorstep.example"))["public URL"]
        assert found.finding is Finding.OK
        assert found.seen == "Twilio and customers come in at https://doorstep.example"

    async def test_without_an_address_there_are_none(self) -> None:
        found = (await checks())["public URL"]
        assert (found.finding, found.seen) == (Finding.NOTE, "not set: DOORSTEP_PUBLIC_URL")
        assert "no status callbacks" in found.advice
