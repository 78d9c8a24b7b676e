"""The table of all partners: its counts are enough for its figures, and the worst comes first."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.outcomes.board import BOARD, COUNTS_OF_BOARD, COUNTS_OF_CHART, worst_first
from contracts.outcomes.counts import COUNTED, Counts, Sums
from contracts.outcomes.figures import PartnerSums, figures_of
from contracts.outcomes.prices import Prices
from contracts.outcomes.targets import TARGETS, is_reached

numbers = st.fixed_dictionaries({name: st.integers(0, 10_000) for name in COUNTED})


def partner(partner_id: str = "shop", /, **counts: int) -> PartnerSums:
    return PartnerSums(partner_id, Sums(Counts(**counts)), Prices())


@given(numbers)
def test_its_counts_are_all_that_its_figures_are_made_of(counts: dict[str, int]) -> None:
    read = {name: counts[name] for name in COUNTS_OF_BOARD}
    assert figures_of([partner(**read)], BOARD) == figures_of([partner(**counts)], BOARD)
    charted = [one for one in BOARD if one.name in TARGETS]
    drawn = {name: counts[name] for name in COUNTS_OF_CHART}
    assert figures_of([partner(**drawn)], charted) == figures_of([partner(**counts)], charted)


def test_the_worst_within_the_policy_comes_first_then_within_90_s() -> None:
    partners = [
        partner("none"),
        partner("well", webhooks=10, webhooks_within_policy=10, webhooks_within_90s=10),
        partner("slow", webhooks=10, webhooks_within_policy=9, webhooks_within_90s=8),
        partner("slower", webhooks=10, webhooks_within_policy=9, webhooks_within_90s=7),
    ]
    ranked = [one.partner_id for one in worst_first(partners)]
    assert ranked == ["slower", "slow", "well", "none"]


def test_what_is_rounded_up_to_a_target_has_not_reached_it() -> None:
    almost = partner(webhooks=1_000_000, webhooks_within_policy=995_999)
    exactly = partner(webhooks=1_000, webhooks_within_policy=996)
    for shop, reached in ((almost, False), (exactly, True), (partner(), None)):
        found = {one.name: is_reached(one) for one in figures_of([shop], BOARD)}
        assert found["delivered_within_policy"] is reached
        assert found["rto"] is None
