"""The merchant: what it records, how it fails, and that it leaves nothing behind."""

import asyncio
import gc
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from contracts.payload.signature import new_secret, signature_headers
from sandbox.http_connection import Head
from sandbox.merchant import HOST, Merchant
from sandbox.received import Received
from sandbox.steps import (
    Answer,
    CloseWithoutAnswer,
    Garbage,
    Hang,
    HugeBody,
    Redirect,
    Reset,
    ResetBeforeReading,
    SlowDrip,
    Step,
)

BODY = json.dumps({"type": "delivered", "data": {"order": {"order_id": "ORD-7"}}}).encode()

HASTY = httpx.Timeout(5, read=0.05)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as client:
        yield client


async def post(
    client: httpx.AsyncClient,
    merchant: Merchant,
    *,
    webhook_id: str = "evt-1",
    secrets: tuple[str, ...] = (),
    body: bytes = BODY,
    sent_at: datetime | None = None,
) -> httpx.Response:
    headers = signature_headers(
        body, message_id=webhook_id, sent_at=sent_at or datetime.now(UTC), secrets=secrets
    )
    return await client.post(merchant.url, content=body, headers=headers)


class TestWhatIsRecorded:
    async def test_a_signed_request_is_kept_whole(self, client: httpx.AsyncClient) -> None:
        secret, before = new_secret(), time.time()
        async with Merchant(secret=secret) as merchant:
            response = await post(client, merchant, secrets=(secret,))
            [received] = await merchant.wait_for(1)
        assert response.status_code == 200
        assert received.webhook_id == "evt-1"
        assert received.body == BODY
        assert (received.event_type, received.order_id) == ("delivered", "ORD-7")
        assert received.headers["content-length"] == str(len(BODY))
        assert before <= received.first_byte_at <= received.received_at.timestamp()
        assert received.verified
        assert received.verified_with == (0,)
        assert received.answer == 200

    async def test_each_secret_is_checked_by_itself(self, client: httpx.AsyncClient) -> None:
        old, new, other = new_secret(), new_secret(), new_secret()
        async with Merchant(secret=[old, other, new]) as merchant:
            await post(client, merchant, secrets=(old, new))
            await post(client, merchant, secrets=(new,))
        assert [r.verified_with for r in merchant.received] == [(0, 2), (2,)]

    async def test_secrets_may_come_later(self, client: httpx.AsyncClient) -> None:
        secret = new_secret()
        async with Merchant() as merchant:
            await post(client, merchant, secrets=(secret,))
            merchant.secrets = [secret]
            await post(client, merchant, secrets=(secret,))
        assert [r.verified for r in merchant.received] == [False, True]

    async def test_a_wrong_secret_changed_bytes_or_an_old_signature_do_not_verify(
        self, client: httpx.AsyncClient
    ) -> None:
        secret = new_secret()
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        async with Merchant(secret=secret) as merchant:
            await post(client, merchant, secrets=(new_secret(),))
            await post(client, merchant, secrets=(secret,), sent_at=hour_ago)
            headers = signature_headers(
                BODY, message_id="evt-1", sent_at=datetime.now(UTC), secrets=[secret]
            )
            await client.post(merchant.url, content=BODY + b" ", headers=headers)
            await client.post(merchant.url, content=BODY)
            await client.post(
                merchant.url, content=BODY, headers={**headers, "webhook-signature": "nonsense"}
            )
        assert [r.verified for r in merchant.received] == [False] * 5

    async def test_a_body_that_is_no_payload_has_no_type(self, client: httpx.AsyncClient) -> None:
        async with Merchant() as merchant:
            for body in (b"not json", b"[1]", b'{"data": null}', b"\xff"):
                await client.post(merchant.url, content=body)
        assert [(r.event_type, r.order_id) for r in merchant.received] == [(None, None)] * 4

    async def test_waiting_in_vain_says_what_was_seen(self) -> None:
        async with Merchant(name="Chai & Co") as merchant:
            with pytest.raises(TimeoutError, match=r"Chai & Co saw .*'requests': 0"):
                await merchant.wait_for(1, timeout=0.01)

    def test_a_secret_that_is_none_is_refused(self) -> None:
        with pytest.raises(ValueError, match="whsec_"):
            Merchant(secret="password")


