"""Where a response begins, in whatever pieces it comes and whatever comes before it."""

from collections.abc import AsyncIterator

import httpcore
import pytest

from activities.response_start import Received, ResponseStart
from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer
from resolver import NameLookUps
from tests.support.parts import LOOPBACK
from tests.support.raw_receiver import Peer, RawReceiver
from tests.support.webhooks import ready_for

WELL = b"HTTP/1.1 202 A\r\nContent-Length: 0\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
FAULTY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink : </a.css>\r\n\r\n"


@pytest.fixture(scope="module")
async def sender() -> AsyncIterator[WebhookSender]:
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


async def answer_to(sender: WebhookSender, *pieces: bytes) -> Answer:
    """The answer of a receiver that says this."""

    async def script(peer: Peer) -> None:
        await peer.request()
        for piece in pieces:
            await peer.send(piece)

    async with RawReceiver(script) as receiver:
        return await sender.post(ready_for(receiver.url), utc_now())


def read_in(pieces: list[bytes]) -> tuple[bytes, bytes]:
    """What the library sees of these pieces and the end after them, and what is kept of them."""
    received = Received()
    start = ResponseStart(received)
    seen = [start.take(piece) or b"" for piece in (*pieces, b"")]
    return b"".join(seen), bytes(received)


BEFORE = [
    b"",
    b"\r\n",
    b"\n\n\r\n",
    HINTS,
    b"\r\n" + HINTS,
    HINTS + b"\r\n",
    FAULTY_HINTS,
    b"http/1.1 100\r\n\r\n",
    b"HTTP/1.1 100 Continue\n\n",
    b"HTTP/1.1 199 What\r\nnonsense\r\n\r\n" + HINTS,
]


class TestWhereItBegins:
    @pytest.mark.parametrize("before", BEFORE)
    @pytest.mark.parametrize("size", [1, 2, 7, 1000])
    def test_behind_whatever_says_nothing(self, before: bytes, size: int) -> None:
        whole = before + WELL
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        assert read_in(pieces) == (WELL, WELL)

    @pytest.mark.parametrize(
        "other",
        [
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nx",
            b"HTTP/1.1 100 Continue\r\nA: b",
            b"HTTP/1.1 1",
            b"HTTP/1.1 1000 What\r\n\r\n",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"H",
        ],
    )
    def test_anything_else_is_handed_on(self, other: bytes) -> None:
        assert read_in([other]) == (other, other)

    @pytest.mark.parametrize("odd", [b"\x15\x03\x03", b"<html>", b"HTTPS", b"220 mail\r\n"])
    def test_what_is_no_http_at_once(self, odd: bytes) -> None:
        assert ResponseStart(Received()).take(odd) == odd

    def test_only_interim_ones_are_kept_to_be_shown(self) -> None:
        assert read_in([HINTS]) == (b"", HINTS)

    def test_line_ends_are_nothing(self) -> None:
        assert read_in([b"\r\n", b"\r\n"]) == (b"", b"")

    def test_there_is_an_end_to_interim_ones(self) -> None:
        start = ResponseStart(Received())
        assert start.take(HINTS * 20_000) is None
        with pytest.raises(httpcore.RemoteProtocolError):
            start.take(HINTS * 20_000)


class TestTheAnswer:
    async def test_behind_a_faulty_interim_response(self, sender: WebhookSender) -> None:
        assert (await answer_to(sender, FAULTY_HINTS + WELL)).code == "http_202"

    async def test_a_faulty_one_behind_more_than_is_kept(self, sender: WebhookSender) -> None:
        long = b"HTTP/1.1 103 Early Hints\r\nLink: </" + b"a" * 3_000 + b">\r\n\r\n"
        faulty = b"HTTP/1.1 503 No\r\nX Powered By: shop\r\nRetry-After: 60\r\n\r\nbusy"
        answer = await answer_to(sender, *[long] * 10, faulty)
        assert (answer.code, answer.retry_after, answer.excerpt) == ("http_503", "60", "busy")

    async def test_behind_a_flood_of_interim_responses(self, sender: WebhookSender) -> None:
        flood = b"HTTP/1.1 102 Processing\r\n\r\n" * 20_000
        assert (await answer_to(sender, flood + WELL)).code == "http_202"

    async def test_a_flood_without_end_is_none(self, sender: WebhookSender) -> None:
        """It is left long before the time for an attempt is over."""

        async def script(peer: Peer) -> None:
            await peer.request()
            while True:
                await peer.send(HINTS * 1_000)

        async with RawReceiver(script) as receiver:
            answer = await sender.post(ready_for(receiver.url), utc_now())
        assert answer.code == "protocol"

    @pytest.mark.parametrize("status", [200, 410, 429, 503])
    async def test_from_somebody_who_has_not_read_the_request(
        self, sender: WebhookSender, status: int
    ) -> None:
        """They close at once, so that the rest of the request meets a reset connection."""
        said = b"HTTP/1.1 %d X\r\nRetry-After: 60\r\nConnection: close\r\n\r\n" % status

        async def script(peer: Peer) -> None:
            await peer.send(said)

        async with RawReceiver(script) as receiver:
            answers = [await sender.post(ready_for(receiver.url), utc_now()) for _ in range(20)]
        assert {(one.code, one.retry_after) for one in answers} == {(f"http_{status}", "60")}
