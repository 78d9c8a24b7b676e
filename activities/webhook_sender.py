"""One signed HTTP POST to a partner's endpoint, and its answer as data."""

import asyncio
import ssl
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Self

import httpx

from activities.guarded_transport import ForbiddenAddress, GuardedTransport
from activities.redaction import redact
from contracts.answers import Answer
from contracts.custom_headers import MASK
from contracts.endpoint_url import UnusableUrl, read_endpoint_url
from contracts.network_guard import NetworkGuard, Resolve
from contracts.signature import signature_headers
from store.attempts import ReadyAttempt

REQUEST_TIME = 20.0
"""Seconds for one whole try: two of them and the first delay fit in the 90 s promise."""

_READ_LIMIT = 16 * 1024
_CONNECT_TIME = 10.0
_SHORTEST_SECRET = 3


class StandardWebhooksAuth(httpx.Auth):
    """Signs the bytes that really leave (Standard Webhooks 1.0.0)."""

    requires_request_body = True

    def __init__(self, message_id: str, sent_at: datetime, secrets: Sequence[str]) -> None:
        self._message_id = message_id
        self._sent_at = sent_at
        self._secrets = secrets

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the three signature headers to the finished request."""
        request.headers.update(
            signature_headers(
                request.content,
                message_id=self._message_id,
                sent_at=self._sent_at,
                secrets=self._secrets,
            )
        )
        yield request


class WebhookSender:
    """Posts payloads over guarded connections, which are kept alive and reused."""

    def __init__(self, client: httpx.AsyncClient, request_time: float = REQUEST_TIME) -> None:
        self._client = client
        self._request_time = request_time

    @classmethod
    def guarded(
        cls,
        guard: NetworkGuard,
        resolve: Resolve,
        ca_file: str | None = None,
        request_time: float = REQUEST_TIME,
    ) -> Self:
        """A sender that only reaches addresses the guard lets through."""
        context = ssl.create_default_context()
        if ca_file is not None:
            context.load_verify_locations(ca_file)
        return cls(
            httpx.AsyncClient(
                transport=GuardedTransport(guard, resolve, context, encrypted=True),
                mounts={"http://": GuardedTransport(guard, resolve, context, encrypted=False)},
                headers={
                    "user-agent": f"Doorstep/{version('doorstep')}",
                    "accept-encoding": "identity",
                },
                timeout=httpx.Timeout(request_time, connect=min(_CONNECT_TIME, request_time)),
                follow_redirects=False,
                trust_env=False,
            ),
            request_time,
        )

    async def post(self, ready: ReadyAttempt, sent_at: datetime) -> Answer:
        """Make the try. Whatever goes wrong at the partner's end is an Answer, not an error."""
        started = time.monotonic()
        try:
            read_endpoint_url(ready.url)
            async with asyncio.timeout(self._request_time) as limit:
                answer = await self._exchange(ready, sent_at, limit)
        except (TimeoutError, httpx.TimeoutException):
            answer = Answer(code="timeout")
        except ForbiddenAddress:
            answer = Answer(code="forbidden_address")
        except httpx.TransportError as error:
            answer = Answer(code=_transport_code(error))
        except (UnusableUrl, httpx.InvalidURL, UnicodeError):
            answer = Answer(code="invalid_url")
        return replace(answer, duration_ms=round((time.monotonic() - started) * 1000))

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self._client.aclose()

    async def _exchange(
        self, ready: ReadyAttempt, sent_at: datetime, limit: asyncio.Timeout
    ) -> Answer:
        request = self._client.stream(
            "POST",
            ready.url,
            content=ready.body,
            headers={**ready.headers, "content-type": "application/json"},
            auth=StandardWebhooksAuth(ready.event_id, sent_at, ready.secrets),
        )
        async with request as response:
            deadline = limit.when()
            limit.reschedule(None)  # the status is the answer, however long its body takes
            body = await _read_start(response, deadline)
            return Answer(
                code=f"http_{response.status_code}",
                status=response.status_code,
                retry_after=response.headers.get("retry-after"),
                excerpt=redact(_without_headers(body, ready), ready.body),
            )


async def _read_start(response: httpx.Response, deadline: float | None) -> bytes:
    """The first 16 KiB of the body, never unpacked: a few bytes may unpack to a gigabyte.

    An answer whose body breaks off, or drips past the deadline (in the loop's time), is still an
    answer.
    """
    read = bytearray()
    with suppress(httpx.TransportError, TimeoutError):
        async with asyncio.timeout_at(deadline):
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) >= _READ_LIMIT:
                    break
    return bytes(read[:_READ_LIMIT])


def _without_headers(body: bytes, ready: ReadyAttempt) -> str:
    """The text of an answer, with what it echoes of the partner's own headers masked."""
    text = body.decode("utf-8", "replace")
    for value in ready.headers.values():
        for secret in (value, value.rpartition(" ")[2]):
            text = text.replace(secret, MASK) if len(secret) > _SHORTEST_SECRET else text
    return text


def _transport_code(error: httpx.TransportError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        cause = cause.__cause__ or cause.__context__
    return "protocol" if isinstance(error, httpx.ProtocolError) else "connection"
