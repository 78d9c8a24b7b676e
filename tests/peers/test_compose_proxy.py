"""HAProxy before several APIs, with the file that the compose file gives it."""

import asyncio
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI, Request

from commands.ports import LOOPBACK, free_ports, listen
from commands.serve_api import serve_app
from tests.deployment.deployment_files import ROOT
from tests.peers.served_api import served_app
from tests.support.programs import running
from tests.support.waiting import eventually

CONFIGURATION = ROOT / "deploy" / "haproxy" / "compose.cfg"


def named(name: str) -> FastAPI:
    """An app in an API's place that says who it is, and what it was told of the client."""
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> None:
        """It is alive."""

    @app.get("/")
    async def who(request: Request) -> tuple[str, str]:
        return name, ", ".join(request.headers.getlist("x-forwarded-for"))

    return app


@contextmanager
def proxy_before(apis: list[int], program: str, folder: Path) -> Iterator[int]:
    """The file as it is, but for Docker's name server and for ports; gives the proxy's."""
    [port] = free_ports(1)
    text = CONFIGURATION.read_text()
    text = re.sub(r"^resolvers docker\n(    .*\n)+", "", text, flags=re.MULTILINE)
    [(template, options)] = re.findall(r"(    server-template api \d+ api:8080 (.*))\n", text)
    options = options.replace("resolvers docker init-addr none", "")
    servers = [f"    server api{at} 127.0.0.1:{at} {options}" for at in apis]
    text = text.replace(template, "\n".join(servers))
    text = text.replace("bind :8080", f"bind 127.0.0.1:{port}")
    file = folder / "haproxy.cfg"
    file.write_text(text)
    with running([program, "-db", "-f", str(file)], port, folder):
        yield port


async def answers(client: httpx.AsyncClient, count: int) -> Counter[str]:
    """So many requests, by who answered; each has to be answered."""
    found: Counter[str] = Counter()
    for _ in range(count):
        answer = await client.get("/", headers={"x-forwarded-for": "203.0.113.9"})
        assert answer.status_code == 200
        name, told = answer.json()
        assert told.startswith("203.0.113.9, 127.0.0.1")
        found[name] += 1
    return found


def test_haproxy_takes_the_file_as_it_is(haproxy_program: str) -> None:
    said = subprocess.run(
        [haproxy_program, "-c", "-f", CONFIGURATION], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "WARNING" not in said.stderr


async def test_several_share_the_requests_and_one_that_ends_costs_none(
    haproxy_program: str, tmp_path: Path
) -> None:
    [second] = free_ports(1)
    stop = asyncio.Event()
    async with served_app(named("first")) as first:
        with listen(LOOPBACK, second, "DOORSTEP_API_PORT") as listening:
            serving = asyncio.create_task(serve_app(named("second"), listening, stop))
            with proxy_before([first, second], haproxy_program, tmp_path) as port:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                    await eventually(
                        lambda: client.get("/"), lambda answer: answer.status_code == 200
                    )
                    assert await answers(client, 10) == {"first": 5, "second": 5}
                    stop.set()
                    await serving
                    assert await answers(client, 10) == {"first": 10}