class TestFailures:
    async def test_a_script_is_consumed_one_step_a_request_and_its_end_repeats(
        self, client: httpx.AsyncClient
    ) -> None:
        script = [Answer(503, b"busy", {"retry-after": "7"}), Answer(410), Answer(204)]
        async with Merchant(behaviour=script) as merchant:
            responses = [await post(client, merchant) for _ in range(4)]
        assert [r.status_code for r in responses] == [503, 410, 204, 204]
        assert responses[0].headers["retry-after"] == "7"
        assert responses[0].content == b"busy"
        assert [r.answer for r in merchant.received] == [503, 410, 204, 204]

    @pytest.mark.parametrize(
        ("step", "error", "answer"),
        [
            (Reset(), httpx.ReadError, "reset"),
            (ResetBeforeReading(), httpx.NetworkError, "reset before reading"),
            (CloseWithoutAnswer(), httpx.RemoteProtocolError, "closed without an answer"),
            (Garbage(), httpx.RemoteProtocolError, "garbage"),
        ],
    )
    async def test_the_connection_breaks_below_http(
        self, client: httpx.AsyncClient, step: Step, error: type[Exception], answer: str
    ) -> None:
        async with Merchant(behaviour=[step, Answer()]) as merchant:
            with pytest.raises(error):
                await post(client, merchant)
            assert (await post(client, merchant)).status_code == 200
        assert [r.answer for r in merchant.received] == [answer, 200]
        assert merchant.in_flight == 0

    async def test_a_reset_before_reading_leaves_the_body_unread(
        self, client: httpx.AsyncClient
    ) -> None:
        async with Merchant(behaviour=ResetBeforeReading()) as merchant:
            with pytest.raises(httpx.NetworkError):
                await post(client, merchant, webhook_id="evt-9")
        assert merchant.received[0].webhook_id == "evt-9"
        assert merchant.received[0].body == b""

    async def test_a_huge_body_does_not_end_after_16_kib(self, client: httpx.AsyncClient) -> None:
        async with Merchant(behaviour=HugeBody(size=40_000)) as merchant:
            assert len((await post(client, merchant)).content) == 40_000

    async def test_a_client_may_stop_reading_a_huge_body(self, client: httpx.AsyncClient) -> None:
        async with Merchant(behaviour=[HugeBody(size=8_000_000), Answer()]) as merchant:
            async with client.stream("POST", merchant.url, content=BODY) as response:
                await anext(response.aiter_raw())
            assert (await post(client, merchant)).status_code == 200
            await merchant.wait_until(lambda: merchant.in_flight == 0)

    async def test_a_slow_body_comes_byte_by_byte(self, client: httpx.AsyncClient) -> None:
        async with (
            Merchant(behaviour=SlowDrip(pause_s=0.001, body=b"drip")) as merchant,
            client.stream("POST", merchant.url, content=BODY) as response,
        ):
            assert [part async for part in response.aiter_raw()] == [b"d", b"r", b"i", b"p"]

    async def test_a_slow_body_outlasts_the_client(self) -> None:
        async with (
            Merchant(behaviour=SlowDrip(pause_s=60)) as merchant,
            httpx.AsyncClient(timeout=HASTY) as hasty,
        ):
            with pytest.raises(httpx.ReadTimeout):
                await post(hasty, merchant)

    async def test_a_redirect_names_the_place(self, client: httpx.AsyncClient) -> None:
        async with Merchant(behaviour=Redirect("https://elsewhere.example/")) as merchant:
            response = await post(client, merchant)
        assert (response.status_code, response.headers["location"]) == (
            307,
            "https://elsewhere.example/",
        )

    async def test_a_function_may_decide(self, client: httpx.AsyncClient) -> None:
        def refuse_one(head: Head) -> Step:
            return Answer(500 if head.webhook_id == "evt-2" else 200)

        async with Merchant(behaviour=refuse_one) as merchant:
            ids = ("evt-1", "evt-2", "evt-3")
            statuses = [(await post(client, merchant, webhook_id=i)).status_code for i in ids]
        assert statuses == [200, 500, 200]


