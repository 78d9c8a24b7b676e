"""What an endpoint's answer means: one pure function, one table of rules (design, section 5)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

_HONOURS_RETRY_AFTER = frozenset({429, 502, 503, 504})
_TOO_MANY, _UNAVAILABLE = 429, 503
GONE = 410
"""The status by which a partner says that the endpoint will not come back."""


class Verdict(StrEnum):
    """`retry` is charged to the partner and follows the schedule, unless it `asks_to_wait`; `gone`
    ends it at once."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GONE = "gone"


class NoAnswer(StrEnum):
    """Why there is no status. `dns`: the host's name has no address, or its name servers do not
    say which; `resolver`: our own name server does not answer, which is no fault of the endpoint;
    `protocol`: what came is not HTTP; `internal_error`: a mistake of ours, which is logged."""

    TIMEOUT = "timeout"
    TLS = "tls"
    CONNECTION = "connection"
    DNS = "dns"
    RESOLVER = "resolver"
    PROTOCOL = "protocol"
    FORBIDDEN_ADDRESS = "forbidden_address"
    INVALID_URL = "invalid_url"
    INTERNAL_ERROR = "internal_error"


@dataclass(frozen=True)
class Answer:
    """How one attempt ended. Without a status, `code` is a `NoAnswer`.

    `retry_after` is the header as it came; `excerpt` is the start of the body, redacted.
    """

    code: str
    status: int | None = None
    retry_after: str | None = None
    excerpt: str | None = None
    duration_ms: int = 0


def verdict_of(answer: Answer) -> Verdict:
    """2xx delivered, 410 gone, everything else is tried again."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Verdict.DELIVERED
    return Verdict.GONE if answer.status == GONE else Verdict.RETRY


def asks_to_wait(answer: Answer, retry_after_s: float | None) -> bool:
    """Whether the endpoint is well and wants less: a 429, or a 503 that says for how long."""
    return answer.status == _TOO_MANY or (
        answer.status == _UNAVAILABLE and retry_after_s is not None
    )


def retry_after_seconds(answer: Answer, now: datetime) -> float | None:
    """Seconds that the partner asks for on 429, 502, 503 and 504; None without a usable wish.

    RFC 9110, section 10.2.3: a whole number of seconds or an HTTP date.
    """
    wish = (answer.retry_after or "").strip()
    if answer.status not in _HONOURS_RETRY_AFTER or not wish:
        return None
    if wish.isascii() and wish.isdigit():
        return float(wish[:9])
    try:
        moment = parsedate_to_datetime(wish)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
