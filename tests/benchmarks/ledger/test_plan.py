"""A seed always gives the same kills and fail-overs; recovery is the next sign of life."""

from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.kills import Kill, plan_kills
from benchmarks.ledger.failover import plan_spans, unfit
from benchmarks.ledger.options import Options, Scenario, read_options
from benchmarks.ledger.orders import answered_orders, make_postings
from benchmarks.ledger.partners import partners_of
from benchmarks.ledger.recovery import Delays, delays, recoveries
from benchmarks.ports import lasting_ports
from benchmarks.proxy import Answer, NoProxy, find_nginx
from contracts.payload.events import TrackingEvent

NAMES = ["temporal", "worker", "api", "postgresql"]


class TestThePlanOfKills:
    def test_each_process_dies_as_often_as_asked_within_the_time(self) -> None:
        plan = plan_kills(7, NAMES, kills=5, play_s=40)
        assert sorted(one.process for one in plan) == sorted(NAMES * 5)
        assert all(0 < one.at_s < 40 and 0 < one.down_s <= 2 for one in plan)
        assert all(one.at_s <= other.at_s for one, other in pairwise(plan))

    def test_the_same_seed_gives_the_same_plan(self) -> None:
        assert plan_kills(7, NAMES, 5, 40) == plan_kills(7, NAMES, 5, 40)
        assert plan_kills(7, NAMES, 5, 40) != plan_kills(8, NAMES, 5, 40)

    def test_none_are_none(self) -> None:
        assert plan_kills(7, NAMES, kills=0, play_s=40) == []


class TestThePlanOfAFailOver:
    def test_every_wrong_answer_is_given_once_and_none_while_another_is(self) -> None:
        plan = plan_spans(7, play_s=60)
        assert {one.answer for one in plan} == set(Answer) - {Answer.PASSED_ON}
        assert len(plan) == len(Answer) - 1
        ends = [one.at_s + one.for_s for one in plan]
        assert all(end <= after.at_s for end, after in zip(ends, plan[1:], strict=False))
        assert ends[-1] <= 60

    def test_the_same_seed_gives_the_same_plan(self) -> None:
        assert plan_spans(7, 60) == plan_spans(7, 60)
        assert plan_spans(7, 60) != plan_spans(8, 60)

    def test_who_asks_meanwhile_gets_no_500(self) -> None:
        fit = {("status", 200): 3, ("retry", 202): 1, ("retry", 409): 1, ("retry", 503): 2}
        assert unfit(fit) == []
        assert len(unfit({**fit, ("status", 503): 1, ("retry", 500): 1})) == 2

    def test_without_nginx_it_says_what_to_install(self, tmp_path: Path) -> None:
        with pytest.raises(NoProxy, match="apt-get install nginx"):
            find_nginx(path=str(tmp_path))


class TestRecovery:
    def test_an_api_lives_with_its_next_202_a_worker_with_the_next_arrival(self) -> None:
        kills = [Kill("api", 9, 10), Kill("worker", 19, 20), Kill("worker-2", 29, 30)]
        found = recoveries(kills, accepted_at=[5, 12, 13], arrived_at=[11, 21.5, 30.5])
        assert [
            (one.process, one.kills, one.least_s, one.median_s, one.most_s) for one in found
        ] == [
            ("api", 1, 2, 2, 2),
            ("worker", 2, 0.5, 1.0, 1.5),
        ]

    def test_postgresql_lives_when_it_both_accepts_and_delivers(self) -> None:
        [found] = recoveries([Kill("postgresql", 0, 1)], accepted_at=[2], arrived_at=[4])
        assert found.most_s == 3

    def test_nothing_left_to_do_is_not_a_recovery(self) -> None:
        [found] = recoveries([Kill("worker", 0, 10)], accepted_at=[], arrived_at=[5])
        assert (found.unseen, found.median_s) == (1, None)


class TestDelays:
    def test_the_first_arrival_of_each_event_counts(self) -> None:
        arrivals = [("e1", 12.0), ("e1", 11.0), ("e2", 25.0), ("unknown", 99.0)]
        found = delays({"e1": 10.0, "e2": 20.0, "e3": 30.0}, arrivals)
        assert found == Delays(2, 1.0, 5.0, 5.0)

    def test_nothing_arrived(self) -> None:
        assert delays({"e1": 1.0}, []) is None


class TestTheEvents:
    def test_the_same_seed_gives_the_same_orders(self) -> None:
        ids = {"unreliable": "ep_1", "down": "ep_2", "large-all": "ep_3", "large-some": "ep_4",
               "large-paused": "ep_5", "gone": "ep_6"}  # fmt: skip

        def orders() -> list[tuple[str, str, str, frozenset[str]]]:
            return [
                (one.event.event_id, one.event.partner_id, one.event.order_id, one.event.targets)
                for one in make_postings(3, 200, partners_of(3), ids)
            ]

        assert orders() == orders()
        assert len({one[0] for one in orders()}) == 200
        assert {one[1] for one in orders()} == {partner.id for partner in partners_of(3)}
        assert {"sms"} in [one[3] for one in orders()]
        assert {"none"} in [one[3] for one in orders()]


class TestTheCommandLine:
    def test_the_defaults(self) -> None:
        options = read_options([])
        assert (options.events, options.kills, options.scenario) == (2_000, 5, Scenario.KILLS)

    @pytest.mark.parametrize("scenario", Scenario)
    def test_the_command_repeats_the_run(self, scenario: Scenario) -> None:
        given = f"--events 50 --rate 5 --seed 3 --scenario {scenario} --engine production"
        options = read_options(given.split())
        again = read_options(options.command.split()[3:])
        assert again == options

    def test_short_is_300_events_and_one_kill_of_each(self) -> None:
        options = read_options(["--short", "--seed", "1"])
        assert (options.events, options.kills, options.play_s) == (300, 1, 10.0)

    def test_a_cluster_has_two_apis_and_three_workers(self) -> None:
        options = Options(scenario=Scenario.CLUSTER)
        assert (options.apis, options.workers) == (2, 3)

    @pytest.mark.parametrize("given", ["--events 0", "--rate 0", "--scenario none"])
    def test_what_makes_no_sense_is_refused(self, given: str) -> None:
        with pytest.raises(SystemExit):
            read_options(given.split())


def test_ports_are_different_and_lie_below_the_outgoing_ones() -> None:
    ports = lasting_ports(8)
    assert len(set(ports)) == 8
    assert max(ports) < 32_768


def test_every_posting_is_an_event_that_the_api_takes() -> None:
    partners = partners_of(1)
    ids = {one.name: f"ep_{one.name}" for partner in partners for one in partner.endpoints}
    postings = list(make_postings(1, 40, partners, ids))
    for posting in postings:
        TrackingEvent.model_validate_json(posting.body)
    answered = [posting.event.order_id for posting in postings if posting.is_answered]
    assert answered == [one.order_id for one in answered_orders(1, 40)]
