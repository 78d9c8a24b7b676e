"""E-mails and mail servers for tests."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from activities.smtp_mailer import SmtpMailer
from contracts.clock import utc_now
from contracts.notifications.mail import OutgoingMail
from contracts.notifications.mail_server import MailServer, MailTls, read_sender
from sandbox.mail import MailSandbox

TO = "priya@chaipoint.example"


def a_mail(**other: Any) -> OutgoingMail:
    """An e-mail."""
    said = {
        "message_id": "ntm_1",
        "to": TO,
        "subject": "Your endpoint is failing",
        "text": "It is failing.\n",
        "html": "<p>It is failing.</p>",
    }
    return OutgoingMail(**said | other)


def server_of(box: MailSandbox, **other: Any) -> MailServer:
    """How the sandbox's mail server is set: without TLS, unless said otherwise."""
    known: dict[str, Any] = {
        "host": box.host,
        "port": box.port,
        "tls": MailTls.NONE,
        "sender": read_sender("Doorstep <tracking@doorstep.example>"),
    }
    return MailServer(**known | other)


def mailer_of(box: MailSandbox, ca_file: Path | None = None, **other: Any) -> SmtpMailer:
    """A mailer to it."""
    return SmtpMailer(server_of(box, **other), utc_now, str(ca_file) if ca_file else None)


def claim(answer: bool = True) -> Callable[[], Awaitable[bool]]:
    """What is asked before the body, with a fixed answer."""

    async def before_body() -> bool:
        return answer

    return before_body
