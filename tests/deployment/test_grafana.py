"""The boards of deploy/grafana ask for what the processes serve, and are such as Grafana loads.

What they ask of a worker's Temporal SDK is held by `tests/test_worker_metrics.py`, the language of
their expressions by `tests/peers/test_prometheus.py`.
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.deployment.deployment_files import ROOT
from tests.deployment.grafana_boards import GRAFANA, Expression, boards, expressions
from tests.deployment.served_metrics import METRICS, samples

_GRAFANA_S = {"stat", "timeseries", "bargauge"}
_OURS = [one for one in expressions() if not one.metrics[0].startswith("temporal_")]
_NOT_SHOWN = {"doorstep_dead_letter_mirror_waiting"}
"""Its age says the same, and asks somebody to act."""


def served() -> dict[str, Mapping[str, set[str]]]:
    """What our processes serve, and what Prometheus itself knows of them."""
    unknown: set[str] = set()
    durations = {"method": unknown, "route": unknown, "le": unknown}
    by_route: dict[str, Mapping[str, set[str]]] = {
        "doorstep_api_requests_total": {"method": unknown, "route": unknown, "status": unknown},
        "doorstep_api_request_duration_seconds_bucket": durations,
    }
    return {**samples(), **by_route, "doorstep_database_up": {}, "up": {}}


class TestTheExpressions:
    @pytest.mark.parametrize("one", _OURS, ids=lambda one: one.where)
    def test_each_asks_for_what_is_served(self, one: Expression) -> None:
        assert one.faults(served()) == []

    def test_every_metric_of_ours_is_on_a_board(self) -> None:
        shown = {re.sub(r"_bucket$", "", name) for one in expressions() for name in one.metrics}
        assert METRICS - shown == _NOT_SHOWN

    def test_the_jobs_are_those_that_are_scraped(self) -> None:
        scrape = yaml.safe_load((ROOT / "deploy" / "prometheus" / "scrape.yml").read_text())
        jobs = {job["job_name"] for job in scrape["scrape_configs"]}
        asked = {
            job
            for one in expressions()
            for value in re.findall(r'job=~?"(.*?)"', one.text)
            for job in value.split("|")
        }
        assert asked
        assert asked <= jobs

    @pytest.mark.parametrize("one", _OURS, ids=lambda one: one.where)
    def test_what_all_apis_show_alike_is_not_added_up(self, one: Expression) -> None:
        taken = re.compile(r"\b((max|min)( by \([^)]*\) )?|sum_over_time)\($")
        for found in re.finditer(r"doorstep_\w+", one.text):
            if found[0] in _of_the_database():
                assert taken.search(one.text[: found.start()]), found[0]

    def test_a_metric_that_is_misspelt_is_found(self) -> None:
        wrong = Expression("", 'max by (stat) (doorstep_events{state="acepted"})', "{{kind}}")
        assert wrong.faults(served()) == [
            'doorstep_events: state="acepted"',
            "kind",
            "stat",
        ]
        assert Expression("", "max(doorstep_event)", "").faults(served()) == ["doorstep_event"]


class TestTheBoards:
    def test_there_is_one_for_each_question(self) -> None:
        assert set(boards()) == {"system", "partners", "sms", "temporal"}

    @pytest.mark.parametrize("name", boards())
    def test_grafana_can_tell_it_and_its_panels_apart(self, name: str) -> None:
        board = boards()[name]
        assert board["uid"] == f"doorstep-{name}"
        assert board["description"]
        ids = [panel["id"] for panel in board["panels"]]
        assert len(ids) == len(set(ids)) == len({panel["title"] for panel in board["panels"]})
        assert {panel["type"] for panel in board["panels"]} <= _GRAFANA_S
        assert not _overlapping(board["panels"])

    @pytest.mark.parametrize("name", boards())
    def test_each_asks_the_prometheus_that_its_reader_chooses(self, name: str) -> None:
        board = boards()[name]
        [variable] = [one for one in board["templating"]["list"] if one["type"] == "datasource"]
        chosen = {"type": "prometheus", "uid": f"${{{variable['name']}}}"}
        for panel in board["panels"]:
            assert panel["datasource"] == chosen
            assert all(target["datasource"] == chosen for target in panel["targets"])

    def test_the_partners_to_choose_from_are_those_that_are_served(self) -> None:
        [variable] = [
            one for one in boards()["partners"]["templating"]["list"] if one["name"] == "partner"
        ]
        [(name, label)] = re.findall(r"^label_values\((\w+), (\w+)\)$", variable["query"])
        assert label in served()[name]

    def test_the_provisioning_is_of_this_folder(self) -> None:
        loaded = yaml.safe_load((GRAFANA / "provisioning.yml").read_text())
        [provider] = loaded["providers"]
        assert (loaded["apiVersion"], provider["type"]) == (1, "file")


def _of_the_database() -> set[str]:
    """The gauges that every API reads anew from the database."""
    counted = ("_total", "_bucket", "doorstep_network_down", "doorstep_dead_letter_mirror")
    return {
        name
        for name in samples()
        if name.startswith("doorstep_") and not any(part in name for part in counted)
    }


def _overlapping(panels: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """The places of the grid that two panels claim."""
    taken: set[tuple[int, int]] = set()
    twice: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                (twice if (x, y) in taken else taken).add((x, y))
    return twice
