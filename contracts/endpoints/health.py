"""How an endpoint does, judged by its last attempts, and the bins in which durations are counted.

Pure. The rules stand at `judge`. A reason is for whoever runs the shop; its times are in the zone
of the moment that it is judged at, which is named where that is UTC, and a day is named where it is
not today.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, takewhile

from contracts.delivery.attempt_summary import EndedAttempt, commonest, how_ended
from contracts.delivery.states import EndpointState
from contracts.endpoints.circuit_breaker import Breaker

LAST_ATTEMPTS = 20
"""So many attempts are judged, the last ones that were made."""

FAILING_IN_A_ROW = 5
DEGRADED_PERCENT = 20
SWITCHED_OFF_BY_HAND = "switched off by hand"
"""The state's reason of an endpoint that a person has paused or disabled."""

BIN_BOUNDS_MS = (50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 15_000, 20_000)
"""The longest duration of each bin; one more bin has what took longer. The counts are in the
database, so other bins take a migration of `endpoint_spans`."""

_ENDS_MS = (*BIN_BOUNDS_MS, BIN_BOUNDS_MS[-1])
BINS = len(_ENDS_MS)

_MINUTE = timedelta(minutes=1)


class HealthState(StrEnum):
    """`paused` by a person; `disabled` by a person, or by Doorstep, which had to give it up;
    `untried`: nothing was sent to it as it is now."""

    UNTRIED = "untried"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILING = "failing"
    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Facts:
    """What an endpoint is judged by. `attempts` are its last ones, the newest first, but for those
    of test events and for those from before somebody changed it."""

    state: EndpointState
    state_reason: str | None
    breaker: Breaker
    attempts: Sequence[EndedAttempt]


@dataclass(frozen=True)
class Health:
    """The judgement, in a word and in a sentence.

    `since` is the first failure that counts, or of an endpoint that Doorstep disabled the last
    one; None of one that does not fail, and of one that was switched off by hand.
    """

    state: HealthState
    reason: str
    since: datetime | None = None


def judge(facts: Facts, now: datetime) -> Health:
    """How an endpoint does; the first rule that holds decides.

    1. `paused` and `disabled` are the endpoint's own state.
    2. `failing`: the breaker is open, or the last 5 attempts all failed.
    3. `degraded`: 20 % or more of the last 20 attempts failed, or of as many as there are.
    4. `untried`: there is no attempt to judge it by.
    5. `healthy`: everything else.

    A failure that is not charged was our own: it is as if it had not been made.
    """
    attempts = [one for one in facts.attempts if one.succeeded or one.charged][:LAST_ATTEMPTS]
    failed = [one for one in attempts if not one.succeeded]
    if facts.state is not EndpointState.ENABLED:
        return _switched_off(facts, failed)
    in_a_row = len(list(takewhile(lambda one: not one.succeeded, attempts)))
    if facts.breaker.is_open or in_a_row >= FAILING_IN_A_ROW:
        return _failing(facts.breaker, failed, in_a_row, now)
    if failed and len(failed) * 100 >= DEGRADED_PERCENT * len(attempts):
        since = failed[-1].started_at
        when = f", {'at' if len(failed) == 1 else 'since'} {_time(since, now)}"
        return Health(HealthState.DEGRADED, f"{_some(failed, len(attempts), when)}.", since)
    if not attempts:
        return Health(HealthState.UNTRIED, "Nothing was sent to it yet.")
    return Health(HealthState.HEALTHY, _healthy(failed, len(attempts)))


def bin_of(duration_ms: int) -> int:
    """The bin, from 0, that a duration is counted in; its bound belongs to it."""
    return bisect_left(BIN_BOUNDS_MS, duration_ms)


def percentile(counts: Sequence[int], percent: int) -> int | None:
    """The time in ms that so many percent (1 to 100) did not exceed; None without counts.

    It is the upper bound of a bin: 400 says "more than 200, at most 400". 20000 also stands for
    what took longer, because there an attempt times out.
    """
    wanted = sum(counts) * percent
    if not wanted:
        return None
    so_far = zip(_ENDS_MS, accumulate(counts), strict=True)
    return next(end for end, count in so_far if count * 100 >= wanted)


def _switched_off(facts: Facts, failed: Sequence[EndedAttempt]) -> Health:
    paused = facts.state is EndpointState.PAUSED
    state = HealthState.PAUSED if paused else HealthState.DISABLED
    if facts.state_reason in (None, SWITCHED_OFF_BY_HAND):
        by_hand = " by hand" if facts.state_reason else ""
        return Health(state, f"Switched off{by_hand}.")
    why = str(facts.state_reason).replace("the endpoint ", "it ", 1)
    since = failed[0].started_at if failed else None
    return Health(state, f"Switched off because {why}.", since)


def _failing(
    breaker: Breaker, failed: Sequence[EndedAttempt], in_a_row: int, now: datetime
) -> Health:
    """The breaker knows of failures before the last attempts; switched on by hand, it has forgotten
    some of these."""
    total = max(breaker.failures_in_row, in_a_row)
    known = failed[:total]
    since = breaker.failing_since
    if since is None or breaker.failures_in_row < in_a_row:
        since = known[-1].started_at if known else now
    same = commonest(known)
    alike = len(same) == total and total > 0
    ended = how_ended(same, many=False) if alike else "failed"
    parts = [f"Every attempt since {_time(since, now)} {ended}: {total} in a row."]
    if same and not alike:
        parts.append(f"{_share(same, known, total)} {how_ended(same, many=len(same) > 1)}.")
    if breaker.probe_at is not None:
        parts.append(f"Deliveries are held; {_probe(breaker.probe_at, now)}.")
    return Health(HealthState.FAILING, " ".join(parts), since)


def _share(same: Sequence[EndedAttempt], known: Sequence[EndedAttempt], total: int) -> str:
    """How many ended in the commonest way, of those of which it is known."""
    if len(known) == total:
        return f"{len(same)} of them"
    all_did = len(same) == len(known)
    return f"The last {len(known)}" if all_did else f"{len(same)} of the last {len(known)}"


def _probe(probe_at: datetime, now: datetime) -> str:
    wait = probe_at - now
    if wait >= _MINUTE:
        when = f"is made at {_time(probe_at, now, named=False)}"
    else:
        when = "is made within a minute" if wait > timedelta(0) else "is due"
    return f"one attempt {when} to see whether it answers again"


def _healthy(failed: Sequence[EndedAttempt], total: int) -> str:
    if failed:
        return f"{_some(failed, total)}. The other {total - len(failed)} succeeded."
    which = "The last attempt was" if total == 1 else f"All of the last {total} attempts were"
    return f"{which} answered in time."


def _some(failed: Sequence[EndedAttempt], total: int, when: str = "") -> str:
    """How many of the last attempts failed, and how, or how most of them did."""
    who = f"{len(failed)} of the last {total} attempts"
    if len(failed) == total:
        who = f"All of the last {total} attempts" if total > 1 else "The last attempt"
    same = commonest(failed)
    ended = how_ended(same, many=len(same) > 1)
    if len(same) == len(failed):
        return f"{who} {ended}{when}"
    return f"{who} failed{when}; {len(same)} of them {ended}"


def _time(moment: datetime, now: datetime, *, named: bool = True) -> str:
    """A time of day in the zone of `now`, with its date where that is not today's."""
    moment = moment.astimezone(now.tzinfo)
    time = f"{moment:%H:%M}" + (" UTC" if named and now.tzinfo is UTC else "")
    if moment.date() == now.date():
        return time
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{time} on {moment.day} {moment:%B}{year}"
