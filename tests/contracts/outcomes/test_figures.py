"""Figures: what each is worked out of, and what there is to tell without events."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.outcomes.counts import COUNTED, Counts, Sums, total
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import Figure, PartnerSums, Unit, add_up, figures_of
from contracts.outcomes.prices import Prices
from contracts.outcomes.propagation import BOUNDS_MS, bucket_of, percentile_ms

NAMED = {one.name: one for one in DEFINITIONS}


NO_PRICES = Prices()


def shop(
    counts: dict[str, int] | None = None,
    *,
    partner_id: str = "shop",
    prices: Prices = NO_PRICES,
    **sums: Any,
) -> PartnerSums:
    return PartnerSums(partner_id, Sums(Counts(**(counts or {})), **sums), prices)


def figure(name: str, *partners: PartnerSums) -> Figure:
    [found] = figures_of(partners, [NAMED[name]])
    return found


class TestDefinitions:
    def test_each_name_is_defined_once_and_in_words(self) -> None:
        assert len(NAMED) == len(DEFINITIONS)
        for one in DEFINITIONS:
            assert one.means.endswith(".")
            assert one.numerator
            assert (one.denominator is not None) is (one.unit in (Unit.SHARE, Unit.PER_100))

    def test_what_is_a_model_says_so(self) -> None:
        modelled = {one.name for one in DEFINITIONS if one.modelled}
        assert modelled == {"redeliveries_avoided", "redelivery_cost_avoided"}
        assert all(NAMED[name].means.startswith("A model: ") for name in modelled)

    def test_without_anything_there_is_no_share_and_every_count_is_none(self) -> None:
        for one in figures_of([], DEFINITIONS):
            assert one.value is None or (one.value == 0 and one.unit is Unit.COUNT)


class TestShares:
    def test_numerator_and_denominator_are_told(self) -> None:
        partners = [
            shop({"webhooks": 3, "webhooks_within_90s": 2}),
            shop({"webhooks": 4, "webhooks_within_90s": 4}, partner_id="other"),
        ]
        one = figure("delivered_within_90_s", *partners)
        assert (one.numerator, one.denominator) == (Decimal(6), 7)
        assert one.value == Decimal("0.85714")

    def test_rto_is_of_the_orders_that_ended(self) -> None:
        one = figure("rto", shop({"orders_returned": 1, "orders_delivered": 9}))
        assert (one.value, one.denominator) == (Decimal("0.1"), 10)

    def test_calls_are_of_the_orders_of_days_with_calls(self) -> None:
        one = figure("wismo_calls_per_100_orders", shop(calls=3, orders_of_call_days=40))
        assert one.value == Decimal("7.5")


class TestTheModel:
    COUNTS = {  # noqa: RUF012 - never changed
        "instructed_followed": 10,
        "instructed_delivered": 9,
        "uninstructed_followed": 20,
        "uninstructed_delivered": 12,
        "returned_as_asked": 2,
    }

    def test_successes_beyond_the_usual_rate_and_returns_as_asked(self) -> None:
        assert figure("redeliveries_avoided", shop(self.COUNTS)).value == Decimal("5.0")

    def test_it_may_be_worse_than_without(self) -> None:
        counts = {**self.COUNTS, "instructed_delivered": 1, "returned_as_asked": 0}
        assert figure("redeliveries_avoided", shop(counts)).value == Decimal("-5.0")

    def test_without_others_to_compare_with_nobody_knows(self) -> None:
        counts = {**self.COUNTS, "uninstructed_followed": 0, "uninstructed_delivered": 0}
        assert figure("redeliveries_avoided", shop(counts)).value is None

    def test_rupees_are_each_partners_own(self) -> None:
        partners = [
            shop(self.COUNTS, prices=Prices(redelivery=Decimal("80.00"))),
            shop(self.COUNTS, partner_id="b", prices=Prices(redelivery=Decimal("55.50"))),
            shop(self.COUNTS, partner_id="c"),
        ]
        assert figure("redelivery_cost_avoided", *partners).value == Decimal("677.50")
        assert figure("redelivery_cost_avoided", partners[2]).value is None

    def test_texts_cost_what_their_parts_cost(self) -> None:
        priced = shop({"sms_parts": 1_000}, prices=Prices(sms_part=Decimal("0.1725")))
        assert figure("sms_cost", priced).value == Decimal("172.50")


TIMES = st.lists(st.integers(0, 20_000_000), min_size=1, max_size=60)


class TestPropagation:
    @given(TIMES, st.sampled_from([50, 95, 99]))
    def test_a_percentile_is_as_near_as_is_said(self, times: list[int], percent: int) -> None:
        counts: dict[int, int] = {}
        for one in times:
            counts[bucket_of(one)] = counts.get(bucket_of(one), 0) + 1
        told = percentile_ms(counts, percent)
        true = sorted(times)[-(-len(times) * percent // 100) - 1]
        assert told is not None
        assert true <= told <= max(10, true * 1.123 + 1)

    def test_what_took_longer_than_all_bounds_is_the_last_one(self) -> None:
        assert percentile_ms({bucket_of(10**12): 1}, 50) == BOUNDS_MS[-1]

    def test_without_any_there_is_none(self) -> None:
        assert percentile_ms({}, 99) is None
        assert figure("propagation_p99", shop()).value is None


class TestAddingUp:
    def test_every_count_is_added_and_bucket_by_bucket(self) -> None:
        one = Sums(Counts(**dict.fromkeys(COUNTED, 1)), {3: 1, 4: 2}, 5, 1, 7)
        both = total([one, one])
        assert both == Sums(Counts(**dict.fromkeys(COUNTED, 2)), {3: 2, 4: 4}, 10, 2, 14)

    def test_periods_are_added_partner_by_partner(self) -> None:
        monday = [shop({"orders": 1}), shop({"orders": 2}, partner_id="b")]
        added = add_up([monday, [shop({"orders": 5})]])
        assert [(one.partner_id, one.sums.counts.orders) for one in added] == [
            ("shop", 6),
            ("b", 2),
        ]
