"""The mail server that e-mail leaves by, as it is set, and what may be set."""

import ipaddress
import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_SENDER = re.compile(rf"({_ADDRESS})|(?:\"([^\"@]*)\"|([^\"<>@]*?)) *<({_ADDRESS})>")


class MailTls(StrEnum):
    """How the connection is encrypted. `none`: not at all, which is for this machine only."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


USUAL_PORTS = {MailTls.STARTTLS: 587, MailTls.IMPLICIT: 465, MailTls.NONE: 25}
"""Submission (RFC 6409), submission over implicit TLS (RFC 8314), and plain SMTP."""


@dataclass(frozen=True)
class MailServer:
    """Where e-mail is handed in, and as whom.

    `time_limit_s` is for everything up to the body of one e-mail, `answer_limit_s` for the answer
    to the body: what has no answer by then may have been taken, and is not sent again.
    `place_limit_s` is for the wait for one of the connections that are made at once.
    """

    host: str
    port: int
    tls: MailTls
    sender: Address = field(repr=False)
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    time_limit_s: float = 30.0
    answer_limit_s: float = 120.0
    place_limit_s: float = 30.0


def read_sender(text: str) -> Address:
    """`tracking@example.com` or `Tracking <tracking@example.com>`. ValueError for anything else,
    and for what would not fit into a header."""
    match = _SENDER.fullmatch(text)
    if match is None or not text.isprintable():
        raise ValueError("use tracking@example.com or Tracking <tracking@example.com>")
    alone, quoted, plain, address = match.groups()
    return Address(quoted or plain or "", addr_spec=alone or address)


def is_host(text: str) -> bool:
    """Whether this is a host's name or address, and nothing else."""
    return _HOST.fullmatch(text) is not None


def is_this_machine(host: str) -> bool:
    """Whether nothing that is sent there leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
