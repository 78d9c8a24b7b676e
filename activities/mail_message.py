"""An e-mail as it goes over the wire: its headers, and both of its texts.

No line break gets into a header, so that no subject and no name adds one.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from contracts.notifications.mail import OutgoingMail

_PART = r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f.]+"
_FIT = re.compile(rf"{_PART}(\.{_PART})*@{_PART}(\.{_PART})+")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.-]+")
_LINK = re.compile(r"https?://[!-;=?-~]+")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_END = "\r\n"
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


def wire_of(
    mail: OutgoingMail, to: Address, sender: Address, now: datetime, *, in_utf8: bool
) -> bytes:
    """What follows DATA, its end included. `in_utf8`: headers may have any letters (SMTPUTF8)."""
    policy = (SMTPUTF8 if in_utf8 else SMTP).clone(cte_type="7bit")
    message = _message(mail, to, sender, now).as_bytes(policy=policy)
    lines = [_from(sender), _field("Subject", mail.subject), *_list_unsubscribe(mail)]
    whole = "".join(f"{line}{_END}" for line in lines).encode() + message
    return _LEADING_DOT.sub(b"..", whole) + b".\r\n"


def _message(mail: OutgoingMail, to: Address, sender: Address, now: datetime) -> EmailMessage:
    """All but what `EmailMessage` cannot write well. The same Message-ID at every attempt."""
    if not _MESSAGE_ID.fullmatch(mail.message_id):
        raise ValueError("a message's id has letters, digits, dots, dashes and underscores only")
    message = EmailMessage()
    message["To"] = to
    message["Date"] = now
    message["Message-ID"] = f"<{mail.message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to is not None:
        message["Reply-To"] = usable_address(mail.reply_to)
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _field(name: str, text: str) -> str:
    """A header of words. Where words of two scripts follow each other `EmailMessage` loses the
    space between them, so the whole is encoded as one."""
    plain = one_line(text)
    charset = "us-ascii" if plain.isascii() and "=?" not in plain else "utf-8"
    return f"{name}: {Header(plain, charset, header_name=name).encode(linesep=_END)}"


def _from(sender: Address) -> str:
    """Who it is from: the name is a quoted text, or encoded as a whole."""
    if sender.display_name.isascii():
        return f"From: {sender}"
    return f"{_field('From', sender.display_name)} <{sender.addr_spec}>"


def _list_unsubscribe(mail: OutgoingMail) -> Iterator[str]:
    """Where the recipient switches such e-mails off (RFC 2369). `EmailMessage` would encode a long
    address as if it were words, and nobody could follow it."""
    url = mail.preferences_url
    if url is None:
        return
    if not _LINK.fullmatch(url):
        raise ValueError("an address in a header has no spaces, brackets or other letters")
    yield f"List-Unsubscribe: <{url}>"


def one_line(text: str) -> str:
    """A text without what breaks a line or turns its direction around."""
    return _CONTROL.sub(" ", text).strip()
