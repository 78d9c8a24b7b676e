"""Connections that are reused: what a merchant does to them costs nobody an event."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from activities import watched_connection
from activities.watched_connection import LONGEST_LIFE_S
from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer
from resolver import NameLookUps
from sandbox.tls import LocalAuthority
from tests.support.parts import LOOPBACK
from tests.support.raw_receiver import Peer, RawReceiver, Script
from tests.support.waiting import eventually
from tests.support.webhooks import ready_for

WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
async def sender() -> AsyncIterator[WebhookSender]:
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


@pytest.fixture(scope="module")
async def hurried() -> AsyncIterator[WebhookSender]:
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), request_time=0.5)
    yield sender
    await sender.aclose()


async def post(sender: WebhookSender, url: str, event_id: str = "evt-1", **more: str) -> Answer:
    return await sender.post(ready_for(url, event_id, **more), utc_now())


def breaking(taken: list[bytes], *, reset: bool, first: bytes = b"") -> Script:
    """Answers the first request of a connection, and breaks it when the second has come."""

    async def script(peer: Peer) -> None:
        taken.append(await peer.request())
        await peer.send(WELL)
        if await peer.request():
            await peer.send(first)
            if reset:
                peer.reset()

    return script


class TestTheFreeRepeat:
    @pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
    async def test_a_reused_connection_that_breaks_costs_nothing(
        self, sender: WebhookSender, reset: bool
    ) -> None:
        taken: list[bytes] = []
        async with RawReceiver(breaking(taken, reset=reset)) as receiver:
            answers = [await post(sender, receiver.url, f"evt-{n}") for n in range(6)]
        assert [one.code for one in answers] == ["http_200"] * 6
        assert [b"webhook-id: evt-%d\r\n" % n in one for n, one in enumerate(taken)] == [True] * 6

    async def test_many_at_once(self, sender: WebhookSender) -> None:
        taken: list[bytes] = []
        async with RawReceiver(breaking(taken, reset=True)) as receiver:
            for _ in range(3):
                answers = await asyncio.gather(*(post(sender, receiver.url) for _ in range(20)))
                assert {one.code for one in answers} == {"http_200"}
        assert len(taken) == 60

    @pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
    async def test_not_when_a_byte_has_come(self, sender: WebhookSender, reset: bool) -> None:
        taken: list[bytes] = []
        async with RawReceiver(breaking(taken, reset=reset, first=b"H")) as receiver:
            await post(sender, receiver.url)
            answer = await post(sender, receiver.url)
        assert answer.code in {"protocol", "connection"}
        assert len(receiver.peers) == 1

    @pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
    async def test_not_on_a_new_connection(self, sender: WebhookSender, reset: bool) -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            if reset:
                peer.reset()

        async with RawReceiver(script) as receiver:
            answer = await post(sender, receiver.url)
        assert answer.code in {"protocol", "connection"}
        assert len(receiver.peers) == 1

    async def test_only_one(self, sender: WebhookSender) -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            if peer.number == 1:
                await peer.send(WELL)
                await peer.request()

        async with RawReceiver(script) as receiver:
            await post(sender, receiver.url)
            answer = await post(sender, receiver.url)
        assert (answer.code, len(receiver.peers)) == ("protocol", 2)

    async def test_one_that_is_told_it_was_idle_for_too_long(self, sender: WebhookSender) -> None:
        """The 408 of a proxy that closes an idle connection may cross the next request."""
        taken: list[bytes] = []
        idle = b"HTTP/1.0 408 Request Time-out\r\nConnection: close\r\n\r\n<html>408</html>"
        async with RawReceiver(breaking(taken, reset=False, first=idle)) as receiver:
            answers = [await post(sender, receiver.url, f"evt-{n}") for n in range(4)]
        assert [one.code for one in answers] == ["http_200"] * 4
        assert len(taken) == 4

    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 408 No\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 503 No\r\nConnection: close\r\n\r\n",
        ],
        ids=["a 408 that does not close", "any other"],
    )
    async def test_not_after_another_answer(self, sender: WebhookSender, answer: bytes) -> None:
        taken: list[bytes] = []
        async with RawReceiver(breaking(taken, reset=False, first=answer)) as receiver:
            await post(sender, receiver.url)
            code = (await post(sender, receiver.url)).code
        assert (code, len(receiver.peers)) == (f"http_{answer[9:12].decode()}", 1)

    async def test_not_after_a_408_on_a_new_connection(self, sender: WebhookSender) -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(b"HTTP/1.1 408 No\r\nConnection: close\r\n\r\n")

        async with RawReceiver(script) as receiver:
            assert (await post(sender, receiver.url)).code == "http_408"
            assert len(receiver.peers) == 1

    async def test_one_that_tls_breaks(self, tmp_path: Path) -> None:
        authority = LocalAuthority(tmp_path / "ca.pem")
        no_record_of_this_connection = b"\x15\x03\x03\x00\x02\x02\x50"

        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(WELL)
            if await peer.request():
                plain = socket.socket(fileno=os.dup(peer.writer.get_extra_info("socket").fileno()))
                with plain:
                    plain.send(no_record_of_this_connection)

        sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), str(authority.ca_file))
        tls = authority.issue().server_context()
        async with RawReceiver(script, tls) as receiver, aclosing(sender):
            codes = [(await post(sender, receiver.url)).code for _ in range(4)]
        assert codes == ["http_200"] * 4

    async def test_not_after_a_time_out(self, hurried: WebhookSender) -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(WELL)
            await peer.left()

        async with RawReceiver(script) as receiver:
            await post(hurried, receiver.url)
            answer = await post(hurried, receiver.url)
        assert (answer.code, len(receiver.peers)) == ("timeout", 1)


class TestWhatIsNotReused:
    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" + WELL,
            b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nmany more bytes",
            b"HTTP/1.1 204 No\r\n\r\na body",
        ],
        ids=["two responses", "a longer body", "a body after 204"],
    )
    async def test_a_connection_with_more_on_it_than_the_response(
        self, sender: WebhookSender, answer: bytes
    ) -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(answer)

        async with RawReceiver(script) as receiver:
            codes = {(await post(sender, receiver.url)).code for _ in range(3)}
            assert codes == {f"http_{answer[9:12].decode()}"}
            assert len(receiver.peers) == 3

    @pytest.mark.parametrize("length", [b"Content-Length: 200000\r\n", b""])
    async def test_one_whose_body_was_not_read_to_its_end_is_closed(
        self, sender: WebhookSender, length: bytes
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
            while True:
                await peer.send(b"x" * 65536)

        async with RawReceiver(script) as receiver:
            for _ in range(20):
                assert (await post(sender, receiver.url)).code == "http_200"

            async def closed() -> int:
                return receiver.closed

            await eventually(closed, lambda count: count == 20)

    async def test_one_that_keeps_silent(self, hurried: WebhookSender) -> None:
        """The next event does not wait for it (A5)."""

        async def script(peer: Peer) -> None:
            while await peer.request():
                if peer.number == 1 and answered:
                    await peer.left()
                    return
                answered.append(True)
                await peer.send(WELL)

        answered: list[bool] = []
        async with RawReceiver(script) as receiver:
            codes = [(await post(hurried, receiver.url)).code for _ in range(5)]
        assert codes == ["http_200", "timeout", "http_200", "http_200", "http_200"]

    async def test_those_that_were_cancelled(self, sender: WebhookSender) -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                if len(receiver.peers) <= 30:
                    await peer.left()
                    return
                await peer.send(WELL)

        async with RawReceiver(script) as receiver:
            posts = [asyncio.create_task(post(sender, receiver.url)) for _ in range(30)]

            async def connected() -> int:
                return len(receiver.peers)

            await eventually(connected, lambda count: count == 30)
            for one in posts:
                one.cancel()
            await asyncio.gather(*posts, return_exceptions=True)
            assert (await post(sender, receiver.url)).code == "http_200"


class TestHowLongOneIsUsed:
    async def test_a_busy_one_is_given_up_after_a_while(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So a name that leads elsewhere is followed, whatever goes to it."""
        addresses, taken = ["127.0.0.1"], list[str]()

        async def resolve(host: str, port: int) -> list[str]:
            return addresses

        async def script(peer: Peer) -> None:
            while await peer.request():
                taken.append(peer.writer.get_extra_info("sockname")[0])
                await peer.send(WELL)

        sender = WebhookSender.guarded(LOOPBACK, resolve)
        async with RawReceiver(script, host="0.0.0.0") as receiver, aclosing(sender):
            url = receiver.url.replace("127.0.0.1", "shop.example")
            await post(sender, url)
            addresses[:] = ["127.0.0.2"]
            await post(sender, url)
            monkeypatch.setattr(watched_connection, "LONGEST_LIFE_S", 0.0)
            await post(sender, url)
        assert taken == ["127.0.0.1", "127.0.0.1", "127.0.0.2"]

    def test_which_is_a_minute(self) -> None:
        assert LONGEST_LIFE_S == 60


class TestCookies:
    async def test_none_is_kept_or_sent(self, sender: WebhookSender) -> None:
        requests: list[bytes] = []

        async def script(peer: Peer) -> None:
            while request := await peer.request():
                requests.append(request.lower())
                cookie = b"Set-Cookie: id%d=secret; Path=/\r\n" % len(requests)
                await peer.send(b"HTTP/1.1 200 OK\r\n" + cookie + b"Content-Length: 0\r\n\r\n")

        async with RawReceiver(script) as receiver, RawReceiver(script) as other:
            for url in (receiver.url, receiver.url, other.url):
                await post(sender, url)
            assert not any(b"cookie" in one for one in requests)
            await post(sender, other.url, cookie="mine=1")
        assert requests[-1].count(b"cookie: mine=1\r\n") == 1
