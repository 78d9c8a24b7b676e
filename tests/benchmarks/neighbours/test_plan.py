"""The plan of the neighbour test: even, in a fixed order, and one kill in each ill phase."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from benchmarks.neighbours.plan import ILL, LOADS, NeighbourPlan, Phase

[ACT] = NeighbourPlan().acts


class TestTheShops:
    def test_one_in_five_falls_ill(self) -> None:
        shops = NeighbourPlan().shops
        assert len({shop.id for shop in shops}) == 50
        assert sum(shop.falls_ill for shop in shops) == 10


class TestThePhases:
    def test_follow_one_another_without_a_gap(self) -> None:
        windows = NeighbourPlan().windows(ACT)
        assert [window.phase for window in windows] == [
            phase for phase in Phase if phase not in LOADS
        ]
        assert all(one.to_s == then.from_s for one, then in pairwise(windows))

    def test_the_warm_up_has_a_length_of_its_own(self) -> None:
        windows = NeighbourPlan(phase_seconds=30, warm_up_seconds=4).windows(ACT)
        assert [window.to_s - window.from_s for window in windows] == [4, *[30] * 6]

    def test_a_hang_lasts_longer_than_an_attempt_where_figures_are_to_be_quoted(self) -> None:
        assert NeighbourPlan().phase_seconds > 3 * 20


class TestALoad:
    @pytest.mark.parametrize("load", LOADS)
    def test_comes_after_a_quiet_time_of_the_same_run(self, load: Phase) -> None:
        plan = NeighbourPlan().under(load)
        assert plan.acts == [[Phase.WARM_UP, Phase.BEFORE], [load]]
        assert [plan.kills(act) for act in plan.acts] == [[], []]

    def test_is_of_one_of_five_shops_while_the_others_get_as_many_events(self) -> None:
        plan = replace(NeighbourPlan().under(Phase.IMPORT), rate=5, phase_seconds=10)
        sent = Counter(send.shop.falls_ill for act in plan.acts for send in plan.sends(act))
        assert sum(shop.falls_ill for shop in plan.shops) == 1
        assert sent == {False: 120, True: 30}


class TestTheEvents:
    def test_are_due_evenly(self) -> None:
        sends = list(NeighbourPlan(rate=10, phase_seconds=5, warm_up_seconds=5).sends(ACT))
        assert len(sends) == 350
        assert [send.due_s for send in sends[:3]] == pytest.approx([0, 0.1, 0.2])
        assert {round(b.due_s - a.due_s, 9) for a, b in pairwise(sends)} == {0.1}

    def test_go_round_the_shops_in_their_order(self) -> None:
        plan = NeighbourPlan(phase_seconds=5, warm_up_seconds=5)
        sends = list(plan.sends(ACT))
        assert [send.shop for send in sends[:50]] == plan.shops
        assert [send.shop for send in sends[50:100]] == plan.shops

    def test_every_phase_has_its_share_and_one_in_five_goes_to_the_ill(self) -> None:
        sends = list(NeighbourPlan(rate=10, phase_seconds=10, warm_up_seconds=5).sends(ACT))
        counted = Counter((send.phase, send.shop.falls_ill) for send in sends)
        for phase in ILL:
            assert (counted[phase, False], counted[phase, True]) == (80, 20)

    def test_belong_to_the_phase_in_which_they_are_due(self) -> None:
        plan = NeighbourPlan(phase_seconds=10, warm_up_seconds=5)
        windows = {window.phase: window for window in plan.windows(ACT)}
        for send in plan.sends(ACT):
            assert windows[send.phase].from_s <= send.due_s < windows[send.phase].to_s


class TestTheKills:
    def test_another_worker_dies_in_each_ill_phase(self) -> None:
        plan = NeighbourPlan()
        alone, *kills = plan.kills(ACT)
        assert [kill.process for kill in kills] == ["worker-2", "worker-3", "worker-1"]
        ill = [window for window in plan.windows(ACT) if window.phase in ILL]
        assert all(w.from_s < k.at_s < w.to_s for w, k in zip(ill, kills, strict=True))
        [all_well] = [window for window in plan.windows(ACT) if window.phase is Phase.KILL]
        assert all_well.from_s < alone.at_s < all_well.to_s

    def test_it_is_started_again_at_once(self) -> None:
        assert {kill.down_s for kill in NeighbourPlan().kills(ACT)} == {0.0}

    def test_two_workers_take_turns(self) -> None:
        names = [kill.process for kill in NeighbourPlan(worker_count=2).kills(ACT)]
        assert names == ["worker-1", "worker-2", "worker-1", "worker-2"]
