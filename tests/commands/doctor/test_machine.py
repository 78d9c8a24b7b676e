"""`doorstep doctor` on a machine: what is there, what is missing, and what to do about it."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI

from commands.doctor.checks import Finding, is_well
from sandbox.serving import LocalServer
from settings import Settings
from tests.commands.doctor.examined import NOTHING, examined
from tests.commands.running import doorstep


class TestAnEmptyMachine:
    async def test_names_all_that_is_missing_with_advice(self, tmp_path: Path) -> None:
        found = await examined(data_dir=tmp_path / "not-there")
        missing = {name for name, check in found.items() if check.finding is Finding.MISSING}
        assert missing == {"operator key", "database", "Temporal", "API"}
        assert all(found[name].advice for name in missing)
        assert not is_well(list(found.values()))
        assert not (tmp_path / "not-there").exists()

    @pytest.mark.parametrize(
        ("mode", "finding"), [(0o700, Finding.OK), (0o755, Finding.NOTE), (0o710, Finding.NOTE)]
    )
    async def test_the_data_folder_is_closed_by_its_own_rights(
        self, tmp_path: Path, mode: int, finding: Finding
    ) -> None:
        """What the README has written into it is not; nobody gets there past a closed folder."""
        (tmp_path / "secret.txt").write_text("whsec_")
        (tmp_path / "secret.txt").chmod(0o644)
        tmp_path.chmod(mode)
        check = (await examined(data_dir=tmp_path))["data folder"]
        assert check.finding is finding
        assert ("secret.txt" in check.seen) is (finding is Finding.NOTE)

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

    @pytest.mark.extended
    async def test_a_program_reads_it_as_json(self, tmp_path: Path) -> None:
        ended = await doorstep(
            *("doctor", "--json"),
            folder=tmp_path,
            TEMPORAL_ADDRESS=NOTHING,
            DOORSTEP_POSTGRES_PORT="1",
        )
        assert (ended.code, ended.err) == (1, "")
        said = json.loads(ended.out)
        assert said["well"] is False
        found = {check["name"]: check for check in said["checks"]}
        assert found["Temporal"]["finding"] == "missing"
        assert found["Temporal"]["seen"] == f"no answer at {NOTHING}"
        assert found["Python"] | {"seen": ""} == {
            "name": "Python",
            "finding": "ok",
            "seen": "",
            "advice": "",
        }


class TestWhatIsThere:
    async def test_no_encryption_key_for_a_database_that_makes_none(self) -> None:
        found = await examined(database_url="postgresql+psycopg://someone@127.0.0.1:1/doorstep")
        assert found["encryption keys"].finding is Finding.MISSING
        assert "DOORSTEP_ENCRYPTION_KEYS is not set" in found["encryption keys"].seen

    async def test_a_system_that_trusts_no_authority(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        found = (await examined())["authorities"]
        assert found.finding is Finding.MISSING
        assert "install ca-certificates" in found.seen

    async def test_an_api_that_is_alive_but_not_ready(self) -> None:
        app = FastAPI()
        app.get("/healthz")(lambda: {"status": "ok"})
        server = LocalServer(app)
        await server.start()
        try:
            found = await examined(api_port=int(server.url.rpartition(":")[2]))
        finally:
            await server.stop()
        assert found["API"].finding is Finding.MISSING
        assert "alive" in found["API"].seen
        assert "not ready" in found["API"].seen


def test_the_settings_of_the_tests_are_this_machine_s_no_more() -> None:
    assert Settings().twilio_account_sid is None
