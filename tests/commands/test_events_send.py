"""`doorstep events`, against a real HTTP server that answers as the API does."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from commands.ports import free_ports
from sandbox.serving import LocalServer
from tests.commands.running import Finished, doorstep

pytestmark = pytest.mark.extended

KEY = "a-key-for-the-test"


@dataclass
class FakeApi:
    """Takes everything but events of type `bad`; a second time an event is a duplicate."""

    port: str = ""
    taken: list[str] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    async def take(self, request: Request) -> JSONResponse:
        self.keys.add(request.headers.get("authorization"))
        event: dict[str, Any] = await request.json()
        if event.get("type") == "bad":
            fault = {"field": "data.otp", "message": "out_for_delivery needs this group"}
            body = {"detail": "wrong or missing: data.otp", "errors": [fault]}
            return JSONResponse(body, 422, media_type="application/problem+json")
        duplicate = event["event_id"] in self.taken
        self.taken.append(event["event_id"])
        return JSONResponse({"state": "accepted", "duplicate": duplicate}, 202)

    async def show(self, state: str) -> dict[str, Any]:
        assert state == "failed"
        return {"items": [{"event_id": one} for one in self.failed], "next_cursor": None}

    async def start(self, event_id: str) -> dict[str, Any]:
        self.failed.remove(event_id)
        return {"event_id": event_id, "state": "accepted"}


@pytest.fixture
async def fake_api() -> AsyncIterator[FakeApi]:
    fake, app = FakeApi(), FastAPI()
    app.post("/v1/events", response_model=None)(fake.take)
    app.get("/v1/events")(fake.show)
    app.post("/v1/events/{event_id}/start", status_code=202)(fake.start)
    server = LocalServer(app)
    await server.start()
    fake.port = server.url.rpartition(":")[2]
    yield fake
    await server.stop()


async def send(folder: Path, fake: FakeApi, *events: dict[str, str]) -> Finished:
    (folder / "events.jsonl").write_text("\n".join(json.dumps(event) for event in events))
    return await doorstep(
        "events",
        "send",
        "events.jsonl",
        folder=folder,
        DOORSTEP_API_PORT=fake.port,
        DOORSTEP_OPERATOR_KEY=KEY,
    )


async def test_restarts_what_failed(fake_api: FakeApi, tmp_path: Path) -> None:
    fake_api.failed = ["e1", "e2#odd"]
    ended = await doorstep(
        "events",
        "restart",
        "--failed",
        folder=tmp_path,
        DOORSTEP_API_PORT=fake_api.port,
        DOORSTEP_OPERATOR_KEY=KEY,
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "e1\ne2#odd\n2 started again\n"
    assert fake_api.failed == []


async def test_sends_in_order_with_the_operator_key(fake_api: FakeApi, tmp_path: Path) -> None:
    ended = await send(tmp_path, fake_api, {"event_id": "e1"}, {"event_id": "e2"})
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "e1  accepted\ne2  accepted\n"
    assert fake_api.taken == ["e1", "e2"]
    assert fake_api.keys == {f"Bearer {KEY}"}


async def test_a_refused_event_shows_every_fault_and_the_rest_is_sent(
    fake_api: FakeApi, tmp_path: Path
) -> None:
    events = [{"event_id": "e1", "type": "bad"}, {"event_id": "e2"}]
    ended = await send(tmp_path, fake_api, *events)
    assert ended.code == 1
    assert ended.out == (
        "e1  refused (422): wrong or missing: data.otp\n"
        "    data.otp: out_for_delivery needs this group\n"
        "e2  accepted\n"
    )
    assert ended.err == "1 of 2 refused\n"


async def test_for_a_program_it_is_one_list(fake_api: FakeApi, tmp_path: Path) -> None:
    ended = await doorstep(
        *("events", "send", "-", "--json"),
        folder=tmp_path,
        stdin='[{"event_id": "e1", "type": "bad"}, {"event_id": "e2"}]',
        DOORSTEP_API_PORT=fake_api.port,
        DOORSTEP_OPERATOR_KEY=KEY,
    )
    assert ended.code == 1
    assert [(one["event_id"], one["taken"]) for one in json.loads(ended.out)] == [
        ("e1", False),
        ("e2", True),
    ]


async def test_standard_input_and_an_event_that_was_taken_before(
    fake_api: FakeApi, tmp_path: Path
) -> None:
    ended = await doorstep(
        "events",
        "send",
        "-",
        folder=tmp_path,
        stdin='[{"event_id": "e1"}, {"event_id": "e1"}]',
        DOORSTEP_API_PORT=fake_api.port,
        DOORSTEP_OPERATOR_KEY=KEY,
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "e1  accepted\ne1  taken before, nothing new\n"


async def test_without_an_api_it_says_how_to_start_one(tmp_path: Path) -> None:
    nobody = FakeApi(port=str(free_ports(1)[0]))
    ended = await send(tmp_path, nobody, {"event_id": "e1"})
    assert ended.code == 2
    assert "start it with `doorstep up`" in ended.err
    assert ended.err.count("\n") == 1
