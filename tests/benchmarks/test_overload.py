"""Twice as much as can be carried: who posts how much, who was overtaken, what the table says."""

from collections import Counter

from benchmarks.figures import Spread
from benchmarks.overload import FIRST, LARGE, SMALL, TIERS, Overload, OverloadPlan, Shops, overtaken
from benchmarks.overload_tables import figures
from benchmarks.totals import Count


def make_overload(meanwhile: float) -> Overload:
    counted = Count(10, 10, 10, 10, repeats=0, unverified=0, balanced=True)
    wait = Spread(10, 100, 900, 1000)
    return Overload(
        plan=OverloadPlan(),
        sustained=20.0,
        offered=40.0,
        meanwhile=meanwhile,
        backlog=100,
        afterwards=22.0,
        waits=dict.fromkeys(TIERS, wait),
        overtaken=0,
        repeats=0,
        run_twice=0,
        count=counted,
    )


class TestShops:
    def test_the_large_one_posts_five_times_as_much_as_the_small_one(self) -> None:
        shops = Shops("test")
        made = [shops.make() for _ in range(70)]
        posts = Counter(shop for shop, _, _ in made)
        assert posts[LARGE] == 5 * posts[SMALL] > 0
        assert posts[FIRST] > 0
        assert len({event_id for _, event_id, _ in made}) == len(made)

    def test_both_of_them_are_of_a_lower_tier_than_the_first(self) -> None:
        assert TIERS[LARGE] == TIERS[SMALL] != TIERS[FIRST]


_OF = {"a": FIRST, "b": LARGE, "c": SMALL}


class TestOvertaken:
    def test_whoever_arrives_while_a_higher_tier_has_waited_for_long(self) -> None:
        accepted = {"a": 0.0, "b": 0.0, "c": 0.0}
        assert overtaken(_OF, accepted, {"a": 5.0, "b": 4.0, "c": 6.0}) == 1

    def test_not_before_it_has_waited_for_a_second(self) -> None:
        accepted = {"a": 3.5, "b": 0.0, "c": 0.0}
        assert overtaken(_OF, accepted, {"a": 5.0, "b": 4.0, "c": 4.4}) == 0


class TestFigures:
    def test_rates_are_shares_of_the_sustained_one(self) -> None:
        found = figures(make_overload(meanwhile=19.0))
        assert (found["meanwhile"], found["afterwards"]) == (0.95, 1.1)
