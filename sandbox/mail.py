"""A mail server that keeps what it is given, for SMTP clients.

In a test:

    async with MailSandbox(certificate=authority.issue(), users={"doorstep": "secret"}) as mail:
        settings = Settings(smtp_host=mail.host, smtp_port=mail.port, …)
        ...
        [received] = await mail.wait_for(1)
        received.subject, received.text, received.links

By itself: `python -m sandbox mail --port 2525`. What it does with a connection is decided by its
script (see `mail_steps`); an address that is in `unknown` is refused whatever the script says.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import Envelope, LoginPassword, Session

from sandbox.mail_protocol import FaultySmtp
from sandbox.mail_steps import ACCEPT, MailStep
from sandbox.received_mail import ReceivedMail
from sandbox.serving import HOST
from sandbox.tls import Certificate
from sandbox.waiting import Changes


class MailSandbox:
    """A mail server on this machine. With a certificate it offers STARTTLS, or serves over TLS
    from the start where `implicit`; with `users` (and their passwords) one has to sign in."""

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        implicit: bool = False,
        users: Mapping[str, str] | None = None,
        behaviour: MailStep | Sequence[MailStep] = ACCEPT,
        journal: Path | None = None,
        port: int = 0,
    ) -> None:
        self.received: list[ReceivedMail] = []
        self.connections = 0
        self.unknown: set[str] = set()
        self.port = port
        self._context = certificate.server_context() if certificate else None
        self._implicit = implicit
        self._users = users
        self._journal = journal
        self._steps: list[MailStep] = []
        self.behave(behaviour)
        self._changes = Changes()
        self._server: asyncio.Server | None = None
        self._open: set[FaultySmtp] = set()

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.come_back()
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Drop every connection and stop."""
        await self.go_away()

    @property
    def host(self) -> str:
        """Where it listens."""
        return HOST

    async def come_back(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.get_running_loop().create_server(
            self._connection, HOST, self.port, ssl=self._context if self._implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        """Refuse every connection until `come_back`, and drop those that there are."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for one in self._open:
            one.drop()
        self._open.clear()
        await server.wait_closed()

    def behave(self, behaviour: MailStep | Sequence[MailStep]) -> None:
        """Change what is done with the next connections: one step each, the last one for ever."""
        self._steps = [behaviour] if isinstance(behaviour, MailStep) else list(behaviour)

    def to(self, address: str) -> list[ReceivedMail]:
        """What somebody was sent, in the order of arrival."""
        return [one for one in self.received if address in one.recipients]

    async def wait_for(self, count: int, *, timeout: float = 10.0) -> list[ReceivedMail]:
        """Wait until `count` e-mails were taken, and return them all."""
        await self.wait_until(lambda: len(self.received) >= count, timeout=timeout)
        return self.received

    async def wait_until(self, predicate: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Wait until a condition on this sandbox holds; looked at after every change."""
        await self._changes.until(
            predicate, timeout=timeout, seen=lambda: f"the mail server saw {self.summary()}"
        )

    def summary(self) -> dict[str, Any]:
        """The counts that a ledger compares with the sender's."""
        ids = {one.message_id for one in self.received}
        return {
            "connections": self.connections,
            "taken": len(self.received),
            "taken_again": len(self.received) - len(ids),
        }

    def next_step(self) -> MailStep:
        """What is done with the next connection."""
        return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]

    def allows(self, user: str, password: str) -> bool:
        """Whether somebody may sign in."""
        return (self._users or {}).get(user) == password

    def answer_to(self, session: Session, recipient: str | None) -> str | None:
        """What is wrong with the sender or a recipient, as an answer."""
        if self._users is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if recipient in self.unknown:
            return f"550 5.1.1 <{recipient}>: Recipient address rejected: User unknown"
        return None

    async def keep(self, session: Session, envelope: Envelope) -> None:
        """Take an e-mail."""
        who = session.auth_data
        mail = ReceivedMail(
            sender=envelope.mail_from or "",
            recipients=tuple(one or "" for one in envelope.rcpt_tos),
            raw=envelope.original_content or b"",
            received_at=dt.datetime.now(dt.UTC),
            encrypted=session.ssl is not None or self._implicit,
            user=who.login.decode() if isinstance(who, LoginPassword) else None,
        )
        self.received.append(mail)
        if self._journal is not None:
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(mail.as_json(), ensure_ascii=False) + "\n")
        await self._changes.announce()

    def _connection(self) -> FaultySmtp:
        self.connections += 1
        return FaultySmtp(
            self,
            self._open.add,
            hostname="mail.sandbox.example",
            ident="Doorstep sandbox",
            tls_context=None if self._implicit else self._context,
            auth_require_tls=self._context is not None and not self._implicit,
            enable_SMTPUTF8=True,
        )
