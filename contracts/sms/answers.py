"""What Twilio's answers mean: one table of its codes.

Sources: Twilio's error dictionary (twilio.com/docs/api/errors), its Messages API reference, and its
guide to status callbacks. Create has no idempotency key: an answer that leaves open whether the
text was sent is never a reason to send it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SmsFate(StrEnum):
    """What became of a text. Only after `not_now` and `misconfigured` may it be sent again."""

    TAKEN = "taken"
    """Twilio has it."""
    NOT_NOW = "not_now"
    """Certainly not sent for now: try again."""
    BAD_NUMBER = "bad_number"
    """Never to this number."""
    OPTED_OUT = "opted_out"
    """Never to this number, because the customer said so."""
    BAD_TEXT = "bad_text"
    """Never this text."""
    EXPIRED = "expired"
    """Its validity ended before it could leave."""
    MISCONFIGURED = "misconfigured"
    """Our account, sender or route is set up wrongly: texts wait until it is mended."""
    FAILED = "failed"
    """It did not arrive, and nothing says that another attempt would."""
    UNKNOWN = "unknown"
    """It may have been sent."""


class SuspensionScope(StrEnum):
    """Whose texts wait while something is set up wrongly. A route is a sender to a country."""

    ACCOUNT = "account"
    SENDER = "sender"
    ROUTE = "route"


@dataclass(frozen=True)
class SmsAnswer:
    """How one call of Twilio, or a whole message, ended.

    `code` is `twilio_<error code>`, `timeout`, `connection` or the like. `sid` and `parts` come
    with a text that was taken; `scope` with `misconfigured`, and with nothing else.
    """

    fate: SmsFate
    code: str
    sid: str | None = None
    parts: int | None = None
    scope: SuspensionScope | None = None


Meaning = tuple[SmsFate, SuspensionScope | None]

_ACCOUNT: Meaning = (SmsFate.MISCONFIGURED, SuspensionScope.ACCOUNT)
_SENDER: Meaning = (SmsFate.MISCONFIGURED, SuspensionScope.SENDER)
_ROUTE: Meaning = (SmsFate.MISCONFIGURED, SuspensionScope.ROUTE)
_NOT_NOW: Meaning = (SmsFate.NOT_NOW, None)
_BAD_NUMBER: Meaning = (SmsFate.BAD_NUMBER, None)
_BAD_TEXT: Meaning = (SmsFate.BAD_TEXT, None)

MEANINGS: Mapping[int, Meaning] = {
    20003: _ACCOUNT,  # credentials refused
    20404: _ACCOUNT,  # no such account, or another API's address
    30404: _ACCOUNT,
    21609: _ACCOUNT,  # the address for status callbacks, which is one setting
    30002: _ACCOUNT,  # account suspended
    30037: _ACCOUNT,  # outbound messages are switched off
    21212: _SENDER,  # not a sender at all
    21603: _SENDER,  # no sender
    21606: _SENDER,  # cannot send texts or is not ours; since 2024 the next three say which
    21659: _SENDER,
    21660: _SENDER,
    21661: _SENDER,
    21701: _SENDER,  # no such messaging service
    21702: _SENDER,  # a messaging service that sends nothing new
    21704: _SENDER,  # one without a number
    21705: _SENDER,  # not the sid of a messaging service
    21709: _SENDER,  # a header that this messaging service may not use
    30024: _SENDER,  # not provisioned with the carrier
    30042: _SENDER,  # blocked as generic
    21408: _ROUTE,  # region not enabled
    21608: _ROUTE,  # trial account, unverified number
    21612: _ROUTE,  # this sender does not reach this number
    21657: _ROUTE,  # sender not supported at the destination
    21703: _ROUTE,  # the messaging service has no number for it
    30032: _ROUTE,  # a toll-free number that was not verified, for the United States
    30033: _ROUTE,  # a campaign that is suspended there
    30034: _ROUTE,  # a number that is not registered there
    30035: _ROUTE,  # a number that is still being set up there
    30040: _ROUTE,  # a sender that must be registered with the carrier before
    30041: _ROUTE,  # a sender that is not registered in the country
    20429: _NOT_NOW,  # too many requests
    21611: _NOT_NOW,  # the sender's queue is full
    30001: _NOT_NOW,  # queue overflow
    30003: _NOT_NOW,  # handset unreachable
    30008: _NOT_NOW,  # the carrier gave no reason
    30017: _NOT_NOW,  # the carrier's network is congested
    30022: _NOT_NOW,  # more than the carrier takes at a time
    30500: _NOT_NOW,  # internal failure
    21211: _BAD_NUMBER,  # not a number
    21265: _BAD_NUMBER,  # a short code
    21266: _BAD_NUMBER,  # the sender itself
    21614: _BAD_NUMBER,  # not a mobile
    21635: _BAD_NUMBER,  # a landline
    30004: _BAD_NUMBER,  # blocked
    30005: _BAD_NUMBER,  # unknown
    30006: _BAD_NUMBER,  # landline or unreachable carrier
    21610: (SmsFate.OPTED_OUT, None),
    21617: _BAD_TEXT,  # longer than 1600 characters
    30007: _BAD_TEXT,  # filtered
    30036: (SmsFate.EXPIRED, None),
}
"""Every code that says something about what to do; the same in an answer and in a callback."""

_WITHOUT_A_KNOWN_CODE: Mapping[int, Meaning] = {
    403: _ACCOUNT,
    404: _ACCOUNT,
    407: _ACCOUNT,  # a proxy on the way does not let us through
    408: _NOT_NOW,  # the request did not come in time,
    421: _NOT_NOW,  # or to somebody who does not serve it,
    425: _NOT_NOW,  # or too early
}


def judge(status: int, code: int | None) -> SmsAnswer:
    """The fate of a text by an error that answers create: HTTP status first, then Twilio's code.

    5xx leaves open whether it was sent, whatever the code says; an unknown 4xx is for good; below
    400 it was not Twilio's API that answered. A 403 comes with a code of the route too (21608), and
    one customer must not stop everybody's texts.
    """
    name = f"twilio_{code or status}"
    if status >= 500:
        return SmsAnswer(SmsFate.UNKNOWN, name)
    if status == 401 or status < 400:
        return _answer(_ACCOUNT, name)
    if status == 429:
        return _answer(_NOT_NOW, name)
    known = MEANINGS.get(code or 0) or _WITHOUT_A_KNOWN_CODE.get(status)
    return _answer(known or _BAD_TEXT, name)


def judge_failure(code: int | None) -> SmsAnswer:
    """The fate of a text by a status callback that says `failed` or `undelivered`.

    An unknown code, or none, is `failed`: Twilio's 30410 is such a one, and it fails a message
    that may have arrived, so that nobody sends it twice.
    """
    name = f"twilio_{code}" if code else "twilio_no_code"
    return _answer(MEANINGS.get(code or 0, (SmsFate.FAILED, None)), name)


def _answer(meaning: Meaning, code: str) -> SmsAnswer:
    fate, scope = meaning
    return SmsAnswer(fate, code, scope=scope)
