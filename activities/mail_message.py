"""An e-mail as it goes over the wire: its headers, and both of its texts.

Python's own `EmailMessage` writes the headers. It refuses a line break in one, so that no subject
and no name adds a header; what it would refuse is made one line before.
"""

import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from contracts.notifications.mail import OutgoingMail

_PART = r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f.]+"
_FIT = re.compile(rf"{_PART}(\.{_PART})*@{_PART}(\.{_PART})+")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.-]+")
_LINK = re.compile(r"https?://[!-;=?-~]+")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class UnusableAddress(ValueError):
    """No mail server takes such an address."""


def usable_address(text: str) -> Address:
    """An address that may stand in an envelope and in a header: the domain in letters that every
    mail server knows. UnusableAddress for any other."""
    if not _FIT.fullmatch(text):
        raise UnusableAddress
    local, _, domain = text.rpartition("@")
    try:
        return Address(username=local, domain=domain.encode("idna").decode())
    except (HeaderParseError, UnicodeError, ValueError, IndexError):
        raise UnusableAddress from None


def composed(mail: OutgoingMail, to: Address, sender: Address, now: datetime) -> EmailMessage:
    """The message, with the same Message-ID at every attempt."""
    if not _MESSAGE_ID.fullmatch(mail.message_id):
        raise ValueError("a message's id has letters, digits, dots, dashes and underscores only")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = one_line(mail.subject)
    message["Date"] = now
    message["Message-ID"] = f"<{mail.message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to is not None:
        message["Reply-To"] = usable_address(mail.reply_to)
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def wire_of(message: EmailMessage, preferences_url: str | None, *, in_utf8: bool) -> bytes:
    """What follows DATA, its end included. `in_utf8`: headers may have any letters (SMTPUTF8)."""
    policy = (SMTPUTF8 if in_utf8 else SMTP).clone(cte_type="7bit")
    whole = _list_unsubscribe(preferences_url) + message.as_bytes(policy=policy)
    return _LEADING_DOT.sub(b"..", whole) + b".\r\n"


def _list_unsubscribe(url: str | None) -> bytes:
    """Where the recipient switches such e-mails off (RFC 2369). Written here: `EmailMessage` would
    encode a long address as if it were words, and nobody could follow it."""
    if url is None:
        return b""
    if not _LINK.fullmatch(url):
        raise ValueError("an address in a header has no spaces, brackets or other letters")
    return f"List-Unsubscribe: <{url}>\r\n".encode()


def one_line(text: str) -> str:
    """A text without what breaks a line or turns its direction around."""
    return _CONTROL.sub(" ", text).strip()
