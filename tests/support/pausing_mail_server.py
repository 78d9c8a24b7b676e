"""A mail server that stops once at one step of an e-mail, for as long as a test likes."""

import asyncio
from enum import StrEnum
from typing import Self

_END = b"\r\n.\r\n"


class Step(StrEnum):
    """Where it stops: before its 354, after it, or when it has taken the e-mail."""

    READY = "ready"
    BODY = "body"
    ANSWER = "answer"


class PausingMailServer:
    """Speaks as much SMTP as one e-mail needs. What it has read whole is `taken`, whatever its
    answer meets."""

    def __init__(self, at: Step) -> None:
        self.taken: list[bytes] = []
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        self.port = 0
        self._at = at

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        self.go_on.set()
        self._server.close()
        await self._server.wait_closed()

    async def _pause(self, at: Step) -> None:
        if at is self._at and not self.reached.is_set():
            self.reached.set()
            await self.go_on.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 mail.test\r\n")
            while line := await reader.readline():
                verb = line.split()[0].upper()
                if verb == b"DATA":
                    await self._take(reader, writer)
                writer.write(b"221 2.0.0 Bye\r\n" if verb == b"QUIT" else b"250 2.0.0 OK\r\n")
                if verb == b"QUIT":
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever sent is gone
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._pause(Step.READY)
        writer.write(b"354 Go on\r\n")
        await self._pause(Step.BODY)
        self.taken.append(await reader.readuntil(_END))
        await self._pause(Step.ANSWER)
