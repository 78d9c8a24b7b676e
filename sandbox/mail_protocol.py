"""One connection of the sandbox's mail server: aiosmtpd's, which speaks SMTP, with what it is to do
wrong put in between."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.mail_steps import At, Does, MailStep


class Mailbox(Protocol):
    """Who decides what becomes of an e-mail."""

    def next_step(self) -> MailStep:
        """What is done with the next connection."""
        ...

    def allows(self, user: str, password: str) -> bool:
        """Whether somebody may sign in."""
        ...

    def answer_to(self, session: Session, recipient: str | None) -> str | None:
        """What is wrong with the sender (None) or a recipient, as an answer; None: nothing."""
        ...

    async def keep(self, session: Session, envelope: Envelope) -> None:
        """Take an e-mail."""
        ...


class FaultySmtp(SMTP):
    """A connection that follows its step."""

    def __init__(
        self, mailbox: Mailbox, seen: Callable[["FaultySmtp"], None], **options: Any
    ) -> None:
        super().__init__(Hooks(mailbox), authenticator=_authenticator(mailbox), **options)
        self._step = mailbox.next_step()
        seen(self)

    def drop(self) -> None:
        """Break the connection off, without a goodbye."""
        if self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]

    async def fails(self, at: At) -> str | None:
        """What to answer there instead; or never, where it hangs or the connection is dropped."""
        if self._step.at is not at:
            return None
        if self._step.does is Does.DROP:
            self.drop()
        if self._step.does is not None:
            await asyncio.Event().wait()  # until the connection ends
        return self._step.answer

    @property
    def takes(self) -> bool:
        """Whether the e-mail is kept, whatever is answered."""
        return self._step.at is not At.BODY or self._step.taken

    async def _handle_client(self) -> None:
        if (answer := await self.fails(At.GREETING)) is not None:
            await self.push(answer)
            self._writer.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """DATA, before anything of the body has come."""
        if (answer := await self.fails(At.DATA)) is not None:
            await self.push(answer)
            return
        await super().smtp_DATA(arg)


class Hooks:
    """What aiosmtpd asks at each step."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        server: FaultySmtp,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """The sender."""
        answer = await server.fails(At.SENDER) or self._mailbox.answer_to(session, None)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: FaultySmtp,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """A recipient."""
        answer = await server.fails(At.RECIPIENT) or self._mailbox.answer_to(session, address)
        if answer is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: FaultySmtp, session: Session, envelope: Envelope
    ) -> str:
        """The body, whole."""
        if server.takes:
            await self._mailbox.keep(session, envelope)
        return await server.fails(At.BODY) or "250 2.0.0 OK: taken"


def _authenticator(mailbox: Mailbox) -> Callable[..., AuthResult]:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        user, password = data.login.decode(), data.password.decode()
        allowed = mailbox.allows(user, password)
        return AuthResult(success=allowed, handled=False, auth_data=data)

    return check