class TestHanging:
    async def test_a_hanging_request_is_released_with_a_chosen_status(
        self, client: httpx.AsyncClient
    ) -> None:
        async with Merchant(behaviour=[Hang(), Answer()]) as merchant:
            trying = asyncio.create_task(post(client, merchant))
            await merchant.wait_for(1)
            [while_it_hangs] = merchant.received
            assert (merchant.hanging, merchant.in_flight) == (1, 1)
            assert merchant.release(503) == 1
            assert (await trying).status_code == 503
            assert [while_it_hangs.answer, merchant.received[0].answer] == ["hanging", 503]
            assert (await post(client, merchant)).status_code == 200

    async def test_a_client_that_gives_up_is_noticed(self) -> None:
        async with (
            Merchant(behaviour=Hang()) as merchant,
            httpx.AsyncClient(timeout=HASTY) as hasty,
        ):
            with pytest.raises(httpx.ReadTimeout):
                await post(hasty, merchant)
            await merchant.wait_until(lambda: merchant.in_flight == 0)
            assert merchant.received[0].answer == "client left"
            assert merchant.inbox.summary()["answered_2xx"] == 0

    async def test_a_request_may_hang_for_a_while(self, client: httpx.AsyncClient) -> None:
        async with Merchant(behaviour=Hang(for_s=0.01, then=Answer(202))) as merchant:
            assert (await post(client, merchant)).status_code == 202
            assert merchant.received[0].answer == 202

    async def test_a_released_request_may_be_reset(self, client: httpx.AsyncClient) -> None:
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(post(client, merchant))
            await merchant.wait_for(1)
            merchant.release(Reset())
            with pytest.raises(httpx.ReadError):
                await trying

    async def test_attempts_side_by_side_are_counted_over_all_and_for_each_id(
        self, client: httpx.AsyncClient
    ) -> None:
        async with Merchant(behaviour=Hang()) as merchant:
            ids = ("evt-1", "evt-1", "evt-2")
            attempts = [asyncio.create_task(post(client, merchant, webhook_id=i)) for i in ids]
            await merchant.wait_for(3)
            merchant.release()
            await asyncio.gather(*attempts)
        assert (merchant.in_flight, merchant.most_in_flight) == (0, 3)
        assert merchant.most_in_flight_of("evt-1") == 2
        assert merchant.most_in_flight_of("evt-2") == 1

    async def test_closing_ends_what_hangs_and_leaves_nothing_behind(
        self, client: httpx.AsyncClient
    ) -> None:
        tasks = asyncio.all_tasks()
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(post(client, merchant))
            await merchant.wait_for(1)
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await trying
        gc.collect()
        assert asyncio.all_tasks() <= tasks
        assert merchant.received[0].answer == "closed without an answer"
        with pytest.raises(httpx.ConnectError):
            await post(client, merchant)


class TestConnections:
    async def test_keep_alive_serves_many_requests_on_one_connection(self) -> None:
        async with Merchant(behaviour=[Answer(500, b"no"), Answer()]) as merchant:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", httpx.URL(merchant.url).port
            )
            request = b"POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi"
            writer.write(request * 3)  # pipelined: all three are there before the first answer
            heads = [await reader.readuntil(b"\r\n\r\n")]
            assert await reader.readexactly(2) == b"no"
            heads += [await reader.readuntil(b"\r\n\r\n") for _ in range(2)]
            writer.close()
            await writer.wait_closed()
        assert [head.split()[1] for head in heads] == [b"500", b"200", b"200"]

    async def test_a_burst_of_requests_is_taken_by_one_merchant(
        self, client: httpx.AsyncClient
    ) -> None:
        async with Merchant() as merchant:
            await asyncio.gather(*(post(client, merchant, webhook_id=f"e{n}") for n in range(200)))
            assert merchant.inbox.summary()["accepted_ids"] == 200

    async def test_what_a_killed_client_had_sent_meets_the_behaviour_of_its_time(self) -> None:
        request = b"POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi"
        async with Merchant(behaviour=Hang()) as merchant:
            for _ in range(5):
                with socket.create_connection(("127.0.0.1", httpx.URL(merchant.url).port)) as wire:
                    wire.sendall(request)
            assert merchant.received == []  # nothing was read so far
            await merchant.until_clients_left()
            merchant.behave(Answer(200))
            await merchant.wait_for(5)
            assert [one.accepted for one in merchant.received] == [False] * 5

    async def test_what_is_not_http_is_dropped(self) -> None:
        async with Merchant() as merchant:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", httpx.URL(merchant.url).port
            )
            writer.write(b"\x16\x03\x01 hello\r\n\r\n")
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            assert merchant.received == []


