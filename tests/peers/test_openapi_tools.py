"""The OpenAPI document in the hands of tools that others wrote: two linters, and two generators of
clients, whose clients post an event to the real API and read a real webhook."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from compatibility.files import EXAMPLES
from contracts.payload.events import EventType
from tests.peers.served_api import Api
from tests.support.factories import make_event
from tests.support.parts import OPERATOR_KEY
from tests.support.programs import find_program

HERE = Path(__file__).parent
PAYLOAD = (EXAMPLES / f"{EventType.DELIVERED}.json").read_text()

pytestmark = pytest.mark.timeout(400)


async def run(command: Sequence[str], folder: Path, **environment: str) -> str:
    """Run a tool; gives what it prints, and fails with it."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, (out + err).decode()
    return out.decode()


@pytest.fixture(scope="session")
async def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Node's tools as they are locked, and the document."""
    npm = find_program("npm")
    folder = tmp_path_factory.mktemp("openapi") / "node"
    shutil.copytree(HERE / "node", folder, ignore=shutil.ignore_patterns("node_modules"))
    await run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    write_document(folder)
    return folder


@pytest.fixture(scope="session")
async def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment that has the generator as it is locked, and the
    document."""
    folder = tmp_path_factory.mktemp("openapi") / "python"
    shutil.copytree(HERE / "python", folder)
    uv = str(Path(sys.executable).parent / "uv")
    await run([uv, "venv", "--quiet", "--python", sys.executable, "environment"], folder)
    install = [uv, "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.lock"]
    await run([*install, "--python", "environment/bin/python"], folder)
    write_document(folder)
    return folder


def write_document(folder: Path) -> None:
    """What `/openapi.json` answers."""
    document: dict[str, Any] = create_app(lambda: pytest.fail("never opened")).openapi()
    (folder / "openapi.json").write_text(json.dumps(document))


@pytest.fixture
async def arguments(api: Api) -> list[str]:
    """What both programs are given: an API with a partner, a key, an event, a webhook's body."""
    partner = {"id": "shop", "name": "Chai Point", "tier": "growth"}
    assert (await api.client.post("/v1/partners", json=partner)).status_code == 201
    event = json.dumps(make_event(event_id="evt-generated"))
    return [f"http://127.0.0.1:{api.port}", OPERATOR_KEY, event, PAYLOAD]


class TestLinters:
    async def test_redocly_finds_no_error(self, node: Path) -> None:
        await run(["node_modules/.bin/redocly", "lint", "openapi.json"], node)

    async def test_spectral_finds_nothing(self, node: Path) -> None:
        lint = ["lint", "--ruleset", "spectral.yaml", "--fail-severity", "warn", "openapi.json"]
        await run(["node_modules/.bin/spectral", *lint], node)


class TestGeneratedClients:
    async def test_openapi_typescript(self, node: Path, api: Api, arguments: list[str]) -> None:
        tools = node / "node_modules/.bin"
        await run([str(tools / "openapi-typescript"), "openapi.json", "-o", "doorstep.ts"], node)
        await run([str(tools / "tsc")], node)
        printed = await run([find_program("node"), "use_client.js", *arguments], node)
        await came_of_it(api, printed)

    async def test_openapi_python_client(
        self, python: Path, api: Api, arguments: list[str]
    ) -> None:
        tools = python / "environment/bin"
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"  # where it looks for its formatter
        generate = ["generate", "--path", "openapi.json", "--config", "config.yaml"]
        generate += ["--meta", "none", "--fail-on-warning"]
        await run(
            [str(tools / "openapi-python-client"), *generate, "--output-path", "doorstep_client"],
            python,
            PATH=path,
        )
        printed = await run([str(tools / "python"), "use_client.py", *arguments], python)
        await came_of_it(api, printed)


async def came_of_it(api: Api, printed: str) -> None:
    """The event is there, and the webhook was read."""
    payload = json.loads(PAYLOAD)
    assert json.loads(printed) == [
        "evt-generated",
        payload["type"],
        payload["data"]["order"]["order_id"],
    ]
    assert (await api.client.get("/v1/events/evt-generated")).status_code == 200
