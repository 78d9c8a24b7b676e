"""What a status callback says, out of the form that Twilio posts.

Source: Twilio's "Track the message status of outbound messages". New fields and new words come
without notice: unknown fields are left alone, an unknown status says nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.delivery.states import SmsState
from contracts.sms.twilio_fields import whole_number

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a claim's id may be: one that it is not finds nothing, on either store."""

_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=")

_STATES: Mapping[str, SmsState] = {
    "accepted": SmsState.ACCEPTED,
    "scheduled": SmsState.ACCEPTED,
    "queued": SmsState.ACCEPTED,
    "sending": SmsState.ACCEPTED,
    "sent": SmsState.SENT,
    "delivered": SmsState.DELIVERED,
    "read": SmsState.DELIVERED,
    "undelivered": SmsState.UNDELIVERED,
    "failed": SmsState.UNDELIVERED,
    "canceled": SmsState.UNDELIVERED,
}


@dataclass(frozen=True)
class TextStatus:
    """One callback: whose text it is about, Twilio's name of it, and how it stands. `word` is
    Twilio's own, `code` its error code."""

    claim_id: str
    sid: str
    state: SmsState
    word: str
    code: int | None = None


def is_shaped_like_a_signature(text: str) -> bool:
    """Whether it is base64 of an HMAC by SHA-1 or SHA-256, as `X-Twilio-Signature` is."""
    return _SIGNATURE.fullmatch(text) is not None


def read_status(claim_id: str | None, fields: Mapping[str, str]) -> TextStatus | None:
    """The status in a callback's fields; None where it says nothing that we understand."""
    word = _first(fields, "MessageStatus", "SmsStatus").lower()
    sid = _first(fields, "MessageSid", "SmsSid")
    state = _STATES.get(word)
    if state is None or not claim_id or not _ID.fullmatch(claim_id) or not sid or "\x00" in sid:
        return None
    return TextStatus(claim_id, sid, state, word, whole_number(fields.get("ErrorCode")))


def _first(fields: Mapping[str, str], *names: str) -> str:
    """The first of these fields that says something; the older names are Twilio's, too."""
    return next((value for name in names if (value := fields.get(name, "").strip())), "")