class TestClosing:
    @pytest.mark.parametrize("turns", range(9))
    async def test_whoever_connects_in_this_moment_is_dropped(self, turns: int) -> None:
        """So many turns of the event loop before: accepted, connected, taken up, or none of it."""
        merchant = Merchant()
        async with merchant:
            client = socket.create_connection((HOST, int(merchant.origin.rsplit(":", 1)[1])))
            client.setblocking(False)
            for _ in range(turns):
                await asyncio.sleep(0)
        with closing(client), suppress(ConnectionError):
            async with asyncio.timeout(5):
                assert await asyncio.get_running_loop().sock_recv(client, 9) == b""


class TestControl:
    async def test_received_and_summary_tell_without_personal_data(
        self, client: httpx.AsyncClient
    ) -> None:
        secret = new_secret()
        async with Merchant(secret=secret, name="Chai & Co") as merchant:
            for webhook_id in ("evt-1", "evt-1", "evt-2"):
                await post(client, merchant, webhook_id=webhook_id, secrets=(secret,))
            merchant.behave(Answer(500))
            await post(client, merchant, webhook_id="evt-3")
            received = (await client.get(f"{merchant.origin}/_sandbox/received")).json()
            summary = (await client.get(f"{merchant.origin}/_sandbox/summary")).json()
        assert received[0] == merchant.received[0].as_json()
        assert received[0]["order_id"] == "ORD-7"
        assert "body" not in received[0]
        assert summary == {
            "merchant": "Chai & Co",
            "requests": 4,
            "answered_2xx": 3,
            "accepted_ids": 2,
            "duplicates": 1,
            "duplicate_ids": ["evt-1"],
            "unverified": 1,
            "answers": {"200": 3, "500": 1},
            "in_flight": 0,
            "most_in_flight": 1,
            "most_in_flight_of_one_id": 1,
            "hanging": 0,
        }

    async def test_behaviour_secrets_and_hanging_requests_change_live(
        self, client: httpx.AsyncClient
    ) -> None:
        secret = new_secret()
        async with Merchant() as merchant:
            control = f"{merchant.origin}/_sandbox"
            await client.put(f"{control}/behaviour", content="503x2,hang")
            await client.put(f"{control}/secrets", json=[secret])
            statuses = [
                (await post(client, merchant, secrets=(secret,))).status_code for _ in range(2)
            ]
            trying = asyncio.create_task(post(client, merchant, secrets=(secret,)))
            await merchant.wait_for(3)
            await client.put(f"{control}/release", content="429")
            assert [*statuses, (await trying).status_code] == [503, 503, 429]
        assert all(r.verified for r in merchant.received)

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("PUT", "behaviour", "sometimes", 400),
            ("PUT", "secrets", '{"a": 1}', 400),
            ("PUT", "secrets", "[", 400),
            ("PUT", "secrets", '["short"]', 400),
            ("GET", "nothing", "", 404),
            ("DELETE", "received", "", 404),
        ],
    )
    async def test_nonsense_is_refused_with_a_reason(
        self, client: httpx.AsyncClient, method: str, path: str, body: str, status: int
    ) -> None:
        async with Merchant() as merchant:
            url = f"{merchant.origin}/_sandbox/{path}"
            response = await client.request(method, url, content=body)
            assert (response.status_code, list(response.json())) == (status, ["error"])
            assert merchant.received == []

    async def test_the_journal_is_an_independent_count(
        self, client: httpx.AsyncClient, tmp_path: Path
    ) -> None:
        journal = tmp_path / "journal.jsonl"
        async with Merchant(journal=journal, behaviour=[Answer(500), Hang(), Answer()]) as merchant:
            await post(client, merchant)
            trying = asyncio.create_task(post(client, merchant))
            await merchant.wait_for(2)
            assert len(journal.read_text().splitlines()) == 1
            merchant.release(200)
            await trying
            lines = [json.loads(line) for line in journal.read_text().splitlines()]
        assert [line["answer"] for line in lines] == [500, 200]
        assert lines[0]["webhook_id"] == "evt-1"
        assert lines[0]["merchant"] == "merchant"


def test_received_is_immutable() -> None:
    assert Received.__dataclass_params__.frozen  # type: ignore[attr-defined]  # dataclass internals
