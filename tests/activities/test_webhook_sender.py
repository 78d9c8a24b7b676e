"""The real sender against real sockets: what leaves, and what each misfortune is called."""

import asyncio
import ipaddress
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from activities.webhook_sender import REQUEST_TIME, WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer
from contracts.endpoints.network_guard import NetworkGuard
from contracts.payload.events import TrackingEvent
from contracts.payload.payload import build_payload, to_bytes
from contracts.payload.signature import new_secret
from resolver import NameLookUps
from sandbox.merchant import Merchant
from sandbox.steps import Answer as Says
from sandbox.steps import (
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
from sandbox.tls import LocalAuthority
from store.deliveries.attempts import ReadyAttempt
from tests.support.factories import make_event
from tests.support.listener import Listener

LOOPBACK = NetworkGuard([ipaddress.ip_network("127.0.0.0/8")])
SECRET, OLD_SECRET = new_secret(), new_secret()
NOW = utc_now()
BODY = to_bytes(
    build_payload(
        TrackingEvent.model_validate(make_event("out_for_delivery")), sequence=1, emitted_at=NOW
    )
)


def ready(url: str, *secrets: str, event_id: str = "evt-1") -> ReadyAttempt:
    """An attempt that is about to leave for this address."""
    return ReadyAttempt("att_1", 1, event_id, "ep_1", url, list(secrets) or [SECRET], BODY)


@pytest.fixture(scope="module")
async def sender() -> AsyncIterator[WebhookSender]:
    """The product's sender; loopback is opened."""
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


@pytest.fixture(scope="module")
async def strict() -> AsyncIterator[WebhookSender]:
    """A sender that may reach the public internet only."""
    sender = WebhookSender.guarded(NetworkGuard(), NameLookUps())
    yield sender
    await sender.aclose()


async def post(sender: WebhookSender, url: str, now: datetime | None = None) -> Answer:
    return await sender.post(ready(url), now or utc_now())


async def answer_to(sender: WebhookSender, step: Step) -> Answer:
    """The answer where the merchant does this."""
    async with Merchant(behaviour=step) as merchant:
        return await post(sender, merchant.url)


class TestWhatLeaves:
    async def test_exactly_the_bytes_signed_for_the_reference_library(
        self, sender: WebhookSender
    ) -> None:
        async with Merchant(secret=SECRET) as merchant:
            answer = await post(sender, merchant.url)
        [received] = merchant.received
        assert received.verified
        assert received.body == BODY
        assert received.webhook_id == "evt-1"
        assert received.headers["content-type"] == "application/json"
        assert received.headers["content-length"] == str(len(BODY))
        assert received.headers["user-agent"] == f"Doorstep/{version('doorstep')}"
        assert (answer.code, answer.status) == ("http_200", 200)

    async def test_during_a_rotation_either_secret_verifies(self, sender: WebhookSender) -> None:
        async with Merchant(secret=[OLD_SECRET, SECRET, new_secret()]) as merchant:
            await sender.post(ready(merchant.url, SECRET, OLD_SECRET), utc_now())
        assert merchant.received[0].verified_with == (0, 1)

    async def test_the_timestamp_is_the_attempt_s_not_the_event_s(
        self, sender: WebhookSender
    ) -> None:
        async with Merchant() as merchant:
            await post(sender, merchant.url, now=NOW)
        assert merchant.received[0].headers["webhook-timestamp"] == str(int(NOW.timestamp()))

    async def test_no_compression_is_asked_for(self, sender: WebhookSender) -> None:
        async with Merchant() as merchant:
            await post(sender, merchant.url)
        assert merchant.received[0].headers["accept-encoding"] == "identity"

    async def test_a_kept_connection_is_used_again(self, sender: WebhookSender) -> None:
        async with Listener() as listener:
            for _ in range(3):
                await post(sender, f"http://127.0.0.1:{listener.port}/")
        assert (len(listener.requests), listener.connections) == (3, 1)

    async def test_a_kept_connection_that_the_partner_closed_is_no_failure(
        self, sender: WebhookSender
    ) -> None:
        async with Listener(closes=True) as listener:
            answers = [await post(sender, f"http://127.0.0.1:{listener.port}/") for _ in range(3)]
        assert [one.code for one in answers] == ["http_200"] * 3
        assert listener.connections == 3


class TestAnswers:
    @pytest.mark.parametrize("status", [200, 204, 400, 404, 410, 429, 500, 503])
    async def test_the_status_is_kept(self, sender: WebhookSender, status: int) -> None:
        answer = await answer_to(sender, Says(status))
        assert (answer.code, answer.status) == (f"http_{status}", status)

    async def test_the_wish_to_wait_is_kept(self, sender: WebhookSender) -> None:
        answer = await answer_to(sender, Says(503, headers={"retry-after": "120"}))
        assert answer.retry_after == "120"
        assert (await answer_to(sender, Says(503))).retry_after is None

    async def test_the_first_wish_of_two_counts(self, sender: WebhookSender) -> None:
        """An application and the proxy before it may each have one."""
        head = b"HTTP/1.1 503 No\r\nRetry-After: 60\r\nRetry-After: 120\r\n"
        async with Listener(head + b"Content-Length: 0\r\n\r\n") as listener:
            answer = await post(sender, f"http://127.0.0.1:{listener.port}/")
        assert answer.retry_after == "60"

    async def test_a_redirect_is_not_followed(self, sender: WebhookSender) -> None:
        async with Merchant() as elsewhere:
            answer = await answer_to(sender, Redirect(elsewhere.url))
        assert answer.status == 307
        assert elsewhere.received == []

    async def test_of_a_huge_body_the_start_is_kept(self, sender: WebhookSender) -> None:
        answer = await answer_to(sender, HugeBody(size=50_000_000))
        assert (answer.status, answer.excerpt) == (200, "x" * 1000)

    async def test_no_more_than_16_kib_are_read(self, sender: WebhookSender) -> None:
        """The rest of the answer never comes, so a sender that wanted it would hang."""
        head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"
        async with Listener(head + b"y" * 16 * 1024) as listener:
            answer = await post(sender, f"http://127.0.0.1:{listener.port}/")
        assert (answer.code, answer.excerpt) == ("http_200", "y" * 1000)

    async def test_no_more_than_256_pieces_are_read(self, sender: WebhookSender) -> None:
        """Each costs the worker's loop time, which it owes to others; the rest never comes."""
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        async with Listener(head + b"1\r\nz\r\n" * 256) as listener:
            answer = await post(sender, f"http://127.0.0.1:{listener.port}/")
        assert (answer.code, answer.excerpt) == ("http_200", "z" * 256)
        assert answer.duration_ms < REQUEST_TIME * 1000

    async def test_a_packed_body_is_never_unpacked(self, sender: WebhookSender) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 9\r\n\r\n"
        async with Listener(head + b"no gzip!\n") as listener:
            answer = await post(sender, f"http://127.0.0.1:{listener.port}/")
        assert (answer.code, answer.excerpt) == ("http_200", "no gzip!\n")

    async def test_a_body_that_breaks_off_is_still_an_answer(self, sender: WebhookSender) -> None:
        head = b"HTTP/1.1 500 Oops\r\ncontent-length: 99\r\n\r\n"
        async with Listener(head + b"the data", closes=True) as listener:
            answer = await post(sender, f"http://127.0.0.1:{listener.port}/")
        assert (answer.code, answer.excerpt) == ("http_500", "the data")

    async def test_after_a_huge_body_the_next_attempt_works(self, sender: WebhookSender) -> None:
        async with Merchant(behaviour=[HugeBody(), Says(200)]) as merchant:
            answers = [await post(sender, merchant.url) for _ in range(2)]
        assert [one.code for one in answers] == ["http_200"] * 2

    async def test_it_says_how_long_it_took(self, sender: WebhookSender) -> None:
        answer = await answer_to(sender, Hang(for_s=0.05))
        assert answer.duration_ms > 0


class TestMisfortunes:
    @pytest.mark.parametrize(
        ("step", "code"),
        [
            (Reset(), "connection"),
            (ResetBeforeReading(), "connection"),
            (CloseWithoutAnswer(), "protocol"),
            (Garbage(), "protocol"),
        ],
    )
    async def test_a_broken_conversation(
        self, sender: WebhookSender, step: Step, code: str
    ) -> None:
        answer = await answer_to(sender, step)
        assert (answer.code, answer.status) == (code, None)

    async def test_silence_ends_with_the_time_for_an_attempt(self) -> None:
        sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), request_time=0.2)
        answer = await answer_to(sender, Hang())
        await sender.aclose()
        assert (answer.code, answer.status) == ("timeout", None)

    @pytest.mark.parametrize(
        ("step", "code"),
        [
            (SlowDrip(pause_s=60), "http_200"),
            (SlowDrip(pause_s=0.05), "http_200"),
            (SlowDrip(pause_s=60, status=503), "http_503"),
        ],
    )
    async def test_a_body_that_drips_past_it_takes_nothing_from_the_answer(
        self, step: SlowDrip, code: str
    ) -> None:
        sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), request_time=0.4)
        answer = await answer_to(sender, step)
        await sender.aclose()
        assert (answer.code, answer.status) == (code, step.status)
        assert answer.duration_ms < 5_000
        assert answer.excerpt is not None
        assert SlowDrip.body.decode().startswith(answer.excerpt)

    def test_which_is_20_seconds(self) -> None:
        assert REQUEST_TIME == 20

    async def test_nobody_listens(self, sender: WebhookSender, unused_tcp_port: int) -> None:
        assert (await post(sender, f"http://127.0.0.1:{unused_tcp_port}/")).code == "connection"

    async def test_an_unknown_host(self) -> None:
        async with sender_to() as sender:
            assert (await post(sender, "https://no-such-shop.example/")).code == "dns"

    @pytest.mark.parametrize(
        "url", ["http://x..example/", f"http://{'a' * 70}.example/", "https://[::1", "http://xn--/"]
    )
    async def test_a_url_that_is_none(self, sender: WebhookSender, url: str) -> None:
        assert (await post(sender, url)).code == "invalid_url"

    async def test_our_own_cancellation_is_not_the_partner_s_failure(
        self, sender: WebhookSender
    ) -> None:
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(post(sender, merchant.url))
            await merchant.wait_for(1)
            trying.cancel()
            with pytest.raises(asyncio.CancelledError):
                await trying


