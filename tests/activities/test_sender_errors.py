"""No error of any library leaves the sender: each ends in an Answer with a code."""

import logging
import ssl
from collections.abc import AsyncIterator, Iterator

import anyio
import h11
import httpcore
import httpx
import pytest

from activities.guarded_network import ForbiddenAddress
from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import NoAnswer
from tests.support.webhooks import ready_for

URL = "https://hooks.shop.example/in"


def errors_of(*modules: object) -> Iterator[type[Exception]]:
    """Every exception that these libraries export."""
    for module in modules:
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Exception):
                yield one


def instance(kind: type[Exception]) -> Exception:
    """One of this kind, however it is made."""
    for arguments in ((), ("about +919876543210",), (1, "about +919876543210")):
        try:
            return kind(*arguments)
        except TypeError:
            continue
    error: Exception = kind.__new__(kind)
    return error


KINDS = sorted(
    {
        *errors_of(httpx, httpcore, h11, ssl, anyio),
        *(OSError, ConnectionResetError, BrokenPipeError, TimeoutError, EOFError, ForbiddenAddress),
        *(UnicodeError, ValueError, KeyError, RuntimeError, AssertionError, MemoryError),
        *(RecursionError, StopAsyncIteration, NotImplementedError, ExceptionGroup),
    },
    key=lambda kind: (kind.__module__, kind.__name__),
)


class Raising(httpx.AsyncBaseTransport):
    """Fails with one error, before the response or in its body."""

    def __init__(self, error: Exception, *, in_body: bool) -> None:
        self._error, self._in_body = error, in_body

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._in_body:
            raise self._error
        return httpx.Response(202, stream=_Broken(self._error))


class _Broken(httpx.AsyncByteStream):
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"the start"
        raise self._error

    async def aclose(self) -> None:
        raise self._error


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
async def test_an_error_instead_of_a_response(kind: type[Exception]) -> None:
    error = instance(kind) if kind is not ExceptionGroup else ExceptionGroup("x", [OSError()])
    answer = await WebhookSender(Raising(error, in_body=False)).post(ready_for(URL), utc_now())
    assert answer.code in set(NoAnswer)
    assert type(answer.code) is str
    assert answer.status is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
async def test_an_error_in_the_body(kind: type[Exception]) -> None:
    error = instance(kind) if kind is not ExceptionGroup else ExceptionGroup("x", [OSError()])
    answer = await WebhookSender(Raising(error, in_body=True)).post(ready_for(URL), utc_now())
    assert (answer.code, answer.status, answer.excerpt) == ("http_202", 202, "the start")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ReadTimeout(""), "timeout"),
        (httpcore.ConnectTimeout(), "timeout"),
        (ssl.SSLError(1, "bad record"), "tls"),
        (httpx.RemoteProtocolError(""), "protocol"),
        (h11.RemoteProtocolError(""), "protocol"),
        (httpx.ReadError(""), "connection"),
        (anyio.BrokenResourceError(), "connection"),
        (ForbiddenAddress(), "forbidden_address"),
        (httpx.InvalidURL(""), "invalid_url"),
        (ZeroDivisionError(), "internal_error"),
    ],
)
async def test_what_it_is_called(error: Exception, code: str) -> None:
    sender = WebhookSender(Raising(error, in_body=False))
    assert (await sender.post(ready_for(URL), utc_now())).code == code


async def test_a_reset_while_tls_waited_for_bytes_is_no_fault_of_tls() -> None:
    error = httpx.ReadError("")
    error.__context__ = ssl.SSLWantReadError()
    sender = WebhookSender(Raising(error, in_body=False))
    assert (await sender.post(ready_for(URL), utc_now())).code == "connection"


async def test_one_that_nobody_has_thought_of_is_logged_without_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = ZeroDivisionError("about +919876543210")
    with caplog.at_level(logging.ERROR):
        await WebhookSender(Raising(error, in_body=False)).post(ready_for(URL), utc_now())
    [record] = caplog.records
    assert "ZeroDivisionError" in record.getMessage()
    assert "handle_async_request" in record.getMessage()
    assert "9876543210" not in caplog.text
