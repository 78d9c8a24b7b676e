"""A webhook's attempts that have ended, and in words how they ended: for whoever runs the shop."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from contracts.delivery.states import AttemptState

_PHRASES: Mapping[int, str] = {one.value: one.phrase for one in HTTPStatus}
_WORDS: Mapping[str, str] = {
    "tls": "failed because no secure connection (TLS) could be made",
    "connection": "failed because the connection could not be made or was cut",
    "dns": "failed because the name of its host could not be looked up",
    "resolver": "failed because Doorstep's own name server did not answer",
    "protocol": "got no valid HTTP answer",
    "forbidden_address": "failed because its host leads to an address that is not allowed",
    "invalid_url": "failed because its URL cannot be used",
    "internal_error": "failed because of a fault in Doorstep, which its operator finds in the log",
}


@dataclass(frozen=True)
class EndedAttempt:
    """One attempt that has ended. Without a `status_code`, `code` says why there was no answer."""

    started_at: datetime
    state: AttemptState
    charged: bool
    code: str | None
    status_code: int | None
    duration_ms: int | None

    @property
    def succeeded(self) -> bool:
        """Whether the endpoint took it."""
        return self.state is AttemptState.SUCCEEDED


def commonest(failed: Sequence[EndedAttempt]) -> list[EndedAttempt]:
    """Those that ended in the commonest way; of equally common ones, in that of the first."""
    counts = Counter(_cause(one) for one in failed)
    most = max(counts.values(), default=0)
    cause = next((one for one, count in counts.items() if count == most), None)
    return [one for one in failed if _cause(one) == cause]


def how_ended(attempts: Sequence[EndedAttempt], *, many: bool) -> str:
    """How attempts ended that all ended alike: the rest of a sentence about one, or about many."""
    cause = _cause(attempts[0])
    if isinstance(cause, int):
        phrase = f" ({_PHRASES[cause]})" if cause in _PHRASES else ""
        return f"{'were' if many else 'was'} answered {cause}{phrase}"
    if cause == "timeout":
        return f"timed out{_after(attempts)}"
    return _WORDS.get(cause, f"failed with the code {cause}")


def _cause(one: EndedAttempt) -> int | str:
    return one.status_code or one.code or "unknown"


def _after(attempts: Sequence[EndedAttempt]) -> str:
    """After how many seconds; connecting has a shorter limit than the whole try."""
    seconds = {round((one.duration_ms or 0) / 1000) for one in attempts} - {0}
    if not seconds:
        return ""
    shortest, longest = min(seconds), max(seconds)
    return f" after {longest} s" if shortest == longest else f" after {shortest} to {longest} s"
