"""The OMS client: it does not give up, keeps orders in order, and remembers what it was answer."""

import asyncio
import json
import math
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.lifecycles import lifecycles
from sandbox.merchant import Merchant
from sandbox.oms import OmsClient
from sandbox.parcels import TimedEvent
from sandbox.steps import Answer, CloseWithoutAnswer, Hang, Reset, Step

ACCEPTED = Answer(202, json.dumps({"state": "accepted", "duplicate": False}).encode())
AGAIN = Answer(202, json.dumps({"state": "accepted", "duplicate": True}).encode())
PROBLEM = {"title": "Invalid", "status": 422, "detail": "data.rider: missing"}
INVALID = Answer(422, json.dumps(PROBLEM).encode(), {"content-type": "application/problem+json"})


def api(behaviour: Step | list[Step] = ACCEPTED) -> Merchant:
    """Anything that answers POST /v1/events."""
    return Merchant(name="api", behaviour=behaviour)


def client(server: Merchant, concurrency: int = 4, **options: Any) -> OmsClient:
    return OmsClient(server.origin, "key-1", concurrency, first_pause_s=0.001, **options)


def events(orders: int = 5, **options: Any) -> list[TimedEvent]:
    return list(lifecycles(7, ["ptn-a"], orders, speed=1e9, **options))


async def test_an_event_is_posted_with_the_key_and_answered_202() -> None:
    event = events()[0].event
    async with api() as server, client(server) as oms:
        answer = await oms.send(event)
    [request] = server.received
    assert (answer.status, answer.attempts, answer.duplicate) == (202, 1, False)
    assert request.path == "/v1/events"
    assert request.headers["authorization"] == "Bearer key-1"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == event
    assert oms.answers == {event["event_id"]: answer}
    assert oms.accepted == {event["event_id"]}


@pytest.mark.parametrize(
    ("trouble", "name"),
    [
        (Answer(503), "503"),
        (Answer(500), "500"),
        (Answer(429), "429"),
        (Reset(), "ReadError"),
        (CloseWithoutAnswer(), "RemoteProtocolError"),
        (Hang(), "ReadTimeout"),
    ],
)
async def test_it_tries_again_with_the_same_event(trouble: Step, name: str) -> None:
    event = events()[0].event
    timeout_s = 0.3 if isinstance(trouble, Hang) else 10.0
    async with (
        api([trouble, trouble, ACCEPTED]) as server,
        client(server, timeout_s=timeout_s) as oms,
    ):
        answer = await oms.send(event)
    assert (answer.status, answer.attempts) == (202, 3)
    assert [json.loads(r.body)["event_id"] for r in server.received] == [event["event_id"]] * 3
    assert oms.summary()["repeated"] == {name: 2}


async def test_it_waits_for_an_api_that_is_not_there_yet() -> None:
    async with api() as server:
        port = httpx.URL(server.origin).port
    assert port is not None
    async with OmsClient(f"http://127.0.0.1:{port}/", "key-1", first_pause_s=0.001) as oms:
        sending = asyncio.create_task(oms.send(events()[0].event))
        await oms.wait_until(lambda: bool(oms.trouble))
        async with Merchant(port=port, behaviour=ACCEPTED):
            assert (await sending).status == 202
    assert set(oms.trouble) == {"ConnectError"}


async def test_it_is_no_earlier_than_retry_after_asks() -> None:
    in_two_seconds = datetime.fromtimestamp(time.time() + 2, UTC)
    dated = Answer(503, headers={"retry-after": format_datetime(in_two_seconds, usegmt=True)})
    counted = Answer(503, headers={"retry-after": "1"})

    async def wait_of(asking: Answer) -> float:
        async with api([asking, ACCEPTED]) as server, client(server) as oms:
            answer = await oms.send(events()[0].event)
        first, second = server.received
        assert answer.waited_s > answer.took_s
        return second.first_byte_at - first.first_byte_at

    waits = await asyncio.gather(wait_of(dated), wait_of(counted))
    assert min(waits) > 0.9


async def test_a_4xx_is_final_and_kept_with_its_problem() -> None:
    event = events()[0].event
    async with api([INVALID, Answer(401, b"not json")]) as server, client(server) as oms:
        answer = await oms.send(event)
        other = await oms.send({**event, "event_id": "other"})
    assert (answer.status, answer.body) == (422, PROBLEM)
    assert (other.status, other.body) == (401, {})
    assert oms.accepted == set()
    assert list(oms.refused) == [event["event_id"], "other"]
    assert oms.summary()["refused"] == {"422": 1, "401": 1}


async def test_only_a_202_gets_into_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "oms.jsonl"
    played = events(orders=1)[:3]
    async with (
        api([ACCEPTED, INVALID, AGAIN]) as server,
        client(server, journal=journal) as oms,
    ):
        summary = await oms.play(played, speed=math.inf)
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["event_id"] for line in lines] == [played[n].event["event_id"] for n in (0, 2)]
    assert [line["duplicate"] for line in lines] == [False, True]
    assert lines[0]["order_id"] == "ORD-7-000001"
    assert summary == {
        "answered": 3,
        "accepted": 2,
        "duplicates": 1,
        "refused": {"422": 1},
        "repeated": {},
    }


async def test_orders_go_side_by_side_but_each_keeps_its_order() -> None:
    played = events(orders=40)
    slow = Hang(for_s=0.002, then=ACCEPTED)
    trouble: list[Step] = [Answer(503) if n % 5 == 0 else slow for n in range(len(played))]
    async with api([*trouble, slow]) as server, client(server, concurrency=8) as oms:
        await oms.play(played, speed=math.inf)
    assert len(oms.accepted) == len(played)
    assert 1 < server.most_in_flight <= 8
    accepted = [json.loads(r.body) for r in server.received if r.accepted]
    for order_id in {event["data"]["order"]["order_id"] for event in accepted}:
        mine = [e["sequence"] for e in accepted if e["data"]["order"]["order_id"] == order_id]
        assert mine == sorted(mine)


async def test_events_are_paced_by_their_offsets_or_at_a_rate() -> None:
    timed = [
        TimedEvent(number * 3.0, {**events()[0].event, "event_id": f"e{number}"})
        for number in range(5)
    ]
    async with api() as server, client(server) as oms:
        began = time.monotonic()
        await oms.play(timed, speed=100)
        by_offset = time.monotonic() - began
        await oms.play(timed, rate=50)
        at_a_rate = time.monotonic() - began - by_offset
    assert 0.12 <= by_offset < 5
    assert 0.08 <= at_a_rate < 5
