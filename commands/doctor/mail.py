"""Whether the mail server takes e-mail: connected to, encrypted, signed in. Nothing is sent."""

from activities.mail_answers import cleaned
from activities.mail_connection import MailServerFault, MailStep, context_for, fault_of_server
from commands.doctor.checks import Check, Finding
from contracts.errors import ConfigurationError
from contracts.notifications.mail_server import MailServer, MailTls
from settings import Settings

_NAME = "mail server"
_MEANWHILE = "e-mail waits meanwhile, and what is stale by then is dropped"

_ADVICE = {
    "name_unknown": "correct DOORSTEP_SMTP_HOST: that name has no address here",
    "connection_refused": "correct DOORSTEP_SMTP_HOST and DOORSTEP_SMTP_PORT, or start the server",
    "timeout": "see to the network and its firewalls: many close port 25 and leave 587 open",
    "starttls_not_offered": "use its port for submission, usually 587, or "
    "DOORSTEP_SMTP_TLS=implicit with 465",
    "tls_certificate": "name the server as its certificate does, or give its authority in "
    "DOORSTEP_CA_FILE",
    "tls": "DOORSTEP_SMTP_TLS=implicit is for a port such as 465, starttls for 587",
    "sign_in_not_offered": "use its port for submission, or take DOORSTEP_SMTP_USERNAME away",
}
_ADVICE_AT = {
    MailStep.CONNECT: "see what answers at DOORSTEP_SMTP_HOST and DOORSTEP_SMTP_PORT",
    MailStep.TLS: "see to the server's TLS",
    MailStep.SIGN_IN: "correct DOORSTEP_SMTP_USERNAME and DOORSTEP_SMTP_PASSWORD",
}


async def check_mail(settings: Settings) -> Check:
    """By what is set, and by how far one comes with it."""
    server = settings.mail_server
    if server is None:
        advice = "no e-mail is sent: people are told by SMS and webhook only, and links are shown"
        return Check(_NAME, Finding.NOTE, "not set: DOORSTEP_SMTP_HOST", advice)
    try:
        context = context_for(server, str(settings.ca_file) if settings.ca_file else None)
    except ConfigurationError as error:
        return Check(_NAME, Finding.WRONG, "its certificate cannot be checked", str(error))
    fault = await fault_of_server(server, context)
    if fault is None:
        return Check(_NAME, Finding.OK, _how_it_is_used(server))
    return _cannot_be_used(server, fault)


def _how_it_is_used(server: MailServer) -> str:
    encrypted = "" if server.tls is MailTls.NONE else " over TLS"
    signed_in = ", signed in" if server.username else ""
    return f"{server.host}:{server.port} is ready{encrypted}{signed_in}; no e-mail was sent"


def _cannot_be_used(server: MailServer, fault: MailServerFault) -> Check:
    words = f", {cleaned(fault.words, '')}" if fault.words else ""
    steps = {
        MailStep.CONNECT: "cannot be reached",
        MailStep.TLS: "cannot be spoken to over TLS",
        MailStep.SIGN_IN: "does not let us sign in",
    }
    seen = f"{server.host}:{server.port} {steps[fault.step]} ({fault.code}{words})"
    advice = _ADVICE.get(fault.code, _ADVICE_AT[fault.step])
    return Check(_NAME, Finding.WRONG, seen, f"{advice}; {_MEANWHILE}")
