"""A real DNS server on 127.0.0.1 whose answers a test may change, and a resolver that asks it."""

import asyncio
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dnslib import AAAA, QTYPE, RCODE, RR, A, DNSError, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSServer

_PATIENCE_S = 5.0


@dataclass
class NameServer(BaseResolver):  # type: ignore[misc]
    """Answers with the first of a name's answers, and from then on with the next, to the last."""

    answers: Mapping[str, list[Sequence[str]]]
    asked: list[str] = field(default_factory=list)
    port: int = 0
    silent: frozenset[str] = frozenset()
    """Names that are never answered."""
    failing: frozenset[str] = frozenset()
    """Names whose own servers fail: SERVFAIL."""
    unheard: dict[str, int] = field(default_factory=dict)
    """How many more questions for a name are not answered."""

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        """Called by the server for each question; A and AAAA come in one answer."""
        name = str(request.q.qname).rstrip(".")
        self.asked.append(name)
        reply = request.reply()
        self.unheard[name] = self.unheard.get(name, 0) - 1
        if name in self.silent or self.unheard[name] >= 0:
            raise DNSError("no answer")
        if name in self.failing:
            reply.header.rcode = RCODE.SERVFAIL
            return reply
        waiting = self.answers.get(name)
        if waiting is None:
            reply.header.rcode = RCODE.NXDOMAIN
            return reply
        for address in waiting.pop(0) if len(waiting) > 1 else waiting[0]:
            kind, data = (AAAA, "AAAA") if ":" in address else (A, "A")
            reply.add_answer(RR(request.q.qname, getattr(QTYPE, data), rdata=kind(address), ttl=0))
        return reply

    @property
    def address(self) -> str:
        """Where a resolver asks it."""
        return f"127.0.0.1:{self.port}"

    async def look_up(self, host: str, port: int) -> Sequence[str]:
        """Ask this server over UDP, as a resolver does. Addresses are their own answer."""
        question = DNSRecord.question(host)
        raw = await asyncio.to_thread(question.send, "127.0.0.1", self.port, timeout=_PATIENCE_S)
        found = [str(one.rdata) for one in DNSRecord.parse(raw).rr]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return found


@contextmanager
def name_server(
    answers: Mapping[str, Sequence[Sequence[str]]],
    silent: Iterable[str] = (),
    failing: Iterable[str] = (),
) -> Iterator[NameServer]:
    """Serve names: for each a list of answers, given one after the other. The root is known."""
    resolver = NameServer(
        {"": [()], **{name: list(given) for name, given in answers.items()}},
        silent=frozenset(silent),
        failing=frozenset(failing),
    )
    server = DNSServer(resolver, address="127.0.0.1", port=0, logger=_Silent())
    resolver.port = server.server.server_address[1]
    server.start_thread()
    try:
        yield resolver
    finally:
        server.stop()
        server.server.server_close()


class _Silent:
    def __getattr__(self, name: str) -> object:
        return lambda *_: None
