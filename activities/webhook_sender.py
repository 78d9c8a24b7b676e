"""One signed HTTP POST to a partner's endpoint, and its answer as data."""

import asyncio
import logging
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Self, cast

import httpx

from activities.guarded_transport import WebhookTransport
from activities.redaction import redact
from activities.response_reading import code_of, read_leniently
from activities.response_start import Received
from activities.trust_store import trusted_context
from activities.watched_connection import RECEIVED
from contracts.delivery.verdicts import Answer, NoAnswer
from contracts.endpoints.headers import MASK
from contracts.endpoints.network_guard import NetworkGuard, Resolve
from contracts.endpoints.url import read_endpoint_url
from contracts.payload.signature import signature_headers
from contracts.tracing import TRACEPARENT
from store.deliveries.attempts import ReadyAttempt

log = logging.getLogger(__name__)

REQUEST_TIME = 20.0
"""Seconds for one whole try: two of them and the first delay fit in the 90 s promise."""

_READ_LIMIT, _MOST_PIECES = 16 * 1024, 256
_CONNECT_TIME = 10.0
_SHORTEST_SECRET = 3


class WebhookSender:
    """Posts payloads over guarded connections, which are kept alive and reused."""

    def __init__(
        self, transport: httpx.AsyncBaseTransport, request_time: float = REQUEST_TIME
    ) -> None:
        self._transport = transport
        self._request_time = request_time
        self._headers = {
            "accept": "*/*",
            "accept-encoding": "identity",
            "connection": "keep-alive",
            "user-agent": f"Doorstep/{version('doorstep')}",
        }

    @classmethod
    def guarded(
        cls,
        guard: NetworkGuard,
        resolve: Resolve,
        ca_file: str | None = None,
        request_time: float = REQUEST_TIME,
    ) -> Self:
        """A sender that only reaches addresses the guard lets through. ConfigurationError when it
        could trust no certificate."""
        context = trusted_context(ca_file)
        return cls(WebhookTransport(guard, resolve, context), request_time)

    async def post(
        self, ready: ReadyAttempt, sent_at: datetime, traceparent: str | None = None
    ) -> Answer:
        """Make the attempt, with a header for the receiver's trace where there is one.

        It always ends in an Answer: whatever goes wrong, here or there, is charged to the schedule,
        so that it has an end. Only a cancellation goes through.
        """
        started = time.monotonic()
        received = Received()
        try:
            async with asyncio.timeout(self._request_time) as limit:
                request = self._request(ready, sent_at, received, traceparent)
                answer = await self._exchange(request, ready, limit)
        except Exception as error:
            answer = _without_response(error, bytes(received), ready)
        return replace(answer, duration_ms=round((time.monotonic() - started) * 1000))

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self._transport.aclose()

    async def _exchange(
        self, request: httpx.Request, ready: ReadyAttempt, limit: asyncio.Timeout
    ) -> Answer:
        response = await self._transport.handle_async_request(request)
        deadline = limit.when()
        limit.reschedule(None)  # the status is the answer, however long its body takes
        body = await _read_start(response, deadline)
        return Answer(
            code=f"http_{response.status_code}",
            status=response.status_code,
            retry_after=next(iter(response.headers.get_list("retry-after")), None),
            excerpt=_excerpt(body, ready),
        )

    def _request(
        self, ready: ReadyAttempt, sent_at: datetime, received: Received, traceparent: str | None
    ) -> httpx.Request:
        """The request, signed over the bytes that leave (Standard Webhooks 1.0.0).

        Sent without httpx's client, which keeps cookies and reads redirects that nobody follows.
        """
        read_endpoint_url(ready.url)
        signature = signature_headers(
            ready.body, message_id=ready.event_id, sent_at=sent_at, secrets=ready.secrets
        )
        ours = {**self._headers, "content-type": "application/json", **signature}
        if traceparent is not None:
            ours[TRACEPARENT] = traceparent
        return httpx.Request(
            "POST",
            ready.url,
            content=ready.body,
            headers={**ready.headers, **ours},
            extensions={RECEIVED: received, "timeout": self._timeouts()},
        )

    def _timeouts(self) -> Mapping[str, float | None]:
        connect = min(_CONNECT_TIME, self._request_time)
        return httpx.Timeout(self._request_time, connect=connect).as_dict()


async def _read_start(response: httpx.Response, deadline: float | None) -> bytes:
    """The first 16 KiB of the body, never unpacked: a few bytes may unpack to a gigabyte.

    An answer whose body breaks off, or drips past the deadline (in the loop's time), is still an
    answer. A body that is not read to its end has its connection closed; so has one of many small
    chunks, which cost more time than their bytes are worth.
    """
    read, pieces = bytearray(), 0
    stream = cast(httpx.AsyncByteStream, response.stream)
    with suppress(Exception):
        try:
            async with asyncio.timeout_at(deadline):
                async for chunk in stream:
                    read, pieces = read + chunk, pieces + 1
                    if len(read) >= _READ_LIMIT or pieces >= _MOST_PIECES:
                        break
        finally:
            await stream.aclose()
    return bytes(read[:_READ_LIMIT])


def _without_response(error: Exception, received: bytes, ready: ReadyAttempt) -> Answer:
    """The answer of an exchange that ended in an error: by its status line where one came."""
    read = read_leniently(received)
    if read is not None:
        answer, body = read
        return replace(answer, excerpt=_excerpt(body, ready))
    code = code_of(error)
    if code is NoAnswer.INTERNAL_ERROR:
        _log_place(error, ready)
    return Answer(code=code.value, excerpt=_excerpt(received, ready) if received else None)


def _excerpt(body: bytes, ready: ReadyAttempt) -> str | None:
    """The start of a body as it may be kept; None when it cannot be made fit for that."""
    try:
        return redact(_without_headers(body, ready), ready.body)
    except Exception as error:  # an excerpt must not cost the answer it belongs to
        _log_place(error, ready)
        return None


def _log_place(error: Exception, ready: ReadyAttempt) -> None:
    """Log what a mistake was and where, without its message, which may quote personal data."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error(
        "unexpected %s while a webhook was sent, at:\n%s",
        type(error).__name__,
        where,
        extra={"event_id": ready.event_id, "endpoint_id": ready.endpoint_id},
    )


def _without_headers(body: bytes, ready: ReadyAttempt) -> str:
    """The text of an answer, with what it echoes of the partner's own headers masked."""
    text = body.decode("utf-8", "replace")
    for value in ready.headers.values():
        for secret in (value, value.rpartition(" ")[2]):
            text = text.replace(secret, MASK) if len(secret) > _SHORTEST_SECRET else text
    return text
