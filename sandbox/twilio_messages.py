"""Messages as Twilio keeps and shows them, and what is wrong with a request to send one.

The limits are those that Twilio publishes: its Messages API reference and error 21609.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from contracts.sms.parts import Parts, parts_of
from sandbox.twilio_errors import message_of
from sandbox.twilio_steps import Accept, Refuse

API_VERSION = "2010-04-01"
MOST_CHARACTERS, LONGEST_VALIDITY_S, LONGEST_CALLBACK = 1600, 36_000, 4000
_E164 = re.compile(r"^\+[1-9]\d{6,14}$")
_SENDER = re.compile(r"^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11})$")
_SERVICE = re.compile(r"^MG[0-9a-fA-F]{32}$")
_HOST = re.compile(r"^[A-Za-z0-9.:-]+$")
_FROM_MAGIC = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}


@dataclass
class Message:
    """One message that Twilio has taken; `status` moves on, the rest stays as it was sent."""

    sid: str
    account_sid: str
    form: dict[str, str]
    fate: Accept
    status: str
    created_at: datetime
    updated_at: datetime
    error_code: int | None = None

    @property
    def to(self) -> str:
        """The receiver's number."""
        return self.form["To"]

    @property
    def from_(self) -> str | None:
        """The sender's number or name; None when a messaging service chooses it."""
        return self.form.get("From") or None

    @property
    def messaging_service_sid(self) -> str | None:
        """The messaging service, where one was named."""
        return self.form.get("MessagingServiceSid") or None

    @property
    def body(self) -> str:
        """The text."""
        return self.form["Body"]

    @property
    def status_callback(self) -> str | None:
        """Where changes of status are told."""
        return self.form.get("StatusCallback") or None

    @property
    def segments(self) -> Parts:
        """The encoding and number of parts the text is sent in."""
        return parts_of(self.body)

    def move_to(self, status: str, error_code: int | None = None) -> None:
        """Change the status."""
        self.status, self.error_code, self.updated_at = status, error_code, datetime.now(UTC)

    def as_json(self) -> dict[str, Any]:
        """The message resource; parts are unknown until a messaging service has chosen a sender."""
        undecided = self.status == "accepted"
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        sent = self.status in {"sent", "delivered", "undelivered"}
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created_at),
            "date_sent": format_datetime(self.updated_at) if sent else None,
            "date_updated": format_datetime(self.updated_at),
            "direction": "outbound-api",
            "error_code": self.error_code,
            "error_message": message_of(self.error_code) if self.error_code else None,
            "from": self.from_,
            "messaging_service_sid": self.messaging_service_sid,
            "num_media": "0",
            "num_segments": "0" if undecided else str(self.segments.count),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


def new_message(account_sid: str, form: Mapping[str, str], fate: Accept) -> Message:
    """Take a message: `queued`, or `accepted` while a messaging service looks for a sender."""
    now = datetime.now(UTC)
    return Message(
        sid=f"SM{secrets.token_hex(16)}",
        account_sid=account_sid,
        form=dict(form),
        fate=fate,
        status="accepted" if form.get("MessagingServiceSid") else "queued",
        created_at=now,
        updated_at=now,
    )


def first_fault(form: Mapping[str, str]) -> Refuse | None:
    """The first thing that Twilio would refuse about a request, or None."""
    sender, service = form.get("From", ""), form.get("MessagingServiceSid", "")
    checks = (
        (21604, bool(form.get("To"))),
        (21602, bool(form.get("Body"))),
        (21603, bool(sender or service)),
        (21211, bool(_E164.match(form.get("To", "")))),
        (21212, not sender or bool(_SENDER.match(sender))),
        (21705, not service or bool(_SERVICE.match(service))),
        (_FROM_MAGIC.get(sender, 0), sender not in _FROM_MAGIC),
        (21617, len(form.get("Body", "")) <= MOST_CHARACTERS),
        (21624, _is_validity(form.get("ValidityPeriod", "1"))),
        (21609, _is_callback(form.get("StatusCallback", ""))),
    )
    return next((Refuse(code) for code, fine in checks if not fine), None)


def _is_validity(text: str) -> bool:
    """Whole seconds from 1 to 36000."""
    return text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LONGEST_VALIDITY_S


def _is_callback(url: str) -> bool:
    """None, or http(s) with a host that has no underscore."""
    if not url:
        return True
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        len(url) <= LONGEST_CALLBACK
        and not any(character.isspace() for character in url)
        and parts.scheme in {"http", "https"}
        and bool(_HOST.match(host))
        and port != 0
    )
