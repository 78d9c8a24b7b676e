"""What Twilio's answers say, field by field: a field that is none hides nothing of the others.

Its Messages API writes some numbers as strings (`num_segments`), some as null until they are known
(`price`, `date_sent`), and anything between us and it may change the rest.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from contracts.sms.answers import SmsAnswer, SmsFate, judge

UNREADABLE = "twilio_unreadable"
_LONGEST_NUMBER = 9
_LONGEST_SID = 64


def read_answer(status: int, body: str) -> SmsAnswer:
    """The answer to a create. A 2xx that names its message was taken, whatever else it says; one
    that names none may have been."""
    fields = read_fields(body)
    if not 200 <= status < 300:
        return judge(status, whole_number(fields.get("code")))
    sid = fields.get("sid")
    if not isinstance(sid, str) or not 0 < len(sid) <= _LONGEST_SID:
        return SmsAnswer(SmsFate.UNKNOWN, UNREADABLE)
    parts = whole_number(fields.get("num_segments"))  # 0 until a sender has been chosen
    return SmsAnswer(SmsFate.TAKEN, "twilio_accepted", sid, parts)


def whole_number(value: object) -> int | None:
    """A number above 0 that Twilio wrote as one, or as a string of one; None for anything else."""
    if isinstance(value, str):
        digits = value.strip().removesuffix(".0")
        value = int(digits) if digits.isascii() and _is_short_number(digits) else None
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) and value.is_integer() else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < 10**_LONGEST_NUMBER else None


def _is_short_number(digits: str) -> bool:
    return digits.isdigit() and len(digits) <= _LONGEST_NUMBER


def read_fields(body: str) -> Mapping[str, Any]:
    """The fields of an answer; none where it is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
