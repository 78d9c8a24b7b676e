"""Endpoint health: each rule at its boundary, each reason word for word, bins and percentiles."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.delivery.attempt_summary import EndedAttempt
from contracts.delivery.states import AttemptState, EndpointState
from contracts.endpoints.circuit_breaker import Breaker, after_failure
from contracts.endpoints.health import (
    BINS,
    SWITCHED_OFF_BY_HAND,
    Facts,
    Health,
    HealthState,
    bin_of,
    judge,
    percentile,
)

NOW = datetime(2026, 11, 25, 14, 30, 10, tzinfo=UTC)
OFF, PAUSED = EndpointState.DISABLED, EndpointState.PAUSED

HEALTHY, DEGRADED, FAILING = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.FAILING
UNTRIED = HealthState.UNTRIED


def at(minutes: float) -> datetime:
    """So many minutes before NOW."""
    return NOW - timedelta(minutes=minutes)


def attempts(outcomes: str, *, days: int = 0) -> list[EndedAttempt]:
    """Attempts a minute apart, the oldest first as they are read; the last one began a minute ago.

    `.` succeeded; `t` timed out after 20 s and `c` after 10; `0` to `9` were answered 500 to 509;
    `g` 410; `n` had no connection; `o` failed by a fault of ours.
    """
    made = [
        _try(outcome, at(len(outcomes) - number) - timedelta(days=days))
        for number, outcome in enumerate(outcomes)
    ]
    return made[::-1]


def _try(outcome: str, started_at: datetime) -> EndedAttempt:
    statuses = {".": 200, "g": 410, **{str(digit): 500 + digit for digit in range(10)}}
    codes = {"t": ("timeout", 20_031), "c": ("timeout", 10_004), "n": ("connection", 3)}
    code, duration_ms = codes.get(outcome, (f"http_{statuses.get(outcome)}", 240))
    state = AttemptState.SUCCEEDED if outcome == "." else AttemptState.FAILED
    charged = outcome not in ".o"
    return EndedAttempt(started_at, state, charged, code, statuses.get(outcome), duration_ms)


def judged(
    outcomes: str | Sequence[EndedAttempt],
    breaker: Breaker | None = None,
    state: EndpointState = EndpointState.ENABLED,
    reason: str | None = None,
) -> Health:
    given_attempts = attempts(outcomes) if isinstance(outcomes, str) else outcomes
    return judge(Facts(state, reason, breaker or Breaker(), given_attempts), NOW)


def broken(failures: int, *, minutes: float = 25, probe_in_s: float = 50) -> Breaker:
    """An open breaker that has failed for so long."""
    probe_at = NOW + timedelta(seconds=probe_in_s)
    return Breaker(failures, at(minutes), at(minutes - 1), probe_at, 1)


class TestTheRules:
    @pytest.mark.parametrize(
        ("outcomes", "state"),
        [
            ("", UNTRIED),
            ("." * 20, HEALTHY),
            ("ttt" + "." * 17, HEALTHY),
            ("tttt" + "." * 16, DEGRADED),
            ("." * 16 + "tttt", DEGRADED),
            ("." * 15 + "ttttt", FAILING),
            ("ttttt" + "." * 15, DEGRADED),
            ("t" * 19 + ".", DEGRADED),
            ("t" * 20, FAILING),
            ("t" + "." * 4, DEGRADED),
            ("t" + "." * 5, HEALTHY),
            ("t", DEGRADED),
            ("tttt", DEGRADED),
            ("ttttt", FAILING),
            ("tttt." + "." * 20, HEALTHY),
            ("oooo" + "." * 16, HEALTHY),
            ("." * 15 + "ooooo", HEALTHY),
            ("." * 14 + "ttottt", FAILING),
            ("ooooo", UNTRIED),
        ],
    )
    def test_of_attempts(self, outcomes: str, state: HealthState) -> None:
        assert judged(outcomes).state is state

    @pytest.mark.parametrize("outcomes", ["", "." * 20, "t" * 20])
    def test_an_open_breaker_is_failing_whatever_the_attempts(self, outcomes: str) -> None:
        assert judged(outcomes, broken(14)).state is FAILING

    def test_a_breaker_that_is_not_open_decides_nothing(self) -> None:
        breaker = after_failure(Breaker(), NOW, NOW)
        assert judged("." * 19 + "t", breaker).state is HEALTHY

    @pytest.mark.parametrize(
        ("state", "health"), [(PAUSED, HealthState.PAUSED), (OFF, HealthState.DISABLED)]
    )
    @pytest.mark.parametrize("outcomes", ["", "." * 20, "t" * 20])
    def test_switched_off_comes_first(
        self, state: EndpointState, health: HealthState, outcomes: str
    ) -> None:
        assert judged(outcomes, broken(14), state).state is health


class TestTheWords:
    @pytest.mark.parametrize(
        ("outcomes", "words"),
        [
            (".", "The last attempt was answered in time."),
            (".." * 10, "All of the last 20 attempts were answered in time."),
            (
                "t" + "." * 5,
                "1 of the last 6 attempts timed out after 20 s. The other 5 succeeded.",
            ),
            (
                "303" + "." * 17,
                (
                    "3 of the last 20 attempts failed; 2 of them were answered 503 (Service "
                    "Unavailable). The other 17 succeeded."
                ),
            ),
        ],
    )
    def test_of_a_healthy_endpoint(self, outcomes: str, words: str) -> None:
        assert judged(outcomes) == Health(HEALTHY, words)

    def test_of_one_that_was_never_tried(self) -> None:
        assert judged("") == Health(UNTRIED, "Nothing was sent to it yet.")

    @pytest.mark.parametrize(
        ("outcomes", "minutes", "words"),
        [
            ("t", 1, "The last attempt timed out after 20 s, at 14:29 UTC."),
            ("t....", 5, "1 of the last 5 attempts timed out after 20 s, at 14:25 UTC."),
            (
                "3" * 3,
                3,
                "All of the last 3 attempts were answered 503 (Service Unavailable), since ",
            ),
            (
                "...t" + "t." * 5 + "ttttt.",
                17,
                "11 of the last 20 attempts timed out after 20 s, since 14:13 UTC.",
            ),
            (
                "tttc" + "." * 16,
                20,
                "4 of the last 20 attempts timed out after 10 to 20 s, since 14:10 UTC.",
            ),
            (
                "t03t" + "." * 16,
                20,
                (
                    "4 of the last 20 attempts failed, since 14:10 UTC; 2 of them timed out "
                    "after 20 s."
                ),
            ),
            (
                "t03n" + "." * 16,
                20,
                (
                    "4 of the last 20 attempts failed, since 14:10 UTC; 1 of them failed because "
                    "the connection could not be made or was cut."
                ),
            ),
        ],
    )
    def test_of_a_degraded_one(self, outcomes: str, minutes: float, words: str) -> None:
        health = judged(outcomes)
        assert health.reason.startswith(words)
        assert (health.state, health.since) == (DEGRADED, at(minutes))

    @pytest.mark.parametrize(
        ("outcomes", "minutes", "words"),
        [
            (
                "." * 15 + "t" * 5,
                5,
                "Every attempt since 14:25 UTC timed out after 20 s: 5 in a row.",
            ),
            (
                "." + "3" * 14,
                14,
                (
                    "Every attempt since 14:16 UTC was answered 503 (Service Unavailable): 14 "
                    "in a row."
                ),
            ),
            (
                "3ttt00t",
                7,
                "Every attempt since 14:23 UTC failed: 7 in a row. 4 of them timed out after 20 s.",
            ),
        ],
    )
    def test_of_a_failing_one(self, outcomes: str, minutes: float, words: str) -> None:
        assert judged(outcomes) == Health(FAILING, words, at(minutes))

    @pytest.mark.parametrize(
        ("outcomes", "failures", "probe_in_s", "words"),
        [
            (
                "." + "3" * 14,
                14,
                65,
                ("was answered 503 (Service Unavailable): 14 in a row.", "is made at 14:31"),
            ),
            (
                "t" * 20,
                300,
                59,
                (
                    "failed: 300 in a row. The last 20 timed out after 20 s.",
                    "is made within a minute",
                ),
            ),
            (
                "0" * 8 + "t" * 12,
                21,
                0,
                ("failed: 21 in a row. 12 of the last 20 timed out after 20 s.", "is due"),
            ),
            ("", 14, 600, ("failed: 14 in a row.", "is made at 14:40")),
        ],
    )
    def test_of_one_whose_deliveries_are_held(
        self, outcomes: str, failures: int, probe_in_s: float, words: tuple[str, str]
    ) -> None:
        health = judged(outcomes, broken(failures, probe_in_s=probe_in_s))
        assert health.reason == (
            f"Every attempt since 14:05 UTC {words[0]} Deliveries are held; one attempt {words[1]} "
            "to see whether it answers again."
        )
        assert (health.state, health.since) == (FAILING, at(25))

    @pytest.mark.parametrize(
        ("reason", "outcomes", "words", "minutes"),
        [
            ("the endpoint answered 410 Gone", "." * 19 + "g", "it answered 410 Gone", 1),
            ("it has answered nothing", "t" * 20, "it has answered nothing", 1),
            ("the endpoint answered 410 Gone", "", "it answered 410 Gone", None),
        ],
    )
    def test_of_one_that_doorstep_disabled(
        self, reason: str, outcomes: str, words: str, minutes: float | None
    ) -> None:
        since = None if minutes is None else at(minutes)
        wanted = Health(HealthState.DISABLED, f"Switched off because {words}.", since)
        assert judged(outcomes, state=OFF, reason=reason) == wanted

    @pytest.mark.parametrize("state", [PAUSED, OFF])
    def test_of_one_that_a_person_switched_off(self, state: EndpointState) -> None:
        health = judged("t" * 20, state=state, reason=SWITCHED_OFF_BY_HAND)
        assert (health.reason, health.since) == ("Switched off by hand.", None)
        assert judged("", state=state).reason == "Switched off."

    @pytest.mark.parametrize(
        ("code", "status", "words"),
        [
            ("http_302", 302, "was answered 302 (Found)"),
            ("http_404", 404, "was answered 404 (Not Found)"),
            ("http_599", 599, "was answered 599"),
            ("timeout", None, "timed out after 20 s"),
            ("tls", None, "failed because no secure connection (TLS) could be made"),
            ("connection", None, "failed because the connection could not be made or was cut"),
            ("protocol", None, "got no valid HTTP answer"),
            ("forbidden_address", None, "failed because its host leads to an address that is not"),
            ("invalid_url", None, "failed because its URL cannot be used"),
            ("new_code", None, "failed with the code new_code"),
            (None, None, "failed with the code unknown"),
        ],
    )
    def test_of_each_way_to_fail(self, code: str | None, status: int | None, words: str) -> None:
        one = EndedAttempt(at(1), AttemptState.FAILED, True, code, status, 20_004)
        assert judged([one]).reason.startswith(f"The last attempt {words}")

    @pytest.mark.parametrize("duration_ms", [None, 0, 12])
    def test_of_a_timeout_without_a_time(self, duration_ms: int | None) -> None:
        one = EndedAttempt(at(1), AttemptState.FAILED, True, "timeout", None, duration_ms)
        assert judged([one]).reason == "The last attempt timed out, at 14:29 UTC."


class TestTheTimes:
    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (0, "14:25 UTC:"),
            (1, "14:25 UTC on 24 November:"),
            (25, "14:25 UTC on 31 October:"),
            (365, "14:25 UTC on 25 November 2025:"),
        ],
    )
    def test_another_day_is_named(self, days: int, words: str) -> None:
        reason = judged(attempts("ttttt", days=days)).reason.replace(" timed out after 20 s", "")
        assert reason == f"Every attempt since {words} 5 in a row."

    @pytest.mark.parametrize(
        ("zone", "words"),
        [
            ("Asia/Kolkata", "The last attempt timed out after 20 s, at 19:59."),
            ("Pacific/Auckland", "The last attempt timed out after 20 s, at 03:29."),
            ("UTC", "The last attempt timed out after 20 s, at 14:29."),
        ],
    )
    def test_times_are_in_the_zone_of_the_moment_it_is_judged_at(
        self, zone: str, words: str
    ) -> None:
        facts = Facts(EndpointState.ENABLED, None, Breaker(), attempts("t"))
        assert judge(facts, NOW.astimezone(ZoneInfo(zone))).reason == words

    def test_today_is_that_zone_s_too(self) -> None:
        late = NOW.replace(hour=18, minute=31)  # a minute past midnight in India
        facts = Facts(
            EndpointState.ENABLED, None, Breaker(), [_try("t", late - timedelta(minutes=2))]
        )
        said = judge(facts, late.astimezone(ZoneInfo("Asia/Kolkata"))).reason
        assert said == "The last attempt timed out after 20 s, at 23:59 on 25 November."

    def test_a_probe_after_midnight_has_its_day(self) -> None:
        words = judged("t" * 20, broken(20, probe_in_s=10 * 3600)).reason
        assert "one attempt is made at 00:30 on 26 November to see" in words

    def test_what_a_change_by_hand_made_the_breaker_forget_is_counted_by_the_attempts(self) -> None:
        breaker = after_failure(Breaker(), NOW, NOW)
        words = "Every attempt since 14:18 UTC timed out after 20 s: 12 in a row."
        assert judged("." + "t" * 12, breaker) == Health(FAILING, words, at(12))


class TestTheBins:
    @pytest.mark.parametrize(
        ("duration_ms", "number"),
        [(0, 0), (50, 0), (51, 1), (100, 1), (401, 4), (20_000, 10), (20_001, 11), (10**9, 11)],
    )
    def test_a_bound_belongs_to_its_bin(self, duration_ms: int, number: int) -> None:
        assert bin_of(duration_ms) == number


def counted(durations: Sequence[int]) -> list[int]:
    counts = [0] * BINS
    for one in durations:
        counts[bin_of(one)] += 1
    return counts


class TestPercentiles:
    @pytest.mark.parametrize(
        ("durations", "percent", "wanted"),
        [
            ([], 50, None),
            ([240], 50, 400),
            ([240], 99, 400),
            ([40] * 50 + [240] * 50, 50, 50),
            ([40] * 49 + [240] * 51, 50, 400),
            ([40] * 95 + [240] * 5, 95, 50),
            ([40] * 94 + [240] * 6, 95, 400),
            ([40] * 98 + [20_030] * 2, 99, 20_000),
            ([40] * 99 + [20_030], 99, 50),
            ([40] * 99 + [20_030], 100, 20_000),
            ([20_000], 50, 20_000),
        ],
    )
    def test_are_upper_bounds(
        self, durations: Sequence[int], percent: int, wanted: int | None
    ) -> None:
        assert percentile(counted(durations), percent) == wanted

    def test_without_any_bins(self) -> None:
        assert percentile([], 50) is None

    @given(
        st.lists(st.integers(min_value=0, max_value=20_000), min_size=1),
        st.integers(min_value=1, max_value=100),
    )
    def test_so_many_percent_did_not_exceed_it(self, durations: list[int], percent: int) -> None:
        bound = percentile(counted(durations), percent)
        assert bound is not None
        within = sum(one <= bound for one in durations)
        assert within * 100 >= percent * len(durations)
