"""Identifiers: what they look like and how they are made.

Our own ids carry a prefix that names the kind and sort by time of creation; event ids are the
order-management system's own.
"""

import os
import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_TIME_BITS, _RANDOM_BITS, _CHARACTERS = 48, 77, 25

EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""The order-management system's id of an event; the same id is the same event for ever."""

PartnerRef = Annotated[str, Field(examples=["chai-point"])]
"""Ids as they are looked for and shown: any text, and one that nothing has finds nothing. Each has
the one example that it has in the whole documentation."""
EventRef = Annotated[str, Field(examples=["evt_20261123_000481"])]
OrderRef = Annotated[str, Field(examples=["ORD-20261122-7781"])]
TestEventRef = Annotated[str, Field(examples=["test_06fmk6t3w8r0m4k7s1v5x9c3q"])]
TestOrderRef = Annotated[str, Field(examples=["TEST-test_06fmk6t3w8r0m4k7s1v5x9c3q"])]
EndpointRef = Annotated[str, Field(examples=["ep_06fmk5q8p4y1r3w9t2x7z0c5n"])]
DeliveryRef = Annotated[str, Field(examples=["dlv_06fmk6a1x8n4s0v5d7b2h9t3q"])]
AttemptRef = Annotated[str, Field(examples=["att_06fmk6a2c7m1v4r8x0z3n5b9d"])]
DeadLetterRef = Annotated[str, Field(examples=["dl_06fmk6a4p9q2d7s1v8x3c5n0r"])]
RecoveryRef = Annotated[str, Field(examples=["rcv_06fmk6q2w8r0m4k7s1v5x9c3q"])]
InstructionRef = Annotated[str, Field(examples=["ins_06h2epj4e5dhvx4a41ga5vvje"])]
SmsRef = Annotated[str, Field(examples=["sms_06fmk5r9d3k7n1v5x8z2b6c0q"])]
SuspensionRef = Annotated[str, Field(examples=["stop_06fmk5qz3m8c1w6y4r9t2x7z0"])]
OptOutRef = Annotated[str, Field(examples=["opt_06fmk5r1c7q4z9w2n8t3h6v0d"])]
KeyRef = Annotated[str, Field(examples=["key_06fmk6d2w8r0m4k7s1v5x9c3q"])]
AuditEntryRef = Annotated[str, Field(examples=["aud_06fmk5pzn2c8h4d9t6v1x7s3q"])]
NotificationRef = Annotated[str, Field(examples=["ntc_06fmk6e3v9p2x5c8m1q4z7t0w"])]
MessageRef = Annotated[str, Field(examples=["msg_06fmk6e7x3r8n1v5c9m2q6z0t"])]
UserRef = Annotated[str, Field(examples=["usr_06fmk4t8p2w6r0m4k7s1v5x9c"])]
SenderRef = Annotated[str, Field(examples=["CHAIPT"])]
ContentTemplateRef = Annotated[str, Field(examples=["1107160000000000123"])]


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
    NOTIFICATION_MESSAGE = "msg"
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


def notification_workflow_id(message_id: str) -> str:
    """The id of the one workflow that sends a message of a notification."""
    return f"notification/{message_id}"


def instructions_workflow_id(partner_id: str, order_id: str) -> str:
    """The id of the one workflow that posts an order's instructions to the OMS."""
    return f"instructions/{partner_id}/{order_id}"


def instruction_text_workflow_id(text_id: str) -> str:
    """The id of the one workflow that sends a text about an instruction."""
    return f"instruction-text/{text_id}"


def workflow_id(event_id: str) -> str:
    """The id of the one workflow that delivers an event."""
    return f"event/{event_id}"
