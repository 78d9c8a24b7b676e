"""An e-mail: what is rendered, what leaves, and what the mail server made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from contracts.brand import Brand
from contracts.notifications.kinds import NotificationKind


@dataclass(frozen=True)
class MailItem:
    """One notification of an e-mail. `about` is what `notify` was given; `link` is the whole
    address of the thing, or None where nothing can be looked at. `partner_*` are None for what
    belongs to no partner; `endpoint_id` is None for what is about no endpoint."""

    kind: NotificationKind
    about: Mapping[str, JsonValue]
    created_at: datetime
    time_zone: str
    partner_id: str | None = None
    partner_name: str | None = None
    endpoint_id: str | None = None
    link: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class MailContent:
    """What an e-mail tells: one or more items, the oldest first. `language` is that of the
    recipient's pages, where they have chosen one. `base_url` is the dashboard's address without a
    slash at its end; `preferences_url`: where the recipient switches kinds off, for e-mails of
    optional kinds only."""

    items: Sequence[MailItem]
    recipient_name: str = field(repr=False)
    language: str | None
    brand: Brand
    base_url: str
    preferences_url: str | None


@dataclass(frozen=True)
class Rendered:
    """An e-mail in words: the same in plain text and in HTML."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True)
class OutgoingMail:
    """An e-mail as it is handed to the mail server. `message_id` is the message's own id, the same
    at every attempt: the `Message-ID` is made of it. `preferences_url` goes into
    `List-Unsubscribe`."""

    message_id: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    reply_to: str | None = field(default=None, repr=False)
    preferences_url: str | None = None


class MailFate(StrEnum):
    """What became of an e-mail."""

    SENT = "sent"
    """The mail server has taken it (250 after the body)."""
    NOT_SENT = "not_sent"
    """Certainly not sent, for now: no connection, TLS, sign-in, any 4xx, a 5xx that is about us
    rather than about the recipient or the message."""
    NO_PLACE = "no_place"
    """Nothing was tried: all connections that are made at once were taken."""
    REFUSED = "refused"
    """The recipient's address is refused for good (5xx to RCPT TO)."""
    REJECTED = "rejected"
    """The message itself is refused for good (5xx to the body)."""
    STOPPED = "stopped"
    """`before_body` said no: nothing was sent."""
    UNKNOWN = "unknown"
    """The body, or a part of it, has left and no answer came."""


@dataclass(frozen=True)
class MailAnswer:
    """What the mail server answered. `code`: `smtp_250`, `smtp_550`, `timeout`,
    `connection_refused`, `tls`…; `detail`: its words, cleaned, without an address."""

    fate: MailFate
    code: str
    detail: str | None = None
