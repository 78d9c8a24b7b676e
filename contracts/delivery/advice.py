"""What may be done about a dead letter: one pure table, from why it is one to the one thing that
helps. A retry is offered only where it can change something."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.delivery.states import DeadLetterReason
from contracts.delivery.verdicts import NoAnswer


class Advice(StrEnum):
    """What went wrong, as far as it says what to do; each has its sentence in the words."""

    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    GONE = "gone"
    MOVED = "moved"
    TOO_MANY = "too_many"
    NOT_ACCEPTED = "not_accepted"
    DOWN = "down"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    TLS = "tls"
    DNS = "dns"
    CONNECTION = "connection"
    PROTOCOL = "protocol"
    FORBIDDEN_ADDRESS = "forbidden_address"
    INVALID_URL = "invalid_url"
    EXHAUSTED = "exhausted"
    """Every attempt failed, and nothing more is known."""

    NO_NUMBER = "no_number"
    NOT_A_MOBILE = "not_a_mobile"
    NOBODY_HAS_IT = "nobody_has_it"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    NETWORK = "network"
    OPTED_OUT = "opted_out"
    SPAM = "spam"
    TOO_LATE = "too_late"
    TOO_LONG = "too_long"
    DLT_DIFFERS = "dlt_differs"
    DLT_MISSING = "dlt_missing"
    SMS_SET_UP = "sms_set_up"
    """Our account or sender is set up wrongly: only our support team can mend it."""
    SMS_REFUSED = "sms_refused"
    MAY_HAVE_ARRIVED = "may_have_arrived"

    STOPPED = "stopped"
    OUR_FAULT = "our_fault"


RETRY_IS_NO_USE = frozenset(
    {
        Advice.NO_NUMBER,
        Advice.NOT_A_MOBILE,
        Advice.NOBODY_HAS_IT,
        Advice.BLOCKED,
        Advice.OPTED_OUT,
        Advice.TOO_LATE,
    }
)
"""The same again ends the same: no retry is offered."""

ANOTHER_NUMBER_HELPS = frozenset(
    {
        Advice.NO_NUMBER,
        Advice.NOT_A_MOBILE,
        Advice.NOBODY_HAS_IT,
        Advice.BLOCKED,
        Advice.UNREACHABLE,
        Advice.NETWORK,
    }
)

_BY_STATUS: Mapping[int, Advice] = {
    401: Advice.NOT_ALLOWED,
    403: Advice.NOT_ALLOWED,
    407: Advice.NOT_ALLOWED,
    404: Advice.NOT_FOUND,
    405: Advice.NOT_FOUND,
    408: Advice.TIMEOUT,
    410: Advice.GONE,
    429: Advice.TOO_MANY,
    502: Advice.DOWN,
    503: Advice.DOWN,
    504: Advice.DOWN,
}
_BY_HUNDRED: Mapping[int, Advice] = {
    3: Advice.MOVED,
    4: Advice.NOT_ACCEPTED,
    5: Advice.SERVER_ERROR,
}
_BY_CODE: Mapping[str, Advice] = {
    NoAnswer.TIMEOUT: Advice.TIMEOUT,
    NoAnswer.TLS: Advice.TLS,
    NoAnswer.DNS: Advice.DNS,
    NoAnswer.CONNECTION: Advice.CONNECTION,
    NoAnswer.PROTOCOL: Advice.PROTOCOL,
    NoAnswer.FORBIDDEN_ADDRESS: Advice.FORBIDDEN_ADDRESS,
    NoAnswer.INVALID_URL: Advice.INVALID_URL,
    NoAnswer.RESOLVER: Advice.OUR_FAULT,
    NoAnswer.INTERNAL_ERROR: Advice.OUR_FAULT,
    "dlt_text_differs": Advice.DLT_DIFFERS,
    "dlt_not_registered": Advice.DLT_MISSING,
    "sms_too_long": Advice.TOO_LONG,
    "sms_not_configured": Advice.SMS_SET_UP,
    "twilio_21211": Advice.NO_NUMBER,
    "twilio_21265": Advice.NO_NUMBER,
    "twilio_21266": Advice.NO_NUMBER,
    "twilio_21614": Advice.NOT_A_MOBILE,
    "twilio_21635": Advice.NOT_A_MOBILE,
    "twilio_30006": Advice.NOT_A_MOBILE,
    "twilio_30005": Advice.NOBODY_HAS_IT,
    "twilio_30004": Advice.BLOCKED,
    "twilio_30003": Advice.UNREACHABLE,
    "twilio_30008": Advice.NETWORK,
    "twilio_30017": Advice.NETWORK,
    "twilio_30022": Advice.NETWORK,
    "twilio_21610": Advice.OPTED_OUT,
    "twilio_30007": Advice.SPAM,
    "twilio_21617": Advice.TOO_LONG,
    "twilio_30036": Advice.TOO_LATE,
}
_SET_UP = frozenset(
    f"twilio_{code}"
    for code in (
        *(20003, 20404, 21212, 21408, 21603, 21606, 21608, 21609, 21612, 21657, 21659, 21660),
        *(21661, 21701, 21702, 21703, 21704, 21705, 21709, 30002, 30024, 30032, 30033, 30034),
        *(30035, 30037, 30040, 30041, 30042, 30404, 401, 403, 404, 407),
    )
)
NO_USE_CODES = frozenset(code for code, one in _BY_CODE.items() if one in RETRY_IS_NO_USE)
"""The codes of what would fail again if the same were sent once more."""

_BY_REASON: Mapping[DeadLetterReason, Advice] = {
    DeadLetterReason.GONE: Advice.GONE,
    DeadLetterReason.UNKNOWN: Advice.MAY_HAVE_ARRIVED,
    DeadLetterReason.CANCELLED_BY_OPS: Advice.STOPPED,
    DeadLetterReason.OUR_FAULT: Advice.OUR_FAULT,
}
"""Reasons that say all: whatever the last answer was, it is not what to act on."""


def advice_on(reason: DeadLetterReason, code: str | None) -> Advice:
    """What a dead letter's reason and its last code say to do."""
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    if code is not None and code.startswith("http_"):
        status = int(code.removeprefix("http_"))
        return _BY_STATUS.get(status) or _BY_HUNDRED.get(status // 100, Advice.NOT_ACCEPTED)
    if code in _SET_UP:
        return Advice.SMS_SET_UP
    known = _BY_CODE.get(code or "")
    if known is not None:
        return known
    return Advice.SMS_REFUSED if reason is DeadLetterReason.REJECTED else Advice.EXHAUSTED
