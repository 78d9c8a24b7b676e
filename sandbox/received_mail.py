"""An e-mail as the sandbox's mail server has taken it, read as a mail program reads it."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from typing import Any

_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class ReceivedMail:
    """One e-mail, and how it came: encrypted or not, and signed in as whom."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime
    encrypted: bool
    user: str | None

    @cached_property
    def message(self) -> EmailMessage:
        """The message with its headers."""
        return message_from_bytes(self.raw, policy=default)

    @property
    def subject(self) -> str:
        """As it is shown."""
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        """The same for two copies of one e-mail."""
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        """The plain text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML."""
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """The addresses in the plain text, in their order."""
        return _LINK.findall(self.text)

    def as_json(self) -> dict[str, Any]:
        """The line of the journal."""
        return {
            "received_at": self.received_at.isoformat(),
            "message_id": self.message_id,
            "sender": self.sender,
            "recipients": list(self.recipients),
            "subject": self.subject,
            "text": self.text,
            "encrypted": self.encrypted,
            "user": self.user,
        }

    def _part(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        return str(part.get_content()) if part is not None else ""
