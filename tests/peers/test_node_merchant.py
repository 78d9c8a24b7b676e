"""Merchants on Node and gunicorn, which close kept connections after 5 and 2 seconds of silence.

Events are posted so that connections are used in the very moment in which their server closes them.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import pytest

from activities.watched_connection import KEPT_ALIVE_S
from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from resolver import NameLookUps
from tests.peers.nginx_server import program
from tests.support.parts import LOOPBACK
from tests.support.waiting import eventually
from tests.support.webhooks import ready_for

pytestmark = [pytest.mark.extended, pytest.mark.timeout(300)]

_NODE_APP = """
const { createServer } = require("node:http");
const { appendFileSync } = require("node:fs");
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    appendFileSync(process.argv[3], request.headers["webhook-id"] + "\\n");
    response.end("ok");
  });
});
server.keepAliveTimeout = Number(process.argv[4]);
server.listen(Number(process.argv[2]), "127.0.0.1");
"""
_WSGI_APP = """
import os
def app(environ, start_response):
    environ["wsgi.input"].read()
    with open(os.environ["RECEIVED"], "a") as file:
        file.write(environ["HTTP_WEBHOOK_ID"] + "\\n")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@asynccontextmanager
async def running(port: int, *command: str, **env: str) -> AsyncIterator[str]:
    """A server as a child process, once it takes connections; gives the endpoint's URL."""
    process = await asyncio.create_subprocess_exec(*command, env={"PATH": "/usr/bin:/bin", **env})

    async def takes_connections() -> bool:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True

    try:
        await eventually(takes_connections, ignoring=OSError)
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


async def post_around(sender: WebhookSender, url: str, moment_s: float) -> Counter[str]:
    """On each of 40 connections one event, and a second one within 20 ms of this moment."""

    async def one(number: int) -> list[str]:
        first = await sender.post(ready_for(url, f"first-{number}"), utc_now())
        await asyncio.sleep(moment_s - 0.02 + number / 1000)  # the race is one of time
        second = await sender.post(ready_for(url, f"second-{number}"), utc_now())
        return [first.code, second.code]

    return Counter(chain.from_iterable(await asyncio.gather(*map(one, range(40)))))


async def check(sender: WebhookSender, url: str, moment_s: float, received: Path) -> None:
    codes = await post_around(sender, url, moment_s)
    assert codes == {"http_200": 80}
    assert set(Counter(received.read_text().split()).values()) == {1}
    assert len(received.read_text().split()) == 80


@pytest.mark.parametrize("closes_after_s", [5.0, 2.0, 0.5])
async def test_node(
    sender: WebhookSender, tmp_path: Path, unused_tcp_port: int, closes_after_s: float
) -> None:
    received, app = tmp_path / "received", tmp_path / "app.cjs"
    app.write_text(_NODE_APP)
    command = (program("node", "nodejs"), str(app), str(unused_tcp_port), str(received))
    closes_after_ms = str(round(closes_after_s * 1000))
    async with running(unused_tcp_port, *command, closes_after_ms) as url:
        await check(sender, url, closes_after_s, received)


async def test_gunicorn(sender: WebhookSender, tmp_path: Path, unused_tcp_port: int) -> None:
    received = tmp_path / "received"
    (tmp_path / "shop.py").write_text(_WSGI_APP)
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "50"]
    bound = ["-b", f"127.0.0.1:{unused_tcp_port}", "--chdir", str(tmp_path)]
    kept = ["--keep-alive", "2", "--log-level", "warning", "--worker-tmp-dir", str(tmp_path)]
    command = [*gunicorn, *bound, *kept, "shop:app"]
    async with running(unused_tcp_port, *command, RECEIVED=str(received)) as url:
        await check(sender, url, 2.0, received)


def test_we_close_before_node_does() -> None:
    assert KEPT_ALIVE_S < 5
