"""`doorstep up` for real: Temporal server, worker and API, and nothing left after Ctrl-C."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest

from commands.ports import free_ports, require_free
from commands.system import System
from settings import Settings
from tests.commands.running import doorstep, start_doorstep


@pytest.fixture
def ports() -> dict[str, str]:
    """Free ports for everything, as settings."""
    names = ("DOORSTEP_API_PORT", "DOORSTEP_TEMPORAL_PORT", "DOORSTEP_TEMPORAL_UI_PORT")
    return {name: str(port) for name, port in zip(names, free_ports(3), strict=True)}


async def test_starts_serves_and_leaves_nothing(tmp_path: Path, ports: dict[str, str]) -> None:
    process = await start_doorstep("up", folder=tmp_path, **ports)
    assert process.stdout is not None
    screen = b""
    while b"Ctrl-C" not in screen:
        screen += await asyncio.wait_for(process.stdout.readline(), timeout=60)
    try:
        async with httpx.AsyncClient() as client:
            ready = await client.get(f"http://127.0.0.1:{ports['DOORSTEP_API_PORT']}/readyz")
            interface = await client.get(f"http://127.0.0.1:{ports['DOORSTEP_TEMPORAL_UI_PORT']}/")
        assert (ready.status_code, interface.status_code) == (200, 200)
        assert [one for one in (tmp_path / ".doorstep").rglob("*") if is_open(one)] == []
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


def test_the_temporal_server_is_given_none_of_our_secrets() -> None:
    given = {"PATH": "/bin", "TWILIO_AUTH_TOKEN": "x", "DOORSTEP_OPERATOR_KEY": "x"}
    environment = System(Settings(), given)._temporal().environment
    assert environment == {"PATH": "/bin"}


def is_open(path: Path) -> bool:
    """Whether others on this machine may read it."""
    return path.exists() and bool(path.stat().st_mode & 0o077)