class TestTls:
    async def test_a_certificate_nobody_vouches_for(self, sender: WebhookSender) -> None:
        async with Merchant(tls="self_signed") as merchant:
            assert (await post(sender, merchant.url)).code == "tls"
        assert merchant.received == []

    async def test_one_of_an_authority_that_was_added(self, tmp_path: Path) -> None:
        authority = LocalAuthority(tmp_path / "ca.pem")
        sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), str(authority.ca_file))
        async with Merchant(secret=SECRET, tls=authority.issue()) as merchant:
            answer = await post(sender, merchant.url)
        await sender.aclose()
        assert answer.code == "http_200"
        assert merchant.received[0].verified

    @pytest.mark.parametrize(("host", "expired"), [("127.0.0.1", True), ("another.example", False)])
    async def test_one_that_has_run_out_or_is_another_s(
        self, tmp_path: Path, host: str, expired: bool
    ) -> None:
        authority = LocalAuthority(tmp_path / "ca.pem")
        sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), str(authority.ca_file))
        async with Merchant(tls=authority.issue(host, expired=expired)) as merchant:
            assert (await post(sender, merchant.url)).code == "tls"
        await sender.aclose()

    async def test_no_tls_where_it_should_be(self, sender: WebhookSender) -> None:
        async with Merchant() as merchant:
            url = merchant.url.replace("http:", "https:")
            assert (await post(sender, url)).code == "tls"


