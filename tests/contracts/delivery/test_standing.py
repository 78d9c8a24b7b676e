"""How messages stand together: no combination of states is called well while something is not."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.delivery.standing import Situation, Tally, Trouble, standing_of
from contracts.delivery.states import OPEN_STATES, DeliveryState, HoldReason, SkipReason

COUNTS = st.integers(min_value=0, max_value=1_000)
ENDED_WELL = (
    DeliveryState.DELIVERED,
    DeliveryState.SKIPPED,
    DeliveryState.DISCARDED,
    DeliveryState.EXPIRED,
)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    state = draw(st.sampled_from(DeliveryState))
    reasons: st.SearchStrategy[HoldReason | SkipReason | None] = st.none()
    if state is DeliveryState.HELD:
        reasons = st.sampled_from(HoldReason)
    elif state is DeliveryState.SKIPPED:
        reasons = st.sampled_from(SkipReason)
    late = state in OPEN_STATES and draw(st.booleans())
    return Tally(state, draw(COUNTS), draw(reasons), draw(st.booleans()), late)


SITUATIONS = st.builds(
    Situation, st.booleans(), st.booleans(), *(st.integers(0, 3) for _ in range(4))
)
LISTS = st.lists(tallies(), max_size=12)


def is_trouble(one: Tally) -> bool:
    """On hold, failed, or in flight for too long."""
    if one.is_test or not one.count:
        return False
    return one.state in (DeliveryState.HELD, DeliveryState.DEAD_LETTERED) or one.late


@given(LISTS, SITUATIONS)
def test_all_is_clear_exactly_when_nothing_is_on_hold_failed_late_or_in_the_way(
    several: Sequence[Tally], situation: Situation
) -> None:
    standing = standing_of(several, situation)
    well = not any(map(is_trouble, several)) and situation == Situation()
    assert standing.all_clear is well
    assert (standing.worst is Trouble.NONE) is well


@given(LISTS)
def test_every_message_is_in_exactly_one_figure(several: Sequence[Tally]) -> None:
    standing = standing_of(several)
    real = sum(one.count for one in several if not one.is_test)
    figures = (
        *(standing.sent, standing.failed, standing.dismissed, standing.expired),
        *(standing.queued, standing.late, standing.held, standing.not_needed),
    )
    assert sum(figures) == standing.all == real
    assert standing.held == sum(standing.on_hold.values())
    assert standing.not_needed == sum(standing.skipped.values())


@given(LISTS)
def test_everything_sent_is_said_only_where_all_that_was_due_was_sent(
    several: Sequence[Tally],
) -> None:
    standing = standing_of(several)
    share = standing.share_sent
    assert (share is None) is (standing.due == 0)
    if share is not None:
        assert 0 <= share <= 1
        bad = (standing.never_sent, standing.held, standing.late)
        assert (share == 1) is not any(bad)


@given(LISTS, SITUATIONS)
def test_tests_change_nothing(several: Sequence[Tally], situation: Situation) -> None:
    real = [one for one in several if not one.is_test]
    assert standing_of(several, situation) == standing_of(real, situation)


@given(LISTS, SITUATIONS, tallies())
def test_one_trouble_more_is_never_better(
    several: Sequence[Tally], situation: Situation, another: Tally
) -> None:
    before, after = standing_of(several, situation), standing_of([*several, another], situation)
    assert after.worst <= before.worst


@pytest.mark.parametrize("reason", list(HoldReason))
def test_whatever_is_on_hold_has_a_trouble_of_its_own(reason: HoldReason) -> None:
    standing = standing_of([Tally(DeliveryState.HELD, 57, reason)])
    assert standing.worst < Trouble.NONE
    assert standing.share_sent == 0


@pytest.mark.parametrize("state", ENDED_WELL)
def test_what_is_over_is_no_trouble(state: DeliveryState) -> None:
    assert standing_of([Tally(state, 3)]).all_clear
