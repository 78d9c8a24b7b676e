"""One e-mail to the mail server, and its answer as data.

Whoever sends may look once more when the mail server is ready to take the body (its 354): a claim
that is committed there comes before anything of the e-mail has left, and after all that may fail.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from email.headerregistry import Address

import aiosmtplib

from activities.mail_answers import not_sent, on_body, on_recipient
from activities.mail_connection import (
    MailServerFault,
    code_of,
    connected,
    context_for,
    take_leave,
)
from activities.mail_message import UnusableAddress, usable_address, wire_of
from contracts.clock import Clock
from contracts.notifications.mail import MailAnswer, MailFate, OutgoingMail
from contracts.notifications.mail_server import MailServer
from contracts.outages import Outage

log = logging.getLogger(__name__)

CONNECTIONS_AT_ONCE = 8
"""Mail servers count a client's connections; Postfix, as it comes, takes 50."""

_SETTLED_S = 30.0
_READY = 354
BeforeBody = Callable[[], Awaitable[bool]]


class SmtpMailer:
    """E-mail over SMTP, with a connection for each. ConfigurationError where it could trust no
    certificate."""

    def __init__(
        self,
        server: MailServer,
        clock: Clock,
        ca_file: str | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._server = server
        self._clock = clock
        self._context = context_for(server, ca_file)
        self._outage = outage or Outage(_SETTLED_S)
        self._places = asyncio.Semaphore(CONNECTIONS_AT_ONCE)

    async def send(self, mail: OutgoingMail, *, before_body: BeforeBody) -> MailAnswer:
        """Send one e-mail."""
        try:
            to = usable_address(mail.to)
        except UnusableAddress:
            return MailAnswer(MailFate.REFUSED, "address_unusable")
        if not await self._has_place():
            return MailAnswer(MailFate.NO_PLACE, "no_place")
        try:
            return await self._send(mail, to, before_body)
        finally:
            self._places.release()

    async def _has_place(self) -> bool:
        """Whether one of the connections is ours. The wait for it is nothing that the mail server
        has to answer for."""
        try:
            async with asyncio.timeout(self._server.place_limit_s):
                return await self._places.acquire()
        except TimeoutError:
            return False

    async def _send(self, mail: OutgoingMail, to: Address, before_body: BeforeBody) -> MailAnswer:
        try:
            async with asyncio.timeout(self._server.time_limit_s) as limit:
                answer = await self._over_a_connection(mail, to, before_body, limit)
        except _NotClaimed as failed:
            raise failed.error from None
        except MailServerFault as fault:
            return self._away(not_sent(fault.code, fault.words, mail.to))
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is one
            return self._away(not_sent(*code_of(error), mail.to))
        if answer.fate is MailFate.UNKNOWN:
            return self._away(answer)
        if self._outage.ends():
            log.info("the mail server takes e-mail again")
        return answer

    async def _over_a_connection(
        self, mail: OutgoingMail, to: Address, before_body: BeforeBody, limit: asyncio.Timeout
    ) -> MailAnswer:
        async with connected(self._server, self._context) as smtp:
            answer = await self._exchange(smtp, mail, to, before_body, limit)
            if answer.fate not in (MailFate.STOPPED, MailFate.UNKNOWN):
                await take_leave(smtp)
            return answer

    async def _exchange(
        self,
        smtp: aiosmtplib.SMTP,
        mail: OutgoingMail,
        to: Address,
        before_body: BeforeBody,
        limit: asyncio.Timeout,
    ) -> MailAnswer:
        in_utf8 = not to.addr_spec.isascii()
        if in_utf8 and not smtp.supports_extension("smtputf8"):
            return MailAnswer(MailFate.REFUSED, "smtputf8_not_offered")
        wire = wire_of(mail, to, self._server.sender, self._clock(), in_utf8=in_utf8)
        await _envelope_from(smtp, self._server.sender.addr_spec, len(wire), in_utf8=in_utf8)
        try:
            await smtp.rcpt(to.addr_spec, encoding="utf-8" if in_utf8 else "ascii")
        except aiosmtplib.SMTPRecipientRefused as refused:
            return on_recipient(refused.code, refused.message, mail.to)
        ready = await smtp.execute_command(b"DATA")
        if ready.code != _READY:
            return not_sent(f"smtp_{ready.code}", ready.message, mail.to)
        limit.reschedule(None)  # the claim and the answer to the body have limits of their own
        if not await _claimed(before_body):
            return MailAnswer(MailFate.STOPPED, "stopped")
        return await self._body(smtp, wire, mail.to)

    async def _body(self, smtp: aiosmtplib.SMTP, wire: bytes, to: str) -> MailAnswer:
        """From the first byte on nobody can tell, until the answer has come."""
        protocol = smtp.protocol
        try:
            if protocol is None:
                return not_sent("connection_lost")
            protocol.write(wire)
        except aiosmtplib.SMTPServerDisconnected:
            return not_sent("connection_lost")
        try:
            async with asyncio.timeout(self._server.answer_limit_s):
                return on_body(await protocol.read_response(), to)
        except aiosmtplib.SMTPResponseException:
            return MailAnswer(MailFate.UNKNOWN, "unreadable")
        except (aiosmtplib.SMTPException, OSError) as error:
            return MailAnswer(MailFate.UNKNOWN, code_of(error)[0])

    def _away(self, answer: MailAnswer) -> MailAnswer:
        """Say once that the mail server cannot be used."""
        if self._outage.begins():
            log.warning("the mail server cannot be used: %s %s", answer.code, answer.detail or "")
        return answer


class _NotClaimed(Exception):
    """`before_body` failed: a fault of ours, whatever it is called."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


async def _claimed(before_body: BeforeBody) -> bool:
    try:
        return await before_body()
    except Exception as error:
        raise _NotClaimed(error) from error


async def _envelope_from(smtp: aiosmtplib.SMTP, sender: str, size: int, *, in_utf8: bool) -> None:
    options = [f"SIZE={size}"] if smtp.supports_extension("size") else []
    if in_utf8:
        options.append("SMTPUTF8")
    await smtp.mail(sender, options=options, encoding="utf-8" if in_utf8 else "ascii")
