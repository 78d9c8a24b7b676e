"""A connection to the mail server, ready to take an e-mail: encrypted, and signed in where that is
set. Whatever goes wrong on the way there is named."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from enum import StrEnum

import aiosmtplib

from activities.trust_store import trusted_context
from contracts.notifications.mail_server import MailServer, MailTls

_PARTING_S = 2.0


class MailStep(StrEnum):
    """The steps of getting ready to send, in their order."""

    CONNECT = "connect"
    TLS = "tls"
    SIGN_IN = "sign_in"


class MailServerFault(Exception):
    """The mail server cannot be used: why, in a code, and in its words, which may hold an address.

    `smtp_…` is its own answer."""

    def __init__(self, step: MailStep, code: str, words: str | None = None) -> None:
        super().__init__(f"{step}: {code}")
        self.step = step
        self.code = code
        self.words = words


def context_for(server: MailServer, ca_file: str | None) -> ssl.SSLContext | None:
    """What certificates are checked by; None where nothing is encrypted. ConfigurationError where
    it could trust none."""
    return None if server.tls is MailTls.NONE else trusted_context(ca_file)


@asynccontextmanager
async def connected(
    server: MailServer, context: ssl.SSLContext | None
) -> AsyncIterator[aiosmtplib.SMTP]:
    """A connection, closed at the end of the context without QUIT. MailServerFault
    where it cannot be had; `context` is for TLS. It has no limit of its own."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=server.sender.domain,
        timeout=None,
        use_tls=server.tls is MailTls.IMPLICIT,
        start_tls=False,
        tls_context=context,
    )
    try:
        with _faults_at(MailStep.CONNECT):
            await smtp.connect()
            await smtp.ehlo()
        if server.tls is MailTls.STARTTLS:
            await _encrypt(smtp)
        if server.username is not None and server.password is not None:
            await _sign_in(smtp, server.username, server.password)
        yield smtp
    finally:
        smtp.close()


async def take_leave(smtp: aiosmtplib.SMTP) -> None:
    """Send QUIT; whether it arrives does not matter."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(_PARTING_S):
            await smtp.quit()


async def _encrypt(smtp: aiosmtplib.SMTP) -> None:
    if not smtp.supports_extension("starttls"):
        raise MailServerFault(MailStep.TLS, "starttls_not_offered")
    with _faults_at(MailStep.TLS):
        await smtp.starttls()
        await smtp.ehlo()


async def _sign_in(smtp: aiosmtplib.SMTP, username: str, password: str) -> None:
    if not smtp.supported_auth_methods:
        raise MailServerFault(MailStep.SIGN_IN, "sign_in_not_offered")
    with _faults_at(MailStep.SIGN_IN):
        await smtp.login(username, password)


@contextlib.contextmanager
def _faults_at(step: MailStep) -> Iterator[None]:
    try:
        yield
    except (aiosmtplib.SMTPException, OSError) as error:
        code, words = code_of(error)
        of_tls = code in ("tls", "tls_certificate")
        raise MailServerFault(MailStep.TLS if of_tls else step, code, words) from None


def code_of(error: BaseException) -> tuple[str, str | None]:
    """What went wrong, as a code, and in the other side's words where it has said any."""
    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, aiosmtplib.SMTPResponseException):
            return (f"smtp_{one.code}" if one.code > 0 else "unreadable"), one.message
        if isinstance(one, ssl.SSLCertVerificationError):
            return "tls_certificate", one.verify_message
    kinds: list[tuple[type[BaseException], str]] = [
        (ssl.SSLError, "tls"),
        (ConnectionRefusedError, "connection_refused"),
        (socket.gaierror, "name_unknown"),
        (TimeoutError, "timeout"),
        (aiosmtplib.SMTPServerDisconnected, "connection_lost"),
    ]
    for kind, code in kinds:
        if any(isinstance(one, kind) for one in chain):
            return code, None
    return "connection_failed", None


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__
    return found


async def fault_of_server(
    server: MailServer, context: ssl.SSLContext | None
) -> MailServerFault | None:
    """What keeps the mail server from being used; None where all is well. Nothing is sent."""
    try:
        async with asyncio.timeout(server.time_limit_s), connected(server, context) as smtp:
            await take_leave(smtp)
    except MailServerFault as fault:
        return fault
    except TimeoutError:
        return MailServerFault(MailStep.CONNECT, "timeout")
    return None
