"""`doorstep up` for real: every process, nothing left after Ctrl-C, nothing lost after a kill."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest

from commands.ports import free_ports, require_free
from commands.system import System
from settings import Settings
from tests.commands.running import doorstep, start_doorstep

pytestmark = [pytest.mark.timeout(300), pytest.mark.extended]
"""Each starts four programs; on a busy machine that takes a while."""


@pytest.fixture
def ports() -> dict[str, str]:
    """Free ports for everything, as settings."""
    names = ("API", "POSTGRES", "TEMPORAL", "TEMPORAL_UI")
    return {
        f"DOORSTEP_{name}_PORT": str(port)
        for name, port in zip(names, free_ports(len(names)), strict=True)
    }


async def test_starts_serves_and_leaves_nothing(tmp_path: Path, ports: dict[str, str]) -> None:
    process, screen = await up(tmp_path, ports)
    try:
        async with httpx.AsyncClient() as client:
            ready = await client.get(f"http://127.0.0.1:{ports['DOORSTEP_API_PORT']}/readyz")
            interface = await client.get(f"http://127.0.0.1:{ports['DOORSTEP_TEMPORAL_UI_PORT']}/")
        assert (ready.status_code, interface.status_code) == (200, 200)
        assert [one for one in (tmp_path / ".doorstep").rglob("*") if is_open(one)] == []
        assert (tmp_path / ".doorstep" / "temporal.db-wal").exists()  # what its speed stands on
        well = await doorstep("doctor", folder=tmp_path, **ports)
        assert well.code == 0, well.out
    finally:
        process.send_signal(signal.SIGINT)
        rest, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert rest.decode().splitlines()[-1] == "stopped"
    for name, port in ports.items():
        require_free("127.0.0.1", int(port), name)
    assert (tmp_path / ".doorstep" / "operator-key").read_text().strip() not in screen.decode()


async def test_after_a_kill_of_everything_it_goes_on_with_all_there_was(
    tmp_path: Path, ports: dict[str, str]
) -> None:
    process, _ = await up(tmp_path, ports)
    made = await doorstep(
        *("partners", "create", "--id", "chai", "--name", "Chai", "--tier", "smb"),
        folder=tmp_path,
        **ports,
    )
    assert made.code == 0, made.err
    process.kill()
    await process.communicate()
    again, _ = await up(tmp_path, ports)
    try:
        key = (tmp_path / ".doorstep" / "operator-key").read_text().strip()
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {key}"}) as client:
            url = f"http://127.0.0.1:{ports['DOORSTEP_API_PORT']}/v1/partners/chai"
            assert (await client.get(url)).json()["name"] == "Chai"
    finally:
        again.send_signal(signal.SIGINT)
        await again.communicate()


def test_the_temporal_server_is_given_none_of_our_secrets() -> None:
    secret = ("TWILIO_AUTH_TOKEN", "DOORSTEP_OPERATOR_KEY", "OTEL_EXPORTER_OTLP_HEADERS")
    given = {"PATH": "/bin"} | dict.fromkeys(secret, "x")
    environment = System(Settings(), given)._temporal().environment
    assert environment == {"PATH": "/bin"}


async def up(folder: Path, ports: dict[str, str]) -> tuple[asyncio.subprocess.Process, bytes]:
    """Start it, and wait until it says that it is up; what it said."""
    process = await start_doorstep("up", folder=folder, **ports)
    assert process.stdout is not None
    screen = b""
    while b"Ctrl-C" not in screen:
        line = await asyncio.wait_for(process.stdout.readline(), timeout=60)
        assert line, screen.decode()
        screen += line
    return process, screen


def is_open(path: Path) -> bool:
    """Whether others on this machine may read it."""
    return path.exists() and bool(path.stat().st_mode & 0o077)