class TestForbiddenAddresses:
    """Every hostile URL is in tests/end_to_end/test_hostile_urls.py."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "https://[fd00:ec2::254]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "http://93.184.216.34/",
            "http://[2606:4700:4700::1111]/",
        ],
    )
    async def test_private_ones_and_public_ones_without_tls(
        self, strict: WebhookSender, url: str
    ) -> None:
        assert (await post(strict, url)).code == "forbidden_address"

    async def test_a_name_with_one_forbidden_address_is_refused_whole(self) -> None:
        async with Listener() as listener, sender_to("127.0.0.1", "10.0.0.1") as sender:
            answer = await post(sender, f"http://shop.example:{listener.port}/")
            assert (answer.code, listener.connections) == ("forbidden_address", 0)

    async def test_the_address_that_was_judged_is_the_one_that_is_called(self) -> None:
        """One look-up for a connection; the Host header stays the partner's own name."""
        asked: list[str] = []
        async with Listener() as listener, sender_to("127.0.0.1", asked=asked) as sender:
            answer = await post(sender, f"http://shop.example:{listener.port}/")
        assert answer.code == "http_200"
        assert asked == ["shop.example"]
        assert f"host: shop.example:{listener.port}".encode() in listener.requests[0].lower()

    async def test_an_address_that_does_not_answer_gives_way_to_the_next(self) -> None:
        async with Listener() as listener, sender_to("127.0.0.2", "127.0.0.1") as sender:
            answer = await post(sender, f"http://shop.example:{listener.port}/")
        assert (answer.code, listener.connections) == ("http_200", 1)


@asynccontextmanager
async def sender_to(
    *addresses: str, asked: list[str] | None = None
) -> AsyncIterator[WebhookSender]:
    """A sender for which every name has these addresses; none: it is not known."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if asked is not None:
            asked.append(host)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return addresses

    async with aclosing(WebhookSender.guarded(LOOPBACK, resolve)) as sender:
        yield sender


class TestRedaction:
    async def test_an_echo_is_kept_without_anything_of_the_customer(
        self, sender: WebhookSender
    ) -> None:
        async with Listener(_with_body(BODY)) as listener:
            answer = await post(sender, f"http://127.0.0.1:{listener.port}/")
        data = json.loads(BODY)["data"]
        kept = answer.excerpt or ""
        assert "out_for_delivery" in kept
        for value in (
            data["order"]["customer"]["name"],
            data["order"]["customer"]["phone"],
            data["order"]["delivery_address"]["line1"],
            data["rider"]["name"],
            data["rider"]["phone"],
            data["rider"]["phone_masked"],
            data["otp"]["code"],
        ):
            assert value not in kept


def _with_body(body: bytes) -> bytes:
    return b"HTTP/1.1 422 No\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
