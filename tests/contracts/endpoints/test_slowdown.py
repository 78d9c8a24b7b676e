"""How an endpoint that asks us to wait is slowed down, and sent to at speed again."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.endpoints.slowdown import LONGEST_WAIT_S, Slowdown, after_acceptance, after_refusal

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class TestRefused:
    @pytest.mark.parametrize(
        ("asked_s", "wait_s"), [(None, 1), (0, 1), (0.5, 1), (30, 30), (3600, 3600), (1e9, 3600)]
    )
    def test_nothing_is_sent_for_as_long_as_it_asks(
        self, asked_s: float | None, wait_s: float
    ) -> None:
        slowdown = after_refusal(Slowdown(), asked_s, NOW, NOW)
        assert slowdown == Slowdown(after(wait_s), limit=1, refusals=1)

    def test_again_and_again_without_anything_taken_it_is_left_alone_for_longer(self) -> None:
        slowdown, at, waits = Slowdown(), NOW, []
        for _ in range(11):
            slowdown = after_refusal(slowdown, 1, at, at)
            assert slowdown.not_before is not None
            waits.append((slowdown.not_before - at).total_seconds())
            at = slowdown.not_before
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_WAIT_S, LONGEST_WAIT_S]

    def test_those_that_were_on_the_wire_already_are_one_refusal(self) -> None:
        slowdown = after_refusal(Slowdown(), 1, NOW, after(0.1))
        for number in range(50):
            slowdown = after_refusal(slowdown, 1, NOW, after(0.1 + number / 100))
        assert (slowdown.refusals, slowdown.not_before) == (1, after(1.59))

    def test_a_shorter_wish_does_not_make_it_shorter(self) -> None:
        slowdown = after_refusal(after_refusal(Slowdown(), 60, NOW, NOW), 5, NOW, after(1))
        assert slowdown.not_before == after(60)


class TestAccepted:
    def test_each_that_is_taken_lets_one_more_go_up_to_its_own_limit(self) -> None:
        slowdown, limits = after_refusal(Slowdown(), 1, NOW, NOW), []
        for seconds in range(1, 5):
            slowdown = after_acceptance(slowdown, after(seconds), own_limit=5)
            limits.append(slowdown.limit)
        assert limits == [2, 3, 4, None]
        assert slowdown == Slowdown()

    def test_one_that_was_on_the_wire_when_it_refused_proves_nothing(self) -> None:
        slowdown = after_refusal(Slowdown(), 1, NOW, after(0.1))
        assert after_acceptance(slowdown, NOW, own_limit=50) == slowdown

    def test_the_next_refusal_is_the_first_again(self) -> None:
        refused = Slowdown(after(1), limit=1, refusals=8)
        taken = after_acceptance(refused, after(1), own_limit=50)
        assert after_refusal(taken, 1, after(2), after(2)) == Slowdown(after(3), 1, 1)

    def test_an_endpoint_that_is_not_slowed_down_stays_so(self) -> None:
        assert after_acceptance(Slowdown(), NOW, own_limit=50) == Slowdown()
