"""A merchant's webhook endpoint that verifies what it receives and fails to order.

In a test:

    async with Merchant(secret=secret, behaviour=[Answer(503), Answer(200)]) as merchant:
        ...  # point the sender at merchant.url
        await merchant.wait_for(2)

By itself: `python -m sandbox merchant --name "Chai & Co" --port 9101 --behaviour 503x3,200`.
Any path takes webhooks; `/_sandbox/…` on the same port is the control (`merchant_control`).
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import h11

from sandbox.behaviour import Behaviour, as_policy
from sandbox.http_connection import Head, HttpConnection
from sandbox.inbox import Inbox
from sandbox.merchant_control import is_control, respond_to_control
from sandbox.received import Received, Verifier
from sandbox.steps import (
    CLIENT_LEFT,
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
    in_words,
)
from sandbox.tls import Certificate, self_signed

HOST = "127.0.0.1"


class Merchant:
    """An HTTP/1.1 server that records every request and answers as its behaviour says."""

    def __init__(
        self,
        *,
        secret: str | Sequence[str] | None = None,
        behaviour: Behaviour = Answer(200),  # noqa: B008 - a frozen value
        host: str = HOST,
        port: int = 0,
        tls: Literal["self_signed"] | Certificate | None = None,
        name: str = "merchant",
        journal: Path | None = None,
    ) -> None:
        self.name = name
        self.inbox = Inbox(name, journal)
        self._verifier = Verifier([secret] if isinstance(secret, str) else secret or [])
        self._policy = as_policy(behaviour)
        self._behaviour, self._tls = behaviour, _server_context(tls)
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._holds: set[asyncio.Future[Step]] = set()

    async def __aenter__(self) -> Self:
        """Listen; the behaviour's counters and clocks start now."""
        self.behave(self._behaviour)
        self._server = await asyncio.start_server(
            self._accept, self._host, self._port, ssl=self._tls, backlog=1024
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening and drop every connection, hanging ones too."""
        await self.close()

    async def close(self) -> None:
        """Stop listening, drop every connection and wait until nothing is left of them."""
        if self._server:
            await _accept_no_more(self._server)
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()
        self.inbox.close()

    @property
    def origin(self) -> str:
        """Scheme, host and port, such as `http://127.0.0.1:40123`."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self._port}"

    @property
    def url(self) -> str:
        """Where to send webhooks."""
        return f"{self.origin}/hook"

    @property
    def received(self) -> list[Received]:
        """Every request so far, in the order of arrival."""
        return self.inbox.received

    @property
    def in_flight(self) -> int:
        """Requests that have begun and have not been answered."""
        return self.inbox.in_flight

    @property
    def most_in_flight(self) -> int:
        """The most requests that ever ran side by side."""
        return self.inbox.most_in_flight

    def most_in_flight_of(self, webhook_id: str) -> int:
        """The most requests with this webhook id that ever ran side by side."""
        return self.inbox.most_in_flight_of(webhook_id)

    @property
    def hanging(self) -> int:
        """Requests that are held on the wire."""
        return len(self._holds)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that signatures are checked against."""
        return self._verifier.secrets

    @secrets.setter
    def secrets(self, secrets: Sequence[str]) -> None:
        self._verifier = Verifier(secrets)

    def behave(self, behaviour: Behaviour) -> None:
        """Change the behaviour from the next request on."""
        self._policy = as_policy(behaviour)

    def release(self, step: Step | int = 200) -> int:
        """Let every hanging request go on with a step or a status; returns how many there were."""
        step = Answer(step) if isinstance(step, int) else step
        waiting = [hold for hold in self._holds if not hold.done()]
        for hold in waiting:
            hold.set_result(step)
        return len(waiting)

    async def wait_for(self, count: int, *, timeout: float = 10.0) -> list[Received]:
        """Wait until `count` requests have come (hanging ones count), and return them all."""
        await self.wait_until(lambda: len(self.received) >= count, timeout=timeout)
        return self.received

    async def wait_until(self, predicate: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Wait until a condition on this merchant holds; looked at after every change."""
        await self.inbox.changes.until(
            predicate, timeout=timeout, seen=lambda: f"{self.name} saw {self.inbox.summary()}"
        )

    async def until_clients_left(self) -> None:
        """Wait until all that clients had sent is taken and every connection has ended: what a
        client sent before it was killed may still be on its way. Not over TLS."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        writer.write(b"GET /_sandbox/summary HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        await reader.read()  # whoever connected before was accepted before
        writer.close()
        while self._connections:
            await asyncio.wait(self._connections)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Converse, unless the merchant closes in this moment: a task that is cancelled before it
        has begun runs nothing of its own, so its connection is dropped from outside."""
        if self._server is None or not self._server.is_serving():
            writer.transport.abort()
            return
        task = asyncio.create_task(self._converse(HttpConnection(reader, writer)))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _converse(self, connection: HttpConnection) -> None:
        try:
            while head := await connection.read_head():
                await self._take(connection, head)
                if not connection.ready_for_another():
                    break
            await connection.close()
        except (ConnectionError, h11.RemoteProtocolError):
            pass  # the client left, or does not speak HTTP: nobody is there to be answered
        finally:
            await connection.abort()

    async def _take(self, connection: HttpConnection, head: Head) -> None:
        if is_control(head):
            await respond_to_control(self, connection, head)
            return
        try:
            with self.inbox.flight(head.webhook_id):
                await self._take_webhook(connection, head, self._policy(head))
        finally:
            await self.inbox.changes.announce()

    async def _take_webhook(self, connection: HttpConnection, head: Head, step: Step) -> None:
        body = b"" if isinstance(step, ResetBeforeReading) else await connection.read_body()
        position = self.inbox.record(self._received(head, body, step))
        if isinstance(step, Hang):
            await self._hold(connection, step, position)
            return
        if not isinstance(step, Answer):
            await self.inbox.changes.announce()
        await _perform(connection, step)

    def _received(self, head: Head, body: bytes, step: Step) -> Received:
        return Received(
            webhook_id=head.webhook_id,
            received_at=datetime.now(UTC),
            first_byte_at=head.first_byte_at,
            path=head.path,
            headers=head.headers,
            body=body,
            verified_with=self._verifier.matching(body, head.headers),
            answer=in_words(step),
        )

    async def _hold(self, connection: HttpConnection, hang: Hang, position: int) -> None:
        """Hold a request until it is released, its time is up or the client leaves."""
        hold: asyncio.Future[Step] = asyncio.get_running_loop().create_future()
        leaving = asyncio.create_task(connection.client_leaves())
        ends: set[asyncio.Future[Any]] = {hold, leaving}
        self._holds.add(hold)
        step: Step | None = CloseWithoutAnswer()  # where this merchant itself is being closed
        try:
            await self.inbox.changes.announce()
            await asyncio.wait(ends, timeout=hang.for_s, return_when=asyncio.FIRST_COMPLETED)
            step = hold.result() if hold.done() else None if leaving.done() else hang.then
        finally:
            self._holds.discard(hold)
            leaving.cancel()
            self.inbox.settle(position, CLIENT_LEFT if step is None else in_words(step))
            await asyncio.wait({leaving})
        if step is not None:
            await _perform(connection, step)


async def _accept_no_more(server: asyncio.Server) -> None:
    """Let what has just been accepted become a connection, which can be dropped: asyncio forgets a
    socket that is between the two when its server closes."""
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    await asyncio.sleep(0)


def _server_context(
    tls: Literal["self_signed"] | Certificate | None,
) -> ssl.SSLContext | None:
    certificate = self_signed() if tls == "self_signed" else tls
    return certificate.server_context() if certificate else None


async def _perform(connection: HttpConnection, step: Step) -> None:
    match step:
        case Answer():
            await connection.respond(step.status, step.body, step.headers)
        case Redirect():
            await connection.respond(step.status, headers={"location": step.location})
        case HugeBody():
            await connection.respond(step.status, b"x" * step.size)
        case SlowDrip():
            await connection.drip(step.status, step.body, step.pause_s)
        case Garbage():
            await connection.send_raw(step.data)
        case Reset() | ResetBeforeReading():
            connection.reset()
        case CloseWithoutAnswer() | Hang():
            pass  # the connection is closed in good order once the request has been dealt with
