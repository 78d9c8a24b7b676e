"""Identifiers: what they look like and how they are made.

Our own ids carry a prefix that names the kind and sort by time of creation; event ids are the
order-management system's own.
"""

import os
import time
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_TIME_BITS, _RANDOM_BITS, _CHARACTERS = 48, 77, 25

EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""The order-management system's id of an event; the same id is the same event for ever."""


class IdKind(StrEnum):
    """The prefix of each kind of id that Doorstep makes."""

    PARTNER = "ptn"
    ENDPOINT = "ep"
    SECRET = "sec"
    DELIVERY = "dlv"
    ATTEMPT = "att"
    DEAD_LETTER = "dl"
    RECOVERY = "rcv"
    NOTIFICATION = "ntc"
    INSTRUCTION = "ins"
    INSTRUCTION_TEXT = "itx"
    SMS = "sms"
    SMS_SUSPENSION = "stop"
    SMS_TEMPLATE = "tpl"
    DLT_TEMPLATE = "dlt"
    OPT_OUT = "opt"
    API_KEY = "key"
    AUDIT_ENTRY = "aud"
    TEST_EVENT = "test"
    USER = "usr"
    SIGN_IN_LINK = "lnk"
    SESSION = "ses"


def new_id(kind: IdKind) -> str:
    """Make an id such as `dlv_01k9…`: 48 bits of milliseconds, then 77 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM_BITS)
    number = (milliseconds & ((1 << _TIME_BITS) - 1)) << _RANDOM_BITS | random
    digits = [_ALPHABET[number >> 5 * i & 31] for i in reversed(range(_CHARACTERS))]
    return f"{kind}_{''.join(digits)}"


def recovery_workflow_id(endpoint_id: str) -> str:
    """The id of the one recovery that may run for an endpoint."""
    return f"recovery/{endpoint_id}"


def notification_workflow_id(notification_id: str) -> str:
    """The id of the one workflow that sends a notification."""
    return f"notification/{notification_id}"


def instructions_workflow_id(partner_id: str, order_id: str) -> str:
    """The id of the one workflow that posts an order's instructions to the OMS."""
    return f"instructions/{partner_id}/{order_id}"


def instruction_text_workflow_id(text_id: str) -> str:
    """The id of the one workflow that sends a text about an instruction."""
    return f"instruction-text/{text_id}"


def workflow_id(event_id: str) -> str:
    """The id of the one workflow that delivers an event."""
    return f"event/{event_id}"
